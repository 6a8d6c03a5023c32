import { Agent, request as httpRequest } from 'node:http';
import { type Clock, systemClock } from '../../src/clock.ts';

/** Requests in flight at most, unless told otherwise. */
const CONCURRENCY = 200;

/** When a request without an answer counts as failed, in milliseconds. */
const TIMEOUT_MS = 10_000;

export interface TrafficOptions {
  /** The nodes of a load balancer, used in turn, as a client does with the addresses from DNS. */
  readonly urls: readonly string[];
  readonly requestsPerSecond: number;
  /** `/` by default. */
  readonly path?: string;
  /** How many requests may be in flight; further ones wait, and the wait counts as latency. */
  readonly concurrency?: number;
  readonly timeoutMs?: number;
  readonly clock?: Clock;
}

/** What the users of an app have seen. */
export interface TrafficReport {
  readonly total: number;
  /** Every request without a 2xx answer. */
  readonly failed: readonly FailedRequest[];
  /** How many answers of each version came in each second from the start. */
  readonly versions: readonly Readonly<Record<string, number>>[];
  /** In milliseconds, of all requests that got an answer. */
  readonly latencyMs: {
    readonly p50: number;
    readonly p95: number;
    readonly p99: number;
    readonly max: number;
  };
}

interface FailedRequest {
  /** Milliseconds from the start of the traffic to the moment when the request was due. */
  readonly atMs: number;
  readonly url: string;
  /** The answer's status; absent when there was none. */
  readonly status?: number;
  /** What went wrong, e.g. `ECONNRESET`. */
  readonly error?: string;
}

/** Requests that are being made. */
export interface Traffic {
  /** What has been seen so far. */
  report(): TrafficReport;
  /** Makes no more requests and waits for those in flight. */
  stop(): Promise<TrafficReport>;
}

/**
 * Makes requests at a constant rate, whether or not earlier ones have been answered: a stall of the
 * app shows as many slow requests, not as a pause in the test. Connections are kept alive.
 */
export function startTraffic(options: TrafficOptions): Traffic {
  return new SteadyTraffic(options);
}

interface Answer {
  readonly status: number;
  readonly body: string;
}

class SteadyTraffic implements Traffic {
  readonly #options: Required<TrafficOptions>;
  readonly #agent = new Agent({ keepAlive: true });
  readonly #startMs: number;
  readonly #waiting: number[] = [];
  readonly #failed: FailedRequest[] = [];
  readonly #versions: Record<string, number>[] = [];
  readonly #latenciesMs: number[] = [];
  #due = 0;
  #begun = 0;
  #ended = 0;
  #cancelTimer = () => {};
  #onIdle = () => {};

  constructor(options: TrafficOptions) {
    this.#options = {
      path: '/',
      concurrency: CONCURRENCY,
      timeoutMs: TIMEOUT_MS,
      clock: systemClock,
      ...options,
    };
    if (options.urls.length === 0) throw new Error('Traffic needs at least one URL.');
    this.#startMs = this.#options.clock.monotonicMs();
    this.#tick();
  }

  report(): TrafficReport {
    const sorted = [...this.#latenciesMs].sort((a, b) => a - b);
    const at = (share: number) => sorted[Math.ceil(sorted.length * share) - 1] ?? 0;
    return {
      total: this.#ended,
      failed: [...this.#failed],
      // A second without any answer is an empty record, not a hole.
      versions: Array.from(this.#versions, (counts) => ({ ...counts })),
      latencyMs: { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) },
    };
  }

  async stop(): Promise<TrafficReport> {
    this.#cancelTimer();
    this.#waiting.length = 0;
    if (this.#begun > this.#ended) {
      await new Promise<void>((resolve) => {
        this.#onIdle = resolve;
      });
    }
    this.#agent.destroy();
    return this.report();
  }

  get #elapsedMs(): number {
    return this.#options.clock.monotonicMs() - this.#startMs;
  }

  /** Begins what is due by now, also what a late timer has missed. */
  #tick(): void {
    const { clock, requestsPerSecond } = this.#options;
    const intervalMs = 1000 / requestsPerSecond;
    for (; this.#due * intervalMs <= this.#elapsedMs; this.#due += 1) {
      this.#waiting.push(this.#due * intervalMs);
    }
    this.#beginWaiting();
    const nextMs = this.#due * intervalMs - this.#elapsedMs;
    this.#cancelTimer = clock.after(Math.max(0, nextMs), () => this.#tick());
  }

  #beginWaiting(): void {
    while (this.#begun - this.#ended < this.#options.concurrency) {
      const dueMs = this.#waiting.shift();
      if (dueMs === undefined) return;
      const { urls, path } = this.#options;
      const url = `${urls[this.#begun % urls.length] ?? ''}${path}`;
      this.#begun += 1;
      void this.#make(url, dueMs);
    }
  }

  async #make(url: string, dueMs: number): Promise<void> {
    try {
      const { status, body } = await this.#get(url);
      this.#latenciesMs.push(this.#elapsedMs - dueMs);
      if (status >= 200 && status < 300) this.#count(versionOf(body));
      else this.#failed.push({ atMs: dueMs, url, status });
    } catch (error) {
      this.#failed.push({ atMs: dueMs, url, error: nameOf(error) });
    }
    this.#ended += 1;
    this.#beginWaiting();
    if (this.#begun === this.#ended) this.#onIdle();
  }

  #count(version: string): void {
    const second = Math.floor(this.#elapsedMs / 1000);
    while (this.#versions.length <= second) this.#versions.push({});
    const counts = this.#versions[second] ?? {};
    counts[version] = (counts[version] ?? 0) + 1;
  }

  #get(url: string): Promise<Answer> {
    const { clock, timeoutMs } = this.#options;
    return new Promise((resolve, reject) => {
      const request = httpRequest(url, { agent: this.#agent });
      const cancelTimer = clock.after(timeoutMs, () => request.destroy(new Error('timeout')));
      request.on('error', reject);
      request.on('close', cancelTimer);
      request.on('response', (response) => {
        let body = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (body += chunk));
        response.on('error', reject);
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
      });
      request.end();
    });
  }
}

/** `unknown` for an answer that does not tell. */
function versionOf(body: string): string {
  try {
    const { version } = JSON.parse(body) as { version?: unknown };
    return typeof version === 'string' ? version : 'unknown';
  } catch {
    return 'unknown';
  }
}

function nameOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code ?? message;
}
