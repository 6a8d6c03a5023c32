/** Asked at the last moment before a request that changes something leaves this process. */
export interface MutationGuard {
  /**
   * Resolves when a change may begin. Any time may have passed by then.
   * @throws as `assertCanMutate` does, when that will not happen any more.
   */
  untilCanMutate(): Promise<void>;
  /** @throws when the lease no longer allows a change; nothing has been sent then. */
  assertCanMutate(): void;
  /** Milliseconds after which a request that is still under way must be cut off. */
  mutationDeadlineMs(): number;
}

interface Attempt {
  readonly request: object;
}
type Next = (attempt: Attempt) => Promise<unknown>;
interface MiddlewareStack {
  add(
    middleware: (next: Next, context: { readonly commandName?: string }) => Next,
    options: { step: 'deserialize'; priority: 'low'; name: string },
  ): void;
}

interface HandlerOptions {
  abortSignal?: AbortSignal;
  [option: string]: unknown;
}
interface RequestHandler {
  handle(request: object, options?: HandlerOptions): Promise<unknown>;
}

interface GuardedClient {
  readonly config: object;
  readonly middlewareStack: object;
}

/**
 * Puts the guard right in front of the client's request handler. That is later than any check around
 * `client.send()`: fetching credentials, signing, back-off and each of the SDK's own retries have
 * happened by then, and each may have taken longer than the lease had left.
 *
 * Only the client's own calls are guarded: clients that fetch its credentials borrow its handler, and
 * have to work before there is a lease.
 */
export function guardMutations(client: GuardedClient, guard: MutationGuard): void {
  const cutOffs = new WeakMap<object, AbortSignal>();
  const stack = client.middlewareStack as MiddlewareStack;
  stack.add(
    (next, { commandName = '' }) =>
      async (attempt) => {
        if (isRead(commandName)) return next(attempt);
        await asRefusal(() => guard.untilCanMutate());
        await asRefusal(() => guard.assertCanMutate());
        cutOffs.set(attempt.request, abortedAfter(guard.mutationDeadlineMs()));
        return next(attempt);
      },
    // The innermost place: nothing but the handler comes after it.
    { step: 'deserialize', priority: 'low', name: 'ecsDeployMutationGuard' },
  );
  const config = client.config as { requestHandler: RequestHandler };
  config.requestHandler = withCutOffs(config.requestHandler, cutOffs);
}

const refusals = new WeakSet();

/** Whether this is what a guard has thrown: nothing was sent, and AWS has no part in it. */
export function isGuardRefusal(error: unknown): boolean {
  return typeof error === 'object' && error !== null && refusals.has(error);
}

async function asRefusal(ask: () => void | Promise<void>): Promise<void> {
  try {
    await ask();
  } catch (error) {
    if (typeof error === 'object' && error !== null) refusals.add(error);
    throw error;
  }
}

/** A middleware cannot reach the options of the handler, so requests bring their signal along. */
function withCutOffs(inner: RequestHandler, cutOffs: WeakMap<object, AbortSignal>): RequestHandler {
  const outer: RequestHandler = {
    handle(request, options) {
      const cutOff = cutOffs.get(request);
      if (!cutOff) return inner.handle(request, options);
      const abortSignal = options?.abortSignal
        ? AbortSignal.any([options.abortSignal, cutOff])
        : cutOff;
      return inner.handle(request, { ...options, abortSignal });
    },
  };
  // Everything but `handle` (metadata, destroy, configuration) stays the inner handler's own.
  return Object.setPrototypeOf(outer, inner) as RequestHandler;
}

/**
 * Not `AbortSignal.timeout`: within `AbortSignal.any`, Node 20 forgets such a signal at the next
 * garbage collection, and the cut-off never comes. Not called off when an answer begins, for the
 * rest of it may hang as well.
 */
function abortedAfter(delayMs: number): AbortSignal {
  const controller = new AbortController();
  if (delayMs <= 0) controller.abort();
  else setTimeout(() => controller.abort(), delayMs).unref();
  return controller.signal;
}

/** Whatever is not known to be a read counts as a change. */
function isRead(commandName: string): boolean {
  return /^(?:Describe|List|Get|BatchGet)|^(?:Query|Scan)Command$/.test(commandName);
}
