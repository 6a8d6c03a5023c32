import { ATTRIBUTE, type RawItem } from '../../../src/lock/item.ts';
import type { DeployerProcess, OutgoingCall } from '../engine/process.ts';
import { Watch, type WatchOptions } from '../engine/watch.ts';
import { isAwsChange } from '../invariants/checker.ts';
import { HeirJudge } from './heir-judge.ts';
import { isOld } from './plan.ts';

/** What the old tool can break by what it does; the other invariants speak of our own bookkeeping. */
const BREAKABLE: ReadonlySet<number> = new Set([1, 2, 3, 4, 5, 6, 7, 8, 14, 15, 17, 25]);

/** Invariants that know a deploy by its external id, which what the old tool created has not. */
const JUDGED_APART: ReadonlySet<number> = new Set([10, 20, 23]);

const LEASE_MS = 10_000;

/** What may not hold after the old tool has broken something, as when a person had done it. */
const EXCUSED_AFTERWARDS = [1, 2, 8, 9, 10, 11, 12, 13, 20, 23, 29];

/** How a deploy has to end. */
const ENDINGS: ReadonlySet<number> = new Set([9, 10, 11, 12, 20]);

/**
 * Stands beside processes of both tools.
 *
 * What the old tool does is judged as what ours does, and excused: counted by the invariant that it
 * breaks. From then on AWS counts as disturbed, as when a person had done it. What happens on its own
 * and what ours does is never excused.
 */
export class OldToolWatch extends Watch {
  /** How often the old tool has broken which invariant. */
  readonly excused = new Map<number, number>();
  readonly heirs = new HeirJudge(this.facts, (invariant, text) => super.fail(invariant, text));
  /** Whose doing it is that is being looked at. */
  #acting: DeployerProcess | undefined;
  #call: OutgoingCall | undefined;
  #itemBefore: RawItem | undefined;
  /** Those of ours that have written Done and the release. */
  readonly #finished = new Set<DeployerProcess>();
  /** When each process of the old tool has last written the lock. */
  readonly #writtenMs = new Map<DeployerProcess, number>();
  #lapsedCreationMs = -Infinity;
  readonly #isLogged: boolean;

  constructor(options: WatchOptions) {
    super(options);
    this.#isLogged = options.isLogged;
  }

  override fail(invariant: number, text: string): void {
    const acting = this.#acting;
    if (acting && isOld(acting)) {
      if (BREAKABLE.has(invariant)) this.#excuse(invariant, text);
    } else if (invariant === 4 && this.#isHiddenByLag()) {
      this.excused.set(4, (this.excused.get(4) ?? 0) + 1);
      this.#say(`excused, invariant 4: ${text}`);
    } else if (JUDGED_APART.has(invariant) && this.heirs.isHeirOrEnd(acting)) {
      // See `HeirJudge`.
    } else if (!acting || !ENDINGS.has(invariant) || !this.#isSuperseded(acting)) {
      super.fail(invariant, text);
    }
  }

  /** Whether ECS could not yet show what the old tool has just created on a lease that had lapsed. */
  #isHiddenByLag(): boolean {
    const { clock, latencyMs, world } = this.facts;
    const lagMs = world.world.settings.staleReadSeconds * 1_000;
    return lagMs > 0 && clock.monotonicMs() - this.#lapsedCreationMs <= lagMs + latencyMs;
  }

  /** Whether it was finished, was judged then, and the old tool has the lock before it has ended. */
  #isSuperseded(process: DeployerProcess): boolean {
    return this.#finished.has(process) && !process.owners.has(this.facts.lock.owner ?? '');
  }

  override onSend(process: DeployerProcess, call: OutgoingCall): void {
    if (!isOldLockCall(process, call)) this.#as(process, () => super.onSend(process, call), call);
  }

  override beforeEffect(process: DeployerProcess, call: OutgoingCall, sentMs: number): void {
    if (isOldLockCall(process, call)) {
      this.#itemBefore = this.facts.lock.current;
      return;
    }
    const { lock } = this.facts;
    const isOwner = process.owners.has(lock.owner ?? '') && !lock.isReleased;
    const ageMs = this.facts.clock.monotonicMs() - (this.#writtenMs.get(process) ?? -Infinity);
    const look = () => {
      if (isOld(process) && isAwsChange(call) && (!isOwner || ageMs > LEASE_MS)) {
        this.#excuse(isOwner ? 16 : 15, `${call.site} ${ageMs} ms after its last heartbeat`);
        if (call.site === 'ecs.CreateTaskSet') {
          this.#lapsedCreationMs = this.facts.clock.monotonicMs();
        }
      }
      super.beforeEffect(process, call, sentMs);
    };
    this.#as(process, look, call);
    this.heirs.beforeEffect(process, call);
  }

  override afterEffect(
    process: DeployerProcess,
    call: OutgoingCall,
    sentMs: number,
    failed: unknown,
  ): void {
    if (isOldLockCall(process, call)) {
      if (this.facts.lock.current !== this.#itemBefore) this.#noteOldOwner(process);
      return;
    }
    this.#as(process, () => super.afterEffect(process, call, sentMs, failed), call);
    const { checkpoint, lock } = this.facts;
    if (call.site !== 'lock.update' || !process.owners.has(lock.owner ?? '')) return;
    this.heirs.noteOwner(process);
    if (!checkpoint?.Done || !lock.isReleased || this.#finished.has(process)) return;
    this.#finished.add(process);
    this.heirs.assertCanonical(process);
  }

  override onEnd(process: DeployerProcess): void {
    this.#as(process, () => super.onEnd(process));
    if (process.ending?.kind !== 'done' || process.wasRobbed) return;
    if (!this.#finished.has(process)) super.fail(20, 'it ended well without Done and release');
  }

  override onStart(process: DeployerProcess): void {
    if (isOld(process)) this.heirs.noteOldStart(process);
    super.onStart(process);
  }

  /** The old tool has exited. */
  onOldEnd(process: DeployerProcess, ending: string): void {
    this.#say(`process ${process.number}, the old tool, ends: ${ending}`);
    this.heirs.atOldEnd(process, ending);
  }

  #as(process: DeployerProcess, act: () => void, call?: OutgoingCall): void {
    this.#acting = process;
    this.#call = call;
    act();
    this.#acting = undefined;
    this.#call = undefined;
  }

  #excuse(invariant: number, text: string): void {
    this.excused.set(invariant, (this.excused.get(invariant) ?? 0) + 1);
    if (this.#call && isAwsChange(this.#call)) {
      this.facts.excuses.add(EXCUSED_AFTERWARDS, this.facts.clock.monotonicMs());
    }
    this.#say(`excused, invariant ${invariant}: ${text}`);
  }

  #say(line: string): void {
    if (this.#isLogged) this.log.push(`${this.facts.clock.monotonicMs()} ${line}`);
  }

  #noteOldOwner(process: DeployerProcess): void {
    process.lockWrites++;
    this.#writtenMs.set(process, this.facts.clock.monotonicMs());
    const owner = this.facts.lock.current?.[ATTRIBUTE.owner]?.S ?? '';
    if (process.owners.has(owner)) return;
    process.owners.add(owner);
    this.heirs.noteOldOwner(process);
  }
}

function isOldLockCall(process: DeployerProcess, { site }: OutgoingCall): boolean {
  return isOld(process) && site.startsWith('lock.');
}
