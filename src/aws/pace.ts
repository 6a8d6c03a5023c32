import { type Clock, sleep } from '../clock.ts';
import { isThrottling } from './errors.ts';
import { type ApiBucket, bucketsOf } from './rate-limits.ts';

/**
 * A look at many environments takes all that AWS lets through, and nothing more. Of a bucket's
 * burst, what it gains in so many seconds stays there: AWS fills it up once a second, and requests
 * don't arrive as evenly as they were sent.
 */
const RESERVE_SECONDS = 1;

/** The rest is for others in the account: a deploy that is waiting asks twice in four seconds. */
const SHARE_OF_REFILL = 0.97;

/** Fewer than the sockets of a client, which would complain about requests that wait for one. */
const IN_FLIGHT_MAX = 40;

interface Level {
  tokens: number;
  atMs: number;
}

/**
 * Makes the calls of one account in one Region wait for their turn, first come first served, so that
 * AWS throttles none of them. It believes the buckets to be full at the start; when AWS throttles a
 * call all the same, because somebody else uses them too, it takes them for empty.
 */
export class Pace {
  readonly #clock: Clock;
  readonly #levels = new Map<string, Level>();
  #inFlight = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Does one attempt of a call when its turn has come.
   * @param operation The SDK's names, e.g. `ECS.DescribeServices`.
   */
  async attempt<T>(operation: string, send: () => Promise<T>): Promise<T> {
    const buckets = bucketsOf(operation);
    const waitMs = Math.max(0, ...buckets.map((bucket) => this.#take(bucket)));
    if (waitMs > 0) await sleep(this.#clock, waitMs);
    await this.#enter();
    try {
      return await send();
    } catch (error) {
      if (isThrottling(error)) for (const bucket of buckets) this.#drain(bucket);
      throw error;
    } finally {
      this.#leave();
    }
  }

  /** Takes a token, if need be one that is still to come; returns after how long it is there. */
  #take(bucket: ApiBucket): number {
    const level = this.#levelOf(bucket);
    level.tokens -= 1;
    return level.tokens >= 0 ? 0 : (1000 * -level.tokens) / paceOf(bucket);
  }

  #drain(bucket: ApiBucket): void {
    const level = this.#levelOf(bucket);
    level.tokens = Math.min(level.tokens, 0) - 1;
  }

  #levelOf(bucket: ApiBucket): Level {
    const atMs = this.#clock.monotonicMs();
    const full = bucket.burst - RESERVE_SECONDS * bucket.refillPerSecond;
    const level = this.#levels.get(bucket.name) ?? { tokens: full, atMs };
    const gained = ((atMs - level.atMs) / 1000) * paceOf(bucket);
    level.tokens = Math.min(full, level.tokens + gained);
    level.atMs = atMs;
    this.#levels.set(bucket.name, level);
    return level;
  }

  /** Whoever leaves hands its place on, so that none is taken by a latecomer. */
  async #enter(): Promise<void> {
    if (this.#inFlight < IN_FLIGHT_MAX) {
      this.#inFlight++;
      return;
    }
    await new Promise<void>((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  #leave(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#inFlight--;
  }
}

function paceOf({ refillPerSecond }: ApiBucket): number {
  return SHARE_OF_REFILL * refillPerSecond;
}

interface Context {
  readonly clientName?: string;
  readonly commandName?: string;
}
type Next = (attempt: object) => Promise<unknown>;
interface MiddlewareStack {
  addRelativeTo(
    middleware: (next: Next, context: Context) => Next,
    options: { name: string; relation: 'after'; toMiddleware: string },
  ): void;
}

/** Has every attempt of the client's calls wait for its turn, the SDK's own retries included. */
export function paceCalls(client: { readonly middlewareStack: object }, pace: Pace): void {
  const stack = client.middlewareStack as MiddlewareStack;
  stack.addRelativeTo(
    (next, { clientName = '', commandName = '' }) => {
      const operation = `${clientName.replace(/Client$/, '')}.${commandName.replace(/Command$/, '')}`;
      return (attempt) => pace.attempt(operation, () => next(attempt));
    },
    // Inside the retries, but before the signature: by its turn that might be minutes old.
    { name: 'ecsDeployPace', relation: 'after', toMiddleware: 'retryMiddleware' },
  );
}
