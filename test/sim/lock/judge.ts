import { ATTRIBUTE } from '../../../src/lock/item.ts';
import { type Machine, text } from '../../support/lock-world.ts';
import type { MemoryLockStore, StoreCall, StoreFault } from '../../support/memory-lock-store.ts';
import type { VirtualClock } from '../../support/virtual-clock.ts';
import { type Counts, noCounts } from './counts.ts';
import { describe, RecordHistory } from './record-history.ts';

/** Someone who may believe to have the right to change things. */
export interface Guard {
  readonly name: string;
  readonly machine: Machine;
  /** Whether it would go ahead now, if it ran. */
  passes(): boolean;
  /** Never again. */
  isOver(): boolean;
}

/** Far more than any schedule has: a timer fires for ever. */
const MAX_EVENTS = 20_000;

/**
 * Watches the record, all guards and what our processes were told, and writes down what must not be.
 */
export class Judge {
  readonly violations: string[] = [];
  readonly log: string[] = [];
  readonly counts: Counts = noCounts();
  readonly history: RecordHistory;
  readonly #clock: VirtualClock;
  readonly #store: MemoryLockStore;
  readonly #isLogged: boolean;
  readonly #pairs = new Set<string>();
  #guards: Guard[] = [];

  constructor(clock: VirtualClock, store: MemoryLockStore, isLogged: boolean) {
    this.#clock = clock;
    this.#store = store;
    this.#isLogged = isLogged;
    this.history = new RecordHistory(clock, this);
    store.onChange = (change) => {
      const place = this.history.placeOf(change.call);
      this.note(() => `  #${place} writes ${describe(change.current)}`);
      this.history.changed(change);
    };
    clock.afterEvent = () => this.#checkGuards();
  }

  note(line: () => string): void {
    if (this.#isLogged) this.log.push(`${this.#clock.monotonicMs().toFixed(1)} ${line()}`);
  }

  count(what: keyof Counts): void {
    this.counts[what]++;
  }

  watch(guard: Guard): void {
    this.#guards.push(guard);
  }

  sent(call: StoreCall, fault: StoreFault): void {
    const place = this.history.sent(call);
    if (fault.kind === 'late' && fault.isAnswerLost) this.count('answersLost');
    if (fault.kind === 'late' && fault.arrivesMs > 2_000) this.count('late');
    this.note(() => `  sent #${place} ${call.operation} ${JSON.stringify(fault)}`);
  }

  violated(what: string): void {
    this.note(() => `VIOLATION ${what}`);
    this.violations.push(`${this.#clock.monotonicMs().toFixed(1)} ${what}`);
  }

  /** Somebody of ours was told that it is the owner, and what was there before. */
  acquired(owner: string, previous: Uint8Array | undefined): void {
    this.note(() => `${owner} has acquired`);
    const record = this.history.owners.get(owner);
    if (!record) this.violated(`${owner} was told that it is the owner, and never was`);
    const before = record?.over?.[ATTRIBUTE.data]?.B;
    if (previous && text(previous) !== text(before)) {
      this.violated(`${owner} was told of "${text(previous)}", but replaced "${text(before)}"`);
    }
  }

  /** Somebody of ours was told that its data are written. */
  confirmed(owner: string, data: string): void {
    this.count('confirmed');
    if (!this.history.owners.get(owner)?.data.has(data))
      this.violated(`"${data}" was never written`);
  }

  /** Somebody of ours was told that it has given the lock up. */
  ended(owner: string, how: 'released' | 'yielded'): void {
    this.count(how);
    this.note(() => `${owner} has ${how}`);
    if (this.history.owners.get(owner)?.end !== how) this.violated(`${owner} was never ${how}`);
  }

  /** Somebody of ours was told that it has not given the lock up, and that it no longer can. */
  notEnded(owner: string): void {
    const record = this.history.owners.get(owner);
    if (record) record.mustNotEnd = true;
    if (record?.end) this.violated(`${owner} has given up, and was told not`);
  }

  /** Somebody of ours was told that the lock is another's. */
  taken(owner: string): void {
    this.count('lostByTaking');
    this.note(() => `${owner} has lost`);
    if (!this.history.owners.get(owner)?.hasEnded)
      this.violated(`${owner} was told that it has lost`);
  }

  /** Somebody of ours was told that it holds nothing: neither did it acquire, nor will it. */
  withoutLock(label: string): void {
    const owner = this.#store.history.at(-1)?.[ATTRIBUTE.owner]?.S;
    if (owner?.startsWith(`${label}-`) && !this.history.owners.get(owner)?.hasEnded) {
      this.violated(`${owner} holds the lock, and was told that it does not`);
    }
  }

  /** Says it once, however long it lasts. */
  #together(names: string): void {
    if (this.#pairs.has(names)) return;
    this.#pairs.add(names);
    this.violated(`${names} both pass the guard`);
  }

  #checkGuards(): void {
    if (this.#clock.events > MAX_EVENTS) throw new Error('A timer fires for ever.');
    let passing: Guard | undefined;
    for (const guard of this.#guards) {
      if (!guard.machine.isRunning || !guard.passes()) continue;
      if (passing) this.#together(`${passing.name} and ${guard.name}`);
      passing = guard;
    }
    if (this.#guards.length > 6) this.#guards = this.#guards.filter((guard) => !guard.isOver());
  }
}
