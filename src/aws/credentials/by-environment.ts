import type { CredentialsConfig, KionConfig } from '../../config/config.ts';

/** Where credentials come from, once that is settled. */
export type ChosenCredentials =
  | Exclude<CredentialsConfig, { provider: 'by-environment' | 'kion' }>
  /** Without roles: the only one that there is. */
  | (Omit<KionConfig, 'roles'> & Partial<Pick<KionConfig, 'roles'>>);

/** What people set to say whose credentials to use. What a platform sets by itself is not here. */
const AWS_VARIABLES = ['AWS_ACCESS_KEY_ID', 'AWS_PROFILE'] as const;

/**
 * Where credentials come from when the config doesn't say: from CloudTamer/Kion when its variables
 * are set and no AWS credentials are, as with the tool that this one replaces; else from the SDK's
 * default chain. Whoever might have meant the other is told. See docs/decisions.
 */
export function chooseByEnvironment(
  env: Readonly<Record<string, string | undefined>>,
  note: (message: string) => void,
): ChosenCredentials {
  if (!env['CLOUDTAMER_BASE_URL'] || !env['CLOUDTAMER_USERNAME']) return { provider: 'default' };
  const chosen = AWS_VARIABLES.find((name) => env[name]);
  if (chosen !== undefined) {
    note(`AWS credentials come from ${chosen}, though the CLOUDTAMER variables are set as well.`);
    return { provider: 'default' };
  }
  note('AWS credentials come from CloudTamer/Kion, because CLOUDTAMER_BASE_URL is set.');
  return { provider: 'kion' };
}
