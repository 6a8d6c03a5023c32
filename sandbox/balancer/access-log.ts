/** How many requests are remembered. */
const CAPACITY = 20_000;

/**
 * One request to a node. What did not come about is absent, e.g. a target when no rule forwards.
 * @see Access logs for your Application Load Balancer, User Guide
 */
export interface AccessLogEntry {
  /** When the request came, in milliseconds since 1970. */
  readonly timeMs: number;
  /** 0 or 1. */
  readonly node: number;
  readonly listenerArn: string;
  readonly method: string;
  /** With its query. */
  readonly path: string;
  /** What the client got; 460 when it left before that. */
  readonly elbStatusCode: number;
  /** From the first byte of the request to the last one of the response. */
  readonly durationMs: number;
  readonly ruleArn?: string;
  readonly targetGroupArn?: string;
  /** `address:port`. */
  readonly target?: string;
  readonly taskArn?: string;
  readonly taskSetId?: string;
  /** As DescribeTargetHealth would have shown it at the moment of routing. */
  readonly targetState?: string;
  /** What the target answered. */
  readonly targetStatusCode?: number;
  /** Why the request failed. */
  readonly errorReason?: string;
}

/** The latest requests to all nodes, oldest first. */
export class AccessLog {
  readonly #capacity: number;
  #entries: AccessLogEntry[] = [];
  readonly #listeners = new Set<(entry: AccessLogEntry) => void>();

  constructor(capacity = CAPACITY) {
    this.#capacity = capacity;
  }

  entries(): readonly AccessLogEntry[] {
    return this.#entries.slice(-this.#capacity);
  }

  /** Hears of every request from now on, when it has ended. Returns what ends it. */
  subscribe(listener: (entry: AccessLogEntry) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  add(entry: AccessLogEntry): void {
    this.#entries.push(entry);
    // Trimmed rarely: dropping one entry per request would move the whole list each time.
    if (this.#entries.length >= 2 * this.#capacity) {
      this.#entries = this.#entries.slice(-this.#capacity);
    }
    for (const listener of this.#listeners) listener(entry);
  }
}
