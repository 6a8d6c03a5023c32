import type { TaskSet } from '../../../sandbox/world/ecs/state.ts';
import type { Target, TargetGroup } from '../../../sandbox/world/elb/state.ts';
import { type Color, otherColor } from '../../../src/deploy/model.ts';
import { ATTRIBUTE, type RawItem } from '../../../src/lock/item.ts';
import type { VirtualClock } from '../../support/virtual-clock.ts';
import { Excuses } from './excuses.ts';
import { HELLO } from './hello.ts';
import type { SimWorld } from './sim-world.ts';
import type { Artifacts, LockItem } from './stores.ts';

/** A deploy and its resumes, as it looked when it took the lock. */
export interface Lineage {
  readonly deployId: string;
  /** When it took the lock for the first time. */
  readonly begunMs: number;
  /** The task set that it must leave alone: what served and counted when it began. */
  readonly originalId: string | undefined;
  /** Whether that had all its tasks then. */
  readonly wasReady: boolean;
  /** Task sets that served beside it, and are left alone; or all, when nothing served. */
  readonly besideIds: readonly string[];
}

/** The checkpoint as it is stored: read as any other tool would, not by the code under test. */
export interface StoredCheckpoint {
  readonly text: string;
  readonly Artifact: { readonly BuildNumber: number };
  readonly Done: boolean;
  readonly Step: number;
  readonly NewActiveColor: string;
  readonly X?: { readonly DeployID: string; readonly Pre: number; readonly Post: number };
}

/**
 * What is true in the simulated world at this moment, read from its own state and never from what a
 * deployer says or asks.
 */
export class Facts {
  readonly clock: VirtualClock;
  readonly world: SimWorld;
  readonly lock: LockItem;
  readonly artifacts: Artifacts;
  /** How long a call takes at the most. */
  readonly latencyMs: number;
  readonly lineages = new Map<string, Lineage>();
  /** What others have done. */
  readonly excuses = new Excuses();
  readonly #prioritiesAtStart: readonly number[];
  #decoded: { data: Uint8Array; checkpoint: StoredCheckpoint | undefined } | undefined;

  constructor(of: {
    clock: VirtualClock;
    world: SimWorld;
    lock: LockItem;
    artifacts: Artifacts;
    latencyMs: number;
  }) {
    this.clock = of.clock;
    this.latencyMs = of.latencyMs;
    this.world = of.world;
    this.lock = of.lock;
    this.artifacts = of.artifacts;
    this.#prioritiesAtStart = this.priorities();
  }

  /** Every priority of the listener but the default rule's, ascending. */
  priorities(): readonly number[] {
    const priorities: number[] = [];
    for (const { priority } of this.world.region.elb.rules.values()) {
      if (Number.isFinite(priority)) priorities.push(priority);
    }
    return priorities.sort((a, b) => a - b);
  }

  get prioritiesAtStart(): readonly number[] {
    return this.#prioritiesAtStart;
  }

  /** The colour of the rule with the lower priority number. */
  get servingColor(): Color {
    let lowest = Infinity;
    let arn = '';
    for (const { action, priority } of this.world.region.elb.rules.values()) {
      if (priority >= lowest || action.type !== 'forward') continue;
      lowest = priority;
      arn = action.tuples[0]?.targetGroupArn ?? '';
    }
    return arn === HELLO.environment.targetGroupArns.blue ? 'blue' : 'green';
  }

  get idleColor(): Color {
    return otherColor(this.servingColor);
  }

  groupOf(color: Color): TargetGroup {
    return this.world.targetGroup(HELLO.environment.targetGroupArns[color]);
  }

  /** The targets of a colour that get requests or would, if it served. */
  targetsOf(color: Color): Target[] {
    return [...this.groupOf(color).targets.values()].filter((target) => !target.cancelRemoval);
  }

  healthyOn(color: Color): number {
    let count = 0;
    for (const target of this.groupOf(color).targets.values()) {
      if (!target.cancelRemoval && target.shownState === 'healthy') count++;
    }
    return count;
  }

  get taskSets(): TaskSet[] {
    return [...this.world.service.taskSets.values()];
  }

  taskSet(id: string): TaskSet | undefined {
    return this.world.service.taskSets.get(id);
  }

  /** Whatever is attached to a colour, on its way out or not. */
  taskSetsOn(color: Color): TaskSet[] {
    const arn = HELLO.environment.targetGroupArns[color];
    return this.taskSets.filter((set) => isAttached(set, arn));
  }

  /** As `taskSetsOn`, without those on their way out. */
  liveOn(color: Color): TaskSet[] {
    return this.taskSetsOn(color).filter(({ status }) => status !== 'DRAINING');
  }

  serves(set: TaskSet): boolean {
    return isAttached(set, HELLO.environment.targetGroupArns[this.servingColor]);
  }

  get primary(): TaskSet | undefined {
    return this.taskSets.find(({ status }) => status === 'PRIMARY');
  }

  /** The task set that a deploy and its resumes have created. */
  createdBy(deployId: string): TaskSet[] {
    return this.taskSets.filter(
      ({ externalId, status }) =>
        status !== 'DRAINING' && externalId?.slice(0, externalId.lastIndexOf('.')) === deployId,
    );
  }

  /** Whether an invariant need not hold of a deploy; without one, of the world. */
  isExcused(invariant: number, deployId?: string): boolean {
    if (this.excuses.isEmpty) return false;
    const begunMs = deployId === undefined ? undefined : this.lineages.get(deployId)?.begunMs;
    return this.excuses.has(invariant, begunMs);
  }

  /** Whether one of our deploys has created it. */
  isOfLineage({ externalId = '' }: TaskSet): boolean {
    return this.lineages.has(externalId.slice(0, externalId.lastIndexOf('.')));
  }

  /** What the lock's item holds; undefined when that is no checkpoint. */
  get checkpoint(): StoredCheckpoint | undefined {
    const data = this.lock.current?.[ATTRIBUTE.data]?.B;
    if (!data) return undefined;
    if (this.#decoded?.data !== data) {
      this.#decoded = { data, checkpoint: readCheckpoint(data) };
    }
    return this.#decoded.checkpoint;
  }

  /**
   * Remembers how the world looks to a deploy that has just taken the lock for the first time; anew
   * when that changes before it has looked itself.
   */
  noteLineage(deployId: string, { isAnew = false } = {}): void {
    if (this.lineages.has(deployId) && !isAnew) return;
    const { primary } = this;
    // A swap that was cut off before PRIMARY followed has left what serves without the label.
    // Where nothing serves, PRIMARY is sent the traffic first.
    const [serving = primary] = this.liveOn(this.servingColor);
    const original = primary && this.serves(primary) ? primary : serving;
    const beside = original ? this.liveOn(this.servingColor) : this.taskSets;
    this.lineages.set(deployId, {
      deployId,
      begunMs: this.clock.monotonicMs(),
      originalId: original?.id,
      wasReady: original !== undefined && isReady(original),
      besideIds: beside.map(({ id }) => id),
    });
  }
}

/** Whether a task set has all the tasks that its service wants. */
export function isReady(set: TaskSet): boolean {
  const running = [...set.tasks].filter(({ lastStatus }) => lastStatus === 'RUNNING');
  return (
    set.status !== 'DRAINING' &&
    set.scalePercent === 100 &&
    running.length === set.computedDesiredCount
  );
}

/**
 * What a start-over puts right before its own deploy begins: what serves becomes PRIMARY, and traffic
 * goes to what runs when nothing is left where it goes.
 */
export function isPutRightFirst(site: string, facts: Facts): boolean {
  if (site === 'ecs.UpdateServicePrimaryTaskSet') return true;
  return site === 'elb.SetRulePriorities' && facts.liveOn(facts.servingColor).length === 0;
}

function isAttached(set: TaskSet, targetGroupArn: string): boolean {
  return set.loadBalancers.some((balancer) => balancer.targetGroupArn === targetGroupArn);
}

/** Runs of the same seed write the same checkpoints: most have been read before. */
const read = new Map<string, StoredCheckpoint>();
const READ_MAX = 5_000;

function readCheckpoint(data: Uint8Array): StoredCheckpoint | undefined {
  if (data.length === 0) return undefined;
  const text = textOf(data);
  let checkpoint = read.get(text);
  if (!checkpoint) {
    checkpoint = { text, ...(JSON.parse(text) as Omit<StoredCheckpoint, 'text'>) };
    if (read.size >= READ_MAX) read.clear();
    read.set(text, checkpoint);
  }
  return checkpoint;
}

function textOf({ buffer, byteOffset, byteLength }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString();
}

/** What the item keeps for its owner. */
export function dataText(item: RawItem | undefined): string {
  const data = item?.[ATTRIBUTE.data]?.B;
  return data ? textOf(data) : '';
}

/** The item as text in which equal items are equal. */
export function itemText(item: RawItem | undefined): string {
  if (!item) return 'no item';
  return Object.keys(item)
    .sort()
    .map((name) => {
      const { S, B } = item[name] ?? {};
      return `${name}=${S ?? (B ? new TextDecoder().decode(B) : '?')}`;
    })
    .join(' ');
}
