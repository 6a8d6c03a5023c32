import { CallFailedError } from './ports.ts';

/** What the SDK's credential chain throws when it comes to its end, or a login has lapsed. */
const NAMES = new Set(['CredentialsProviderError', 'TokenProviderError']);

/** What AWS answers to credentials that were good once, or never. */
const REFUSED = /ExpiredToken|UnrecognizedClient|InvalidClientToken/;

/** Whether a call was never sent because there was nothing to sign it with. */
export function hasNoCredentials(error: unknown): boolean {
  return error instanceof Error && NAMES.has(error.name);
}

const LOG_IN = 'Log in, or set AWS_PROFILE or the AWS_ACCESS_KEY_ID variables.';

/** What to do about it: where the credentials were to come from may know better. */
function howToLogIn(error: Error): string {
  return 'hint' in error && typeof error.hint === 'string' ? error.hint : LOG_IN;
}

/** What to do when credentials are missing or refused; undefined when that is not the trouble. */
export function loginHint(error: Error): string | undefined {
  if (hasNoCredentials(error)) return howToLogIn(error);
  return error instanceof CallFailedError && REFUSED.test(error.code) ? LOG_IN : undefined;
}
