/** One API call, as `/_sandbox/calls` shows it. */
export interface CallRecord {
  /** 1, 2, 3, … in the order of arrival. */
  readonly number: number;
  readonly service: string;
  readonly operation: string;
  readonly accountId: string;
  readonly region: string;
  /** The same in all attempts that the SDK makes of one call. */
  readonly invocationId: string | undefined;
  /** 1 for the first attempt of an invocation. */
  readonly attempt: number;
  /** When it arrived: milliseconds since 1970 by the world's clock. */
  readonly atMs: number;
  /** `ok`, an error's code, or `pending` until it is known. What happened, told or not. */
  outcome: string;
  /** What the caller got. */
  answer: 'dropped' | 'garbled' | 'hung' | 'none yet' | 'sent';
  /** The numbers of the fault rules that fired. */
  faults: readonly number[];
}

const CAPACITY = 10_000;

/** The last 10,000 API calls. */
export class CallLog {
  #records: CallRecord[] = [];
  #count = 0;

  /** How many calls there have been, also those that are no longer kept. */
  get count(): number {
    return this.#count;
  }

  begin(call: Omit<CallRecord, 'answer' | 'faults' | 'number' | 'outcome'>): CallRecord {
    const record: CallRecord = {
      ...call,
      number: ++this.#count,
      outcome: 'pending',
      answer: 'none yet',
      faults: [],
    };
    this.#records.push(record);
    // Cut in large steps, so that a busy log does not move 10,000 entries at each call.
    if (this.#records.length >= 2 * CAPACITY) this.#records = this.#records.slice(-CAPACITY);
    return record;
  }

  /** Oldest first. */
  entries(): readonly CallRecord[] {
    return this.#records.slice(-CAPACITY);
  }
}
