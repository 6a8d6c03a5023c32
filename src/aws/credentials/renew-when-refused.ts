import type { KeptCredentials } from './kept-credentials.ts';

interface Attempt {
  readonly request: { readonly headers: Readonly<Record<string, string>> };
}
type Middleware<Args> = (
  next: (args: Args) => Promise<unknown>,
) => (args: Args) => Promise<unknown>;
interface MiddlewareStack {
  add(
    middleware: Middleware<Attempt>,
    options: { step: 'deserialize'; priority: 'high'; name: string },
  ): void;
  add(
    middleware: Middleware<object>,
    options: { step: 'initialize'; priority: 'high'; name: string },
  ): void;
}

/**
 * Lets a client do a call again, once, with new credentials when AWS says that those it was signed
 * with have expired. AWS has done nothing then; the SDK by itself takes it for final.
 *
 * A write of the lock is not done again here, because it makes only one attempt; but the credentials
 * are renewed for the next one.
 */
export function renewWhenRefused(
  client: { readonly middlewareStack: object },
  credentials: KeptCredentials,
): void {
  const stack = client.middlewareStack as MiddlewareStack;
  stack.add(
    (next) => async (attempt) => {
      try {
        return await next(attempt);
      } catch (error) {
        if (hasExpired(error)) credentials.refused(accessKeyIdOf(attempt.request.headers));
        throw error;
      }
    },
    // Where each attempt is seen signed, and its answer parsed.
    { step: 'deserialize', priority: 'high', name: 'ecsDeployForgetRefused' },
  );
  stack.add(
    (next) => async (args) => {
      try {
        return await next(args);
      } catch (error) {
        if (!hasExpired(error)) throw error;
        return next(args);
      }
    },
    // Credentials are chosen once a call, in the step after this one.
    { step: 'initialize', priority: 'high', name: 'ecsDeployRenewRefused' },
  );
}

/** The name differs between AWS's protocols. */
function hasExpired(error: unknown): boolean {
  return /^ExpiredToken(?:Exception)?$/.test(String((error as Partial<Error> | undefined)?.name));
}

function accessKeyIdOf(headers: Attempt['request']['headers']): string {
  return /Credential=([^/]+)\//.exec(headers['authorization'] ?? '')?.[1] ?? '';
}
