import type { Clock } from '../../src/clock.ts';

/**
 * The computer that a deployer runs on. When it crashes, nothing of that deployer goes on: its timers
 * never fire and what it waits for never comes. What it has sent by then is the world's affair.
 */
export class Machine {
  #hasCrashed = false;

  /** As if the power had been cut. */
  crash(): void {
    this.#hasCrashed = true;
  }

  /** A clock whose callbacks stop with the machine. */
  clock(clock: Clock): Clock {
    return {
      monotonicMs: () => clock.monotonicMs(),
      wallMs: () => clock.wallMs(),
      after: (delayMs, callback) =>
        clock.after(delayMs, () => {
          if (!this.#hasCrashed) callback();
        }),
    };
  }

  /** An object all of whose methods answer only as long as the machine runs. */
  attached<T extends object>(tool: T): T {
    return new Proxy(tool, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name, target);
        if (typeof member !== 'function') return member;
        return (...args: unknown[]) => {
          if (this.#hasCrashed) return new Promise(() => {});
          const result: unknown = Reflect.apply(member, target, args);
          return result instanceof Promise ? this.#whileRunning(result) : result;
        };
      },
    });
  }

  #whileRunning(work: Promise<unknown>): Promise<unknown> {
    return new Promise((resolve, reject) => {
      work.then(
        (value) => {
          if (!this.#hasCrashed) resolve(value);
        },
        (error: unknown) => {
          if (!this.#hasCrashed) reject(error);
        },
      );
    });
  }
}
