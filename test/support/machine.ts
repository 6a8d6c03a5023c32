import type { Clock } from '../../src/clock.ts';

/**
 * The computer that a deployer runs on. When it crashes, nothing of that deployer goes on: its timers
 * never fire and what it waits for never comes. What it has sent by then is the world's affair.
 */
export class Machine {
  #hasCrashed = false;
  #isStopped = false;
  /** What fell due or arrived while it was stopped: timers first, then answers. */
  #overdueTimers: (() => void)[] = [];
  #overdueAnswers: (() => void)[] = [];

  get hasCrashed(): boolean {
    return this.#hasCrashed;
  }

  get isStopped(): boolean {
    return this.#isStopped;
  }

  /** As if the power had been cut. */
  crash(): void {
    this.#hasCrashed = true;
    this.#overdueTimers = [];
    this.#overdueAnswers = [];
  }

  /** As SIGSTOP: from now on nothing of it runs, though the world and its clocks go on. */
  stop(): void {
    this.#isStopped = true;
  }

  /** As SIGCONT. Node runs the timers that fell due meanwhile before it looks at what has arrived. */
  go(): void {
    if (this.#hasCrashed || !this.#isStopped) return;
    this.#isStopped = false;
    for (const run of this.#overdueTimers.splice(0)) run();
    for (const run of this.#overdueAnswers.splice(0)) run();
  }

  /** Does it as soon as the machine runs; never, if it has crashed by then. */
  whenRunning(act: () => void): void {
    if (this.#hasCrashed) return;
    if (this.#isStopped) this.#overdueAnswers.push(act);
    else act();
  }

  /** A clock whose callbacks stop with the machine. */
  clock(clock: Clock): Clock {
    return {
      monotonicMs: () => clock.monotonicMs(),
      wallMs: () => clock.wallMs(),
      after: (delayMs, callback) => {
        let isCancelled = false;
        const run = () => {
          if (!this.#hasCrashed && !isCancelled) callback();
        };
        const cancel = clock.after(delayMs, () => {
          if (this.#isStopped) this.#overdueTimers.push(run);
          else run();
        });
        return () => {
          isCancelled = true;
          cancel();
        };
      },
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
