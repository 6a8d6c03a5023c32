import type { Clock } from '../../../src/clock.ts';

/** A clock that knows how many callers wait for it: in a sandbox without services, delayed calls. */
export class ParkingClock implements Clock {
  readonly #clock: Clock;
  #waiting = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get waiting(): number {
    return this.#waiting;
  }

  monotonicMs(): number {
    return this.#clock.monotonicMs();
  }

  wallMs(): number {
    return this.#clock.wallMs();
  }

  after(delayMs: number, callback: () => void): () => void {
    let isWaiting = true;
    this.#waiting++;
    const end = () => {
      if (isWaiting) this.#waiting--;
      isWaiting = false;
    };
    const cancel = this.#clock.after(delayMs, () => {
      end();
      callback();
    });
    return () => {
      end();
      cancel();
    };
  }
}
