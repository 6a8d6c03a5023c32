import type { AwsCredentialIdentity, AwsCredentialIdentityProvider } from '@smithy/types';
import type { Clock } from '../../clock.ts';
import type { AssumeRoleConfig, CredentialsConfig } from '../../config/config.ts';
import type { Redactor } from '../../report/redactor.ts';
import { chooseByEnvironment, type ChosenCredentials } from './by-environment.ts';
import { type KeptCredentials, keepCredentials } from './kept-credentials.ts';

/** The account that credentials are for. */
export interface Account {
  readonly accountId: string;
  readonly region: string;
}

/** What credentials are got with. */
export interface CredentialTools {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  /** Is told of every secret before it is used, and masks them in what servers say. */
  readonly redactor: Redactor;
  /** Told what people should know, such as where the credentials come from. */
  readonly note: (message: string) => void;
  /** Puts the account into the configured template. */
  readonly renderRoleArn: (template: string, account: Account) => string | Promise<string>;
}

/**
 * The credentials for an account. Undefined: those of the SDK's default chain (environment, profile,
 * container or instance).
 * @throws {ConfigError} when the environment lacks what the provider needs; nothing was sent then.
 */
export type CredentialsFor = (
  account: Account,
) => Promise<AwsCredentialIdentityProvider | undefined>;

const MINUTE_MS = 60_000;

/** STS's answer takes moments; a machine may be held up, or the clocks run apart, for longer. */
const REFRESH_BEFORE_END_MS = 5 * MINUTE_MS;

/**
 * Kion doesn't say for how long its credentials are good. New ones are fetched early; the old ones
 * serve meanwhile, but no longer than the longest session of a role that a role has assumed.
 */
const KION_REFRESH_AFTER_MS = 30 * MINUTE_MS;
const KION_EXPIRE_AFTER_MS = 60 * MINUTE_MS;

/** Makes what gets the credentials that the config asks for. It is to be shared by all accounts. */
export function credentialsBy(config: CredentialsConfig, tools: CredentialTools): CredentialsFor {
  const chosen =
    config.provider === 'by-environment' ? chooseByEnvironment(tools.env, tools.note) : config;
  if (chosen.provider === 'kion') return fromKion(chosen, tools);
  return chosen.provider === 'assume-role'
    ? fromRoles(chosen, tools)
    : fromDefaultChain(chosen.profile, tools);
}

function fromDefaultChain(profile: string | undefined, tools: CredentialTools): CredentialsFor {
  return async ({ region }) => {
    if (profile === undefined) return undefined;
    const { profileCredentials } = await import('./profile.ts');
    return profileCredentials(profile, region, learner(tools));
  };
}

function fromRoles(config: AssumeRoleConfig, tools: CredentialTools): CredentialsFor {
  const source = fromDefaultChain(config.profile, tools);
  const { roleArnTemplate, provider: _provider, profile: _profile, ...session } = config;
  return keptBy(
    async (account) => `${await tools.renderRoleArn(roleArnTemplate, account)} ${account.region}`,
    async (account) => {
      const { assumeRole, DEFAULT_DURATION_SECONDS } = await import('./assume-role.ts');
      const roleArn = await tools.renderRoleArn(roleArnTemplate, account);
      const provider = await source(account);
      const expireAfterMs = 1000 * (config.durationSeconds ?? DEFAULT_DURATION_SECONDS);
      return keepCredentials({
        fetch: () =>
          assumeRole({
            ...session,
            roleArn,
            region: account.region,
            ...(provider === undefined ? {} : { source: provider }),
          }),
        refreshAfterMs: expireAfterMs - REFRESH_BEFORE_END_MS,
        expireAfterMs,
        ...keeping(tools),
      });
    },
  );
}

function fromKion(
  config: Extract<ChosenCredentials, { provider: 'kion' }>,
  tools: CredentialTools,
): CredentialsFor {
  const kion = Promise.all([import('./kion/kion.ts'), import('./kion/settings.ts')]).then(
    ([{ Kion }, { kionSettings }]) => new Kion(kionSettings(config, tools.env), tools),
  );
  kion.catch(() => {}); // Told to those who ask for credentials.
  return keptBy(
    async ({ accountId }) => accountId,
    async ({ accountId }) => {
      const client = await kion;
      return keepCredentials({
        fetch: () => client.credentialsFor(accountId),
        refreshAfterMs: KION_REFRESH_AFTER_MS,
        expireAfterMs: KION_EXPIRE_AFTER_MS,
        ...keeping(tools),
      });
    },
  );
}

/** One keeper for all clients of an account. */
function keptBy(
  keyOf: (account: Account) => Promise<string>,
  make: (account: Account) => Promise<KeptCredentials>,
): CredentialsFor {
  const keepers = new Map<string, Promise<KeptCredentials>>();
  return async (account) => {
    const key = await keyOf(account);
    const keeper = keepers.get(key) ?? make(account);
    keepers.set(key, keeper);
    return keeper;
  };
}

function keeping(tools: CredentialTools) {
  return {
    clock: tools.clock,
    learn: learner(tools),
    onRefreshFailed: (error: unknown) => {
      const why = error instanceof Error ? error.message : String(error);
      tools.note(`New AWS credentials could not be had; the old ones are still used. ${why}`);
    },
  };
}

/** Has the secrets of credentials masked from now on. */
function learner({ redactor }: CredentialTools) {
  return ({ secretAccessKey, sessionToken }: AwsCredentialIdentity) => {
    redactor.add(secretAccessKey, ...(sessionToken === undefined ? [] : [sessionToken]));
  };
}
