/**
 * Credentials could not be had, so that nothing was sent to AWS. It has the name that the SDK's own
 * chain gives to this, and is treated alike everywhere. No message holds a secret.
 */
export class CredentialsError extends Error {
  /** What to do next. */
  readonly hint: string;

  constructor(message: string, options: { hint: string; cause?: unknown }) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'CredentialsProviderError';
    this.hint = options.hint;
  }
}
