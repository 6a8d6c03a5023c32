/** What the SDK's credential chain throws when it comes to its end, or a login has lapsed. */
const NAMES = new Set(['CredentialsProviderError', 'TokenProviderError']);

/** Whether a call was never sent because there was nothing to sign it with. */
export function hasNoCredentials(error: unknown): boolean {
  return error instanceof Error && NAMES.has(error.name);
}

export const LOG_IN = 'Log in, or set AWS_PROFILE or the AWS_ACCESS_KEY_ID variables.';

/** What to do about it: where the credentials were to come from may know better. */
export function howToLogIn(error: Error): string {
  return 'hint' in error && typeof error.hint === 'string' ? error.hint : LOG_IN;
}
