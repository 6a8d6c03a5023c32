/** One attempt of one AWS call, as the post-mortem log keeps it. Never holds inputs or outputs. */
export interface LoggedCall {
  readonly service: string;
  readonly operation: string;
  /** 1 for the first attempt. */
  readonly attempt: number;
  readonly durationMs: number;
  readonly requestId?: string;
  readonly httpStatus?: number;
  /** The error's name, e.g. `ThrottlingException`. */
  readonly error?: string;
}

export type CallLog = (call: LoggedCall) => void;

interface Context {
  readonly clientName?: string;
  readonly commandName?: string;
}
interface Attempt {
  readonly request: { readonly headers: Record<string, string> };
}
interface Metadata {
  readonly requestId?: string;
  readonly httpStatusCode?: number;
}
type Next = (attempt: Attempt) => Promise<{ output?: { $metadata?: Metadata } }>;
interface MiddlewareStack {
  add(
    middleware: (next: Next, context: Context) => Next,
    options: { step: 'deserialize'; priority: 'high'; name: string },
  ): void;
}

/** Tells `log` of every attempt that the client makes, the SDK's own retries included. */
export function watchCalls(client: { middlewareStack: object }, log: CallLog): void {
  const stack = client.middlewareStack as MiddlewareStack;
  stack.add(
    (next, context) => async (attempt) => {
      const startedMs = performance.now();
      const tell = (metadata: Metadata | undefined, error?: unknown) => {
        log({
          service: context.clientName?.replace(/Client$/, '') ?? 'unknown',
          operation: context.commandName?.replace(/Command$/, '') ?? 'unknown',
          attempt: attemptOf(attempt.request.headers),
          durationMs: Math.round(performance.now() - startedMs),
          ...(metadata?.requestId === undefined ? {} : { requestId: metadata.requestId }),
          ...(metadata?.httpStatusCode === undefined
            ? {}
            : { httpStatus: metadata.httpStatusCode }),
          ...(error === undefined ? {} : { error: nameOf(error) }),
        });
      };
      try {
        const result = await next(attempt);
        tell(result.output?.$metadata);
        return result;
      } catch (error) {
        tell((error as { $metadata?: Metadata } | undefined)?.$metadata, error);
        throw error;
      }
    },
    // The outermost place inside the retry loop: sees each attempt, after its answer was parsed.
    { step: 'deserialize', priority: 'high', name: 'ecsDeployCallLog' },
  );
}

/** Not by `instanceof`: what Node's own modules throw may be an `Error` of another realm. */
function nameOf(error: unknown): string {
  const { name } = (error ?? {}) as { readonly name?: unknown };
  return typeof name === 'string' ? name : 'unknown';
}

/** The SDK says `attempt=2; max=3` in a header. */
function attemptOf(headers: Record<string, string>): number {
  const match = /attempt=(\d+)/.exec(headers['amz-sdk-request'] ?? '');
  return match ? Number(match[1]) : 1;
}
