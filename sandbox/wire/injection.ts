import { type Clock, sleep } from '../../src/clock.ts';
import { ApiError } from '../world/operation.ts';
import type { Settings } from '../world/settings.ts';
import type { CallRecord } from './call-log.ts';
import type { Fault } from './fault-rules.ts';
import { textResponse, type WireAnswer, type WireResponse } from './message.ts';
import type { WireService } from './services.ts';

/** A fault that takes the place of what the call would have done. */
export type Refusal = Extract<Fault, { kind: 'reject' | 'throttle' }>;

/** Makes calls go wrong. */
export class Injection {
  readonly #clock: Clock;
  readonly #hanging = new Set<(answer: WireAnswer) => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Does a call with everything that is to go wrong with it: first the delays before it, then the
   * call (or the first fault that comes instead of it), then the delays after it, then the first
   * fault that spoils the answer. Notes in `record` what the caller got.
   *
   * @param act Does the call, or refuses it.
   */
  async around(
    faults: readonly Fault[],
    record: CallRecord,
    act: (refusal: Refusal | undefined) => Promise<WireResponse>,
  ): Promise<WireAnswer> {
    await this.#delay(faults, 'before');
    const instead = faults.find(standsInstead);
    if (instead && !isRefusal(instead)) {
      record.outcome = 'not done';
      return this.#spoil(instead, record);
    }
    const response = await act(instead);
    await this.#delay(faults, 'after');
    const spoiling = faults.find(spoils);
    if (spoiling) return this.#spoil(spoiling, record);
    record.answer = 'sent';
    return response;
  }

  /** Cuts the connection of every call that hangs. */
  close(): void {
    for (const release of this.#hanging) release('drop');
    this.#hanging.clear();
  }

  async #delay(faults: readonly Fault[], when: 'after' | 'before'): Promise<void> {
    for (const fault of faults) {
      if (fault.kind === 'delay' && fault.when === when) await sleep(this.#clock, fault.ms);
    }
  }

  #spoil(fault: Fault, record: CallRecord): Promise<WireAnswer> | WireAnswer {
    if (fault.kind === 'garble') {
      record.answer = 'garbled';
      // Without a content type: nothing says what a proxy on the way makes of a response.
      const { headers, ...response } = textResponse(fault.status ?? 200, '', fault.body);
      return { ...response, headers: { 'content-length': headers['content-length'] ?? '0' } };
    }
    if (fault.kind === 'hang') {
      record.answer = 'hung';
      return new Promise((resolve) => {
        this.#hanging.add(resolve);
      });
    }
    record.answer = 'dropped';
    return 'drop';
  }
}

/** The error that a refusal answers with. */
export function refusalError(refusal: Refusal, service: WireService, settings: Settings): ApiError {
  if (refusal.kind === 'throttle') return service.throttled(settings);
  return new ApiError(refusal.code, refusal.message ?? `The sandbox was told to answer this.`, {
    httpStatus: refusal.status ?? 400,
  });
}

function isRefusal(fault: Fault): fault is Refusal {
  return fault.kind === 'reject' || fault.kind === 'throttle';
}

function standsInstead(fault: Fault): boolean {
  return (
    isRefusal(fault) ||
    (fault.kind === 'hang' && fault.when !== 'after') ||
    (fault.kind === 'garble' && fault.when === 'before')
  );
}

function spoils(fault: Fault): boolean {
  return (
    fault.kind === 'drop' ||
    (fault.kind === 'hang' && fault.when === 'after') ||
    (fault.kind === 'garble' && fault.when !== 'before')
  );
}
