import type { DeployError } from '../../../src/errors.ts';
import { MutationGate } from '../../../src/deploy/mutation-gate.ts';
import type { DeployEvent, Serving } from '../../../src/report/events.ts';
import { Machine } from '../../support/machine.ts';
import type { VirtualClock } from '../../support/virtual-clock.ts';
import type { Act, Fault, RunSpec } from './scenario.ts';

/** One call on its way out of a process. */
export interface OutgoingCall<T = unknown> {
  /** e.g. `ecs.CreateTaskSet`. */
  readonly site: string;
  readonly input: object;
  readonly isChange: boolean;
  /** Whether the lease is asked right before it is sent. */
  readonly isGuarded: boolean;
  /** When the process gives up waiting for an answer. */
  readonly patienceMs: () => number;
  /** What it does to the world; throws what the world answers. */
  effect(): T;
  failure(how: 'timeout' | 'throttled' | 'server-error'): Error;
}

/** Who is told of what a process does to the world. Reads are told to nobody. */
export interface Witness {
  /** Right before a fault-free or faulty call leaves, reads included. */
  onCall(process: DeployerProcess, call: OutgoingCall, nth: number): void;
  onSend(process: DeployerProcess, call: OutgoingCall): void;
  beforeEffect(process: DeployerProcess, call: OutgoingCall, sentMs: number): void;
  afterEffect(process: DeployerProcess, call: OutgoingCall, sentMs: number, failed: unknown): void;
  /** When the process hears that its change has taken effect. */
  onAnswer(process: DeployerProcess, call: OutgoingCall, sentMs: number): void;
  act(process: DeployerProcess, act: Act): void;
}

/** How a process ended. */
export type Ending =
  | { readonly kind: 'done'; readonly serving: Serving }
  | { readonly kind: 'failed'; readonly error: DeployError }
  /** Something that the program does not understand: a bug. */
  | { readonly kind: 'bug'; readonly error: unknown };

/** One process of the deployer: all that it does to the world goes through here. */
export class DeployerProcess {
  /** Counted from 1 within a run of the simulation. */
  readonly number: number;
  readonly spec: RunSpec;
  readonly machine = new Machine();
  readonly gate = new MutationGate();
  readonly interrupt = new AbortController();
  /** The names under which it has held the lock. */
  readonly owners = new Set<string>();
  readonly events: DeployEvent[] = [];
  ending: Ending | undefined;
  startedMs = 0;
  /** The deploy on whose behalf it holds, or held, the lock. */
  deployId = '';
  /** Whether somebody took the lock from it against all rules. */
  wasRobbed = false;
  /** Whether another process ran at the same time. */
  hadCompany = false;
  /** How often it has sent something that changes ECS, ELB or ArtifactDB, or run a command. */
  changes = 0;
  /** How often it has written the lock's item. */
  lockWrites = 0;
  /** Faults that have struck, as they were planned. */
  readonly struck = new Set<Fault>();
  readonly #witness: Witness;
  readonly #clock: VirtualClock;
  readonly #latencyMs: () => number;
  readonly #counts = new Map<string, number>();
  readonly #faults = new Map<string, Fault[]>();

  constructor(
    number: number,
    spec: RunSpec,
    around: { witness: Witness; clock: VirtualClock; latencyMs: () => number },
  ) {
    this.number = number;
    this.spec = spec;
    this.#witness = around.witness;
    this.#clock = around.clock;
    this.#latencyMs = around.latencyMs;
    for (const fault of spec.faults) {
      const key = `${fault.site}#${fault.nth}`;
      const there = this.#faults.get(key);
      if (there) there.push(fault);
      else this.#faults.set(key, [fault]);
    }
  }

  /** Whether nothing of it will happen any more. */
  get isOver(): boolean {
    return this.ending !== undefined || this.machine.hasCrashed;
  }

  /** Makes a call, unless a fault stands in its way. */
  call<T>(call: OutgoingCall<T>): Promise<T> {
    if (this.machine.hasCrashed) return never();
    if (this.machine.isStopped) return this.#onceRunning().then(() => this.call(call));
    const nth = this.#count(call.site);
    this.#witness.onCall(this, call, nth);
    if (this.#faults.size === 0) return this.#send(call);
    const faults = this.#faults.get(`${call.site}#${nth}`);
    return faults ? this.#meet(faults, 0, call) : this.#send(call);
  }

  /** Meets what is planned for the process itself, apart from any call. */
  tick(): void {
    if (this.isOver || this.#faults.size === 0) return;
    const key = `clock#${this.#count('clock')}`;
    for (const fault of this.#faults.get(key) ?? []) {
      this.struck.add(fault);
      const { kind } = fault;
      if (kind.type === 'act') this.#witness.act(this, kind.act);
      else if (kind.type === 'pause-before' || kind.type === 'pause-after') {
        this.#pause(kind.pauseMs);
      } else this.machine.crash();
    }
  }

  #count(site: string): number {
    const nth = (this.#counts.get(site) ?? 0) + 1;
    this.#counts.set(site, nth);
    return nth;
  }

  #meet<T>(faults: readonly Fault[], index: number, call: OutgoingCall<T>): Promise<T> {
    const fault = faults[index];
    if (!fault) return this.#send(call);
    this.struck.add(fault);
    const { kind } = fault;
    switch (kind.type) {
      case 'act':
        this.#witness.act(this, kind.act);
        return this.#meet(faults, index + 1, call);
      case 'crash-before':
        this.machine.crash();
        return never();
      case 'crash-after':
        return this.#guarded(call, () => {
          this.#take(call);
          this.machine.crash();
          return never();
        });
      case 'lost-answer':
        return this.#guarded(call, () => {
          this.#take(call);
          return this.#timeOut(call);
        });
      case 'lost-request':
        return this.#guarded(call, () => this.#timeOut(call));
      case 'late':
        return this.#guarded(call, () => {
          const sentMs = this.#clock.monotonicMs();
          const delayMs = call.patienceMs() + kind.lateMs;
          this.#clock.after(delayMs, () => this.#take(call, sentMs));
          return this.#timeOut(call);
        });
      case 'throttled':
      case 'server-error':
        return this.#guarded(call, () => Promise.reject(call.failure(kind.type)));
      case 'pause-before':
        this.#pause(kind.pauseMs);
        return this.#onceRunning().then(() => this.#send(call));
      case 'pause-after': {
        const answer = this.#send(call);
        answer.catch(() => {}); // Nobody listens before the process goes on.
        this.#pause(kind.pauseMs);
        return this.#onceRunning().then(() => answer);
      }
    }
    throw new Error('Unknown kind of fault.');
  }

  #send<T>(call: OutgoingCall<T>): Promise<T> {
    const latencyMs = this.#latencyMs();
    if (latencyMs > 0) return this.#guarded(call, () => this.#sendFar(call, latencyMs));
    return this.#guarded(call, () => {
      const answer = this.#take(call);
      if (!('value' in answer)) return Promise.reject(answer.error);
      if (call.isChange) this.#witness.onAnswer(this, call, this.#clock.monotonicMs());
      return Promise.resolve(answer.value);
    });
  }

  #sendFar<T>(call: OutgoingCall<T>, latencyMs: number): Promise<T> {
    const sentMs = this.#clock.monotonicMs();
    return new Promise((resolve, reject) => {
      // No promise waits for what happens at the far end.
      this.#clock.quiet.after(latencyMs / 2, () => {
        const answer = this.#take(call, sentMs);
        this.#clock.after(latencyMs / 2, () =>
          this.machine.whenRunning(() => {
            if (!('value' in answer)) {
              reject(answer.error);
              return;
            }
            if (call.isChange) this.#witness.onAnswer(this, call, sentMs);
            resolve(answer.value);
          }),
        );
      });
    });
  }

  /** Asks the lease at the last moment, as the guard in front of the real clients does. */
  async #guarded<T>(call: OutgoingCall, send: () => Promise<T>): Promise<T> {
    if (call.isGuarded) {
      await this.gate.untilCanMutate();
      if (this.machine.hasCrashed) return never();
      if (this.machine.isStopped) await this.#onceRunning();
      this.gate.assertCanMutate();
    }
    if (call.isChange) this.#witness.onSend(this, call);
    return send();
  }

  #take<T>(
    call: OutgoingCall<T>,
    sentMs = this.#clock.monotonicMs(),
  ): { value: T } | { error: Error } {
    if (call.isChange) this.#witness.beforeEffect(this, call, sentMs);
    let answer: { value: T } | { error: Error };
    try {
      answer = { value: call.effect() };
    } catch (error) {
      answer = { error: error as Error };
    }
    if (call.isChange) {
      const failed = 'error' in answer ? answer.error : undefined;
      this.#witness.afterEffect(this, call, sentMs, failed);
    }
    return answer;
  }

  #timeOut<T>(call: OutgoingCall): Promise<T> {
    return new Promise((_, reject) => {
      this.#clock.after(call.patienceMs(), () =>
        this.machine.whenRunning(() => reject(call.failure('timeout'))),
      );
    });
  }

  #pause(pauseMs: number): void {
    this.machine.stop();
    this.#clock.after(pauseMs, () => this.machine.go());
  }

  #onceRunning(): Promise<void> {
    return new Promise((resolve) => {
      this.machine.whenRunning(resolve);
    });
  }
}

/** What a process waits for that has crashed. */
function never<T>(): Promise<T> {
  return new Promise(() => {});
}
