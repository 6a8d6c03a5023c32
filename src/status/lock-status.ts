import { SHA_TAG } from '../artifactdb/artifact.ts';
import type { Clock } from '../clock.ts';
import { hasYielded, readCheckpoint } from '../deploy/held-lock.ts';
import { type Hold, holdIn } from '../deploy/hold.ts';
import { inspect } from '../lock/inspect.ts';
import type { HolderInfo } from '../lock/item.ts';
import { listen } from '../lock/listen.ts';
import type { LockStore } from '../lock/store.ts';

/**
 * - `free`: whoever comes first may deploy.
 * - `live`: a deploy is at work.
 * - `silent`: its deploy gave no sign of life while this was read; it was cut off, most likely.
 * - `yielded`: its deploy stopped and waits for a decision.
 * - `hold`: a person keeps everybody from deploying.
 */
export type LockState = 'free' | 'live' | 'silent' | 'yielded' | 'hold';

/** A deploy lock, for people and scripts. What the record does not tell is left out. */
export interface LockStatus {
  /** The item's key. */
  readonly lock: string;
  readonly state: LockState;
  /** Opaque; left out, as all that follows, when the lock is free. */
  readonly owner?: string;
  /** Milliseconds of silence after which it may be taken over. */
  readonly leaseMs?: number;
  /** The deploy that holds it, or was cut off before the hold. */
  readonly deploy?: LockedDeploy;
  readonly hold?: Hold;
}

/** What a lock's data says of its deploy. */
interface LockedDeploy {
  readonly artifact: string;
  readonly buildNumber: number;
  /** Of its commit. */
  readonly sha?: string;
  readonly configSha: string;
  /** The step that was begun last. */
  readonly step: number;
  readonly done: boolean;
  /** Which tool wrote it: the original leaves out all that follows. */
  readonly tool: 'ecs-deploy' | 'another';
  readonly host?: string;
  readonly pid?: number;
  /** The CI job, as an address where it has one. */
  readonly job?: string;
  /** ISO 8601, by that machine's clock. */
  readonly startedAt?: string;
  /** Why it gave the lock up. */
  readonly yielded?: string;
}

/**
 * Reads one lock, and listens for a sign of life when somebody has it. Writes nothing.
 * @param options.listenMs For how long to listen.
 * @throws {MalformedLockItemError} @throws {LockStoreError} when it can't be read.
 */
export async function readLockStatus(
  key: string,
  options: {
    readonly lockStore: LockStore;
    readonly clock: Clock;
    readonly listenMs: number;
    readonly signal?: AbortSignal;
    /** Told again and again how much of it is left, in milliseconds. */
    readonly onWait?: (remainingMs: number) => void;
  },
): Promise<LockStatus> {
  const { clock, lockStore, listenMs, onWait, signal } = options;
  const seen = await inspect(lockStore, key, signal);
  if (!seen || seen.isReleased) return { lock: key, state: 'free' };
  if (holdIn(seen)) return describe(key, 'hold', seen);
  if (hasYielded(seen)) return describe(key, 'yielded', seen);
  const heard = await listen({
    store: lockStore,
    clock,
    key,
    seen,
    forMs: listenMs,
    signal,
    onWait,
  });
  if (heard.kind === 'released') return { lock: key, state: 'free' };
  if (heard.kind === 'silence') return describe(key, 'silent', seen);
  const { current } = heard;
  const state = holdIn(current) ? 'hold' : hasYielded(current) ? 'yielded' : 'live';
  return describe(key, state, current);
}

function describe(key: string, state: LockState, holder: HolderInfo): LockStatus {
  const hold = holdIn(holder);
  const deploy = deployIn(holder);
  const isOver = hold !== undefined && deploy?.done === true; // It ended long before the hold.
  return {
    lock: key,
    state,
    owner: holder.owner,
    ...(hold ? { hold } : { leaseMs: holder.leaseDurationMs }),
    ...(deploy && !isOver ? { deploy } : {}),
  };
}

function deployIn(holder: HolderInfo): LockedDeploy | undefined {
  const checkpoint = readCheckpoint(holder);
  if (!checkpoint) return undefined;
  const { artifact, configSha, done, own, step } = checkpoint;
  const sha = artifact.tags?.[SHA_TAG];
  return {
    artifact: artifact.value,
    buildNumber: artifact.buildNumber,
    ...(sha === undefined ? {} : { sha }),
    configSha,
    step,
    done,
    tool: own ? 'ecs-deploy' : 'another',
    ...(own && { host: own.host, pid: own.pid, startedAt: own.startedAt }),
    ...(own?.job !== undefined && { job: own.job }),
    ...(own?.yielded !== undefined && { yielded: own.yielded }),
  };
}
