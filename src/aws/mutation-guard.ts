/** Asked at the last moment before a request that changes something leaves this process. */
export interface MutationGuard {
  /** @throws when the lease no longer allows a change; nothing has been sent then. */
  assertCanMutate(): void;
  /** Milliseconds after which a request that is still under way must be cut off. */
  mutationDeadlineMs(): number;
}

interface Request {
  readonly headers: Record<string, string>;
  readonly body?: unknown;
}
interface HandlerOptions {
  abortSignal?: AbortSignal;
  [option: string]: unknown;
}
interface RequestHandler {
  handle(request: Request, options?: HandlerOptions): Promise<unknown>;
}

/**
 * Puts the guard in front of the client's request handler. That is later than any check around
 * `client.send()`: fetching credentials, signing, back-off and each of the SDK's own retries have
 * happened by then, and each may have taken longer than the lease had left.
 */
export function guardMutations(client: { config: object }, guard: MutationGuard): void {
  const config = client.config as { requestHandler: RequestHandler };
  const inner = config.requestHandler;
  const guarded: RequestHandler = {
    handle(request, options) {
      if (isRead(operationOf(request))) return inner.handle(request, options);
      guard.assertCanMutate();
      const cutOff = AbortSignal.timeout(guard.mutationDeadlineMs());
      const abortSignal = options?.abortSignal
        ? AbortSignal.any([options.abortSignal, cutOff])
        : cutOff;
      return inner.handle(request, { ...options, abortSignal });
    },
  };
  // Everything but `handle` (metadata, destroy, configuration) stays the inner handler's own.
  config.requestHandler = Object.setPrototypeOf(guarded, inner) as RequestHandler;
}

/** The operation's name: in a header for the JSON protocols, in the form for the Query protocol. */
function operationOf(request: Request): string {
  const target = Object.entries(request.headers).find(
    ([name]) => name.toLowerCase() === 'x-amz-target',
  );
  if (target) return target[1].slice(target[1].lastIndexOf('.') + 1);
  const body = typeof request.body === 'string' ? request.body : '';
  return new URLSearchParams(body).get('Action') ?? '';
}

/** Whatever is not known to be a read counts as a change. */
function isRead(operation: string): boolean {
  return /^(Describe|List|Get|BatchGet|Query$|Scan$)/.test(operation);
}
