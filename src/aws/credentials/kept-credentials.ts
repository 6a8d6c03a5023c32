import type { AwsCredentialIdentity, AwsCredentialIdentityProvider } from '@smithy/types';
import type { Clock } from '../../clock.ts';

/** Credentials that several clients share. */
export type KeptCredentials = AwsCredentialIdentityProvider & {
  /** To be told when AWS says that these have expired: the next request gets new ones. */
  readonly refused: (accessKeyId: string) => void;
};

export interface KeepOptions {
  readonly fetch: () => Promise<AwsCredentialIdentity>;
  /** From this age on, new ones are fetched while these are still used. */
  readonly refreshAfterMs: number;
  /** From this age on, these are not used any more. */
  readonly expireAfterMs: number;
  readonly clock: Clock;
  /** Told of credentials before anybody gets them. */
  readonly learn: (identity: AwsCredentialIdentity) => void;
  /** Told when a refresh has failed while the credentials at hand are still good. */
  readonly onRefreshFailed: (error: unknown) => void;
}

/** Between a refresh that failed and the next one. */
const REFRESH_AGAIN_AFTER_MS = 60_000;

interface Kept {
  readonly identity: AwsCredentialIdentity;
  readonly fetchedMs: number;
}

/**
 * Fetches credentials at their first use and anew as they grow old, once for all who ask meanwhile.
 *
 * A request waits for a fetch only when there is nothing good at hand: the lock's heartbeat would be
 * late otherwise. Age is measured by the monotonic clock, for the machine's idea of the time may be
 * hours off AWS's; what expires earlier than expected is told by `refused`.
 */
export function keepCredentials(options: KeepOptions): KeptCredentials {
  const { clock } = options;
  let kept: Kept | undefined;
  let fetching: Promise<Kept> | undefined;
  let refreshNotBeforeMs = 0;

  const fetchOnce = () => {
    fetching ??= fetchAnew().finally(() => {
      fetching = undefined;
    });
    return fetching;
  };
  const fetchAnew = async (): Promise<Kept> => {
    // From before the request: AWS's count begins somewhere between it and the answer.
    const fetchedMs = clock.monotonicMs();
    const identity = await options.fetch();
    options.learn(identity);
    kept = { identity, fetchedMs };
    return kept;
  };
  const refresh = (nowMs: number) => {
    if (fetching || nowMs < refreshNotBeforeMs) return;
    fetchOnce().catch((error: unknown) => {
      refreshNotBeforeMs = clock.monotonicMs() + REFRESH_AGAIN_AFTER_MS;
      options.onRefreshFailed(error);
    });
  };

  const provide = async (): Promise<AwsCredentialIdentity> => {
    const nowMs = clock.monotonicMs();
    const ageMs = kept ? nowMs - kept.fetchedMs : Infinity;
    if (!kept || ageMs >= options.expireAfterMs) return forSdk((await fetchOnce()).identity);
    if (ageMs >= options.refreshAfterMs) refresh(nowMs);
    return forSdk(kept.identity);
  };
  const refused = (accessKeyId: string) => {
    // Of several requests that were under way, the later ones must not discard the new credentials.
    if (kept?.identity.accessKeyId === accessKeyId) kept = undefined;
  };
  return Object.assign(provide, { refused });
}

/**
 * The SDK keeps credentials too, by the machine's time. To it these are always about to expire, so
 * that it asks for each request.
 */
function forSdk({ accessKeyId, secretAccessKey, sessionToken }: AwsCredentialIdentity) {
  return {
    accessKeyId,
    secretAccessKey,
    ...(sessionToken === undefined ? {} : { sessionToken }),
    expiration: new Date(0),
  };
}
