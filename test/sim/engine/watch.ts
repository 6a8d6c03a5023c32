import { ATTRIBUTE } from '../../../src/lock/item.ts';
import type { VirtualClock } from '../../support/virtual-clock.ts';
import { type Checker, type Effect, isAwsChange } from '../invariants/checker.ts';
import { makeCheckers, textOf } from '../invariants/index.ts';
import { DEEDS } from './acts.ts';
import { Facts } from './facts.ts';
import type { DeployerProcess, OutgoingCall, Witness } from './process.ts';
import type { Act } from './scenario.ts';
import type { SimWorld } from './sim-world.ts';
import type { Artifacts, LockItem } from './stores.ts';

/** What was found to be wrong, and when. */
export interface Violation {
  readonly invariant: number;
  readonly text: string;
  readonly atMs: number;
}

/** One call as a process has made it, for those who plan faults. */
export interface TracedCall {
  readonly process: number;
  readonly site: string;
  readonly nth: number;
  readonly isChange: boolean;
  /** Equal for calls between which the world shows no difference. */
  readonly moment: string;
}

export interface WatchOptions {
  readonly clock: VirtualClock;
  readonly world: SimWorld;
  readonly lock: LockItem;
  readonly artifacts: Artifacts;
  readonly latencyMs: number;
  readonly isLogged: boolean;
  /** Whether every call is kept, for those who plan faults. */
  readonly isTraced: boolean;
}

/** Stands beside the processes: checks the invariants, keeps the log, and acts for third parties. */
export class Watch implements Witness {
  violation: Violation | undefined;
  readonly log: string[] = [];
  readonly trace: TracedCall[] = [];
  readonly facts: Facts;
  readonly #options: WatchOptions;
  readonly #checkers: readonly Checker[];
  readonly #live = new Set<DeployerProcess>();
  #isDirty = true;
  #effects = 0;

  constructor(options: WatchOptions) {
    this.#options = options;
    this.facts = new Facts(options);
    this.#checkers = makeCheckers({
      facts: this.facts,
      fail: (invariant, text) => this.fail(invariant, text),
    });
    options.world.world.subscribe((event) => {
      this.#isDirty = true;
      if (options.isLogged && event.type !== 'service.event') this.#say(JSON.stringify(event));
    });
  }

  fail(invariant: number, text: string): void {
    this.violation ??= {
      invariant,
      text: `${textOf(invariant)} Here: ${text}.`,
      atMs: this.facts.clock.monotonicMs(),
    };
    this.#say(`INVARIANT ${invariant}: ${text}`);
  }

  onCommand(process: DeployerProcess, command: string, deployId: string): void {
    if (this.#options.isLogged)
      this.#say(`  ${command} runs for ${deployId} (process ${process.number})`);
  }

  onCall(process: DeployerProcess, { site, isChange }: OutgoingCall, nth: number): void {
    if (this.#options.isLogged) this.#say(`${process.number}/${site}#${nth}`);
    if (!this.#options.isTraced) return;
    const moment = `${this.facts.clock.events} ${this.#effects}`;
    this.trace.push({ process: process.number, site, nth, isChange, moment });
  }

  onSend(process: DeployerProcess, call: OutgoingCall): void {
    if (isAwsChange(call) || !call.site.startsWith('lock.')) process.changes++;
    const effect = this.#effectOf(process, call, this.facts.clock.monotonicMs());
    for (const checker of this.#checkers) checker.sent?.(effect);
  }

  beforeEffect(process: DeployerProcess, call: OutgoingCall, sentMs: number): void {
    this.#effects++;
    const effect = this.#effectOf(process, call, sentMs);
    for (const checker of this.#checkers) checker.before?.(effect);
  }

  afterEffect(process: DeployerProcess, call: OutgoingCall, sentMs: number, failed: unknown): void {
    if (failed instanceof Error) this.#say(`  refused: ${failed.message}`);
    if (call.site === 'lock.update' && failed === undefined) this.#noteOwner(process, call);
    const effect = this.#effectOf(process, call, sentMs);
    for (const checker of this.#checkers) checker.after?.(effect, failed);
    if (isAwsChange(call)) this.#isDirty = true;
    this.#checkState();
  }

  onAnswer(process: DeployerProcess, call: OutgoingCall, sentMs: number): void {
    const effect = this.#effectOf(process, call, sentMs);
    for (const checker of this.#checkers) checker.answered?.(effect);
  }

  afterEvent(): void {
    this.#checkState();
  }

  onStart(process: DeployerProcess): void {
    this.#say(`process ${process.number} starts: ${process.spec.mode}`);
    for (const each of this.#live) if (each.isOver) this.#live.delete(each);
    if (this.#live.size > 0) for (const each of [process, ...this.#live]) each.hadCompany = true;
    this.#live.add(process);
    for (const checker of this.#checkers) checker.started?.(process);
  }

  onEnd(process: DeployerProcess): void {
    const { ending } = process;
    this.#live.delete(process);
    this.#say(
      `process ${process.number} ends: ${ending?.kind}${ending?.kind === 'failed' || ending?.kind === 'bug' ? `: ${String(ending.error)}` : ''}`,
    );
    for (const checker of this.#checkers) checker.ended?.(process);
  }

  /** Time goes on for ever, and these never end. */
  onStuck(processes: readonly DeployerProcess[]): void {
    const stuck = processes.filter((process) => !process.isOver).map(({ number }) => number);
    this.fail(27, `process ${stuck.join(', ')} waits for ever`);
  }

  atEnd(): void {
    for (const checker of this.#checkers) checker.finished?.();
  }

  /** @see DEEDS */
  act(process: DeployerProcess, act: Act): void {
    this.#say(`! ${act} (process ${process.number})`);
    const { facts } = this;
    // Lets the promises go on that it settles, wherever between two timers it happens.
    facts.clock.after(0, () => {});
    const { excuses, isLasting } = DEEDS[act];
    facts.excuses.add(excuses, isLasting ? Infinity : facts.clock.monotonicMs());
    DEEDS[act].do({ facts, process, live: this.#live });
    const { checkpoint } = facts;
    const deployId = checkpoint?.X?.DeployID ?? '';
    if (facts.lineages.has(deployId) && checkpoint?.NewActiveColor === '') {
      facts.noteLineage(deployId, { isAnew: true });
    }
    this.#isDirty = true;
  }

  #effectOf(process: DeployerProcess, { site, input }: OutgoingCall, sentMs: number): Effect {
    return {
      process,
      site,
      input: input as Effect['input'],
      sentMs,
      deployId: process.deployId,
    };
  }

  /** Whose lock it is by now, and on whose behalf. */
  #noteOwner(process: DeployerProcess, call: OutgoingCall): void {
    const set = (call.input as { set: Record<string, { S?: string }> }).set;
    const { current } = this.facts.lock;
    const version = set[ATTRIBUTE.recordVersionNumber]?.S;
    if (version === undefined || current?.[ATTRIBUTE.recordVersionNumber]?.S !== version) return;
    process.lockWrites++;
    const owner = set[ATTRIBUTE.owner]?.S;
    if (owner === undefined) return;
    process.owners.add(owner);
    const deployId = this.facts.checkpoint?.X?.DeployID;
    if (deployId === undefined) return;
    process.deployId = deployId;
    this.facts.noteLineage(deployId);
  }

  #checkState(): void {
    if (!this.#isDirty) return;
    this.#isDirty = false;
    for (const checker of this.#checkers) checker.state?.();
  }

  #say(line: string): void {
    if (this.#options.isLogged) this.log.push(`${this.facts.clock.monotonicMs()} ${line}`);
  }
}
