import { sleep } from '../../../src/clock.ts';
import { acquire } from '../../../src/lock/acquire.ts';
import { breakLock } from '../../../src/lock/break-lock.ts';
import { LeaseLostError } from '../../../src/lock/errors.ts';
import { inspect } from '../../../src/lock/inspect.ts';
import type { Lease } from '../../../src/lock/lease.ts';
import { LockStoreError } from '../../../src/lock/store.ts';
import { takeOver } from '../../../src/lock/take-over.ts';
import { bytes, Connection, KEY, type Machine } from '../../support/lock-world.ts';
import { type Arena, NodeMachine } from './arena.ts';
import { Dynamolock, type DynamolockLock, LockNotGrantedError } from './dynamolock-v1.ts';

/** Which program a contender runs. */
export type Kind = 'ours' | 'dynamolock';

/** One process, on a machine of its own. */
interface Process {
  readonly arena: Arena;
  readonly machine: Machine;
  readonly connection: Connection;
  readonly name: string;
}

const INTERRUPTED = new Error('A person has pressed Ctrl-C.');

/** Runs one process after another, each until it ends or is killed, while misfortunes happen to it. */
export async function contend(
  arena: Arena,
  kind: Kind,
  name: string,
  end: AbortSignal,
): Promise<void> {
  const { clock, dice } = arena;
  const ended = new Promise<void>((resolve) => {
    end.addEventListener('abort', () => resolve());
  });
  for (let life = 1; ; life++) {
    await Promise.race([sleep(clock, dice.between(0, 2_000)), ended]);
    if (end.aborted) return;
    const machine = new NodeMachine(clock);
    const connection = new Connection(arena.store, machine);
    const process = { arena, machine, connection, name: `${name}${life}` };
    arena.judge.note(() => `${process.name} starts`);
    const exit = kind === 'ours' ? playOurs(process) : playDynamolock(process);
    await Promise.race([exit, misfortunes(process, kind), ended]);
    machine.crash();
    arena.judge.note(() => `${process.name} is gone`);
  }
}

/** Happens to a machine until it is killed. */
async function misfortunes(process: Process, kind: Kind): Promise<void> {
  const { arena, machine, name } = process;
  const { clock, dice, judge, weather } = arena;
  for (;;) {
    await sleep(clock, dice.between(0, 2) * weather.calmMs);
    if (machine.hasCrashed) return;
    const what = dice.pick<'stop' | 'kill' | 'sleep' | 'jump' | 'cut'>([
      'stop',
      'stop',
      'kill',
      'sleep',
      'jump',
      'cut',
      'cut',
    ]);
    // Dynamolock's clock stands still while its machine sleeps; that hole has a test of its own.
    if (what === 'sleep' && kind === 'dynamolock') continue;
    const forMs = weather.leaseDurationMs * dice.between(0.1, 2.2);
    judge.note(() => `${name}: ${what} ${forMs}`);
    if (what === 'kill') {
      judge.count('crashes');
      return;
    }
    if (what === 'jump') machine.jump(dice.pick([-1, 1]) * forMs);
    else await misfortune(process, what, forMs);
  }
}

/** Happens for so long. */
async function misfortune(
  { arena, machine, connection, name }: Process,
  what: 'stop' | 'sleep' | 'cut',
  forMs: number,
): Promise<void> {
  const { clock, dice, judge } = arena;
  judge.count(({ stop: 'pauses', sleep: 'sleeps', cut: 'cuts' } as const)[what]);
  if (what === 'stop') machine.stop();
  if (what === 'sleep') machine.suspend();
  if (what === 'cut') connection.loses = dice.pick<'requests' | 'answers'>(['requests', 'answers']);
  await sleep(clock, forMs);
  judge.note(() => `${name}: ${what} is over`);
  connection.loses = 'nothing';
  machine.go();
}

/** Our program: takes the lock again and again, works under it, and ends it in one way or another. */
async function playOurs(process: Process): Promise<never> {
  const { arena, machine } = process;
  for (let turn = 1; ; turn++) {
    const label = `${process.name}.${turn}`;
    try {
      const lease = await obtain(process, label);
      if (lease) await workUnder(lease, process);
    } catch (error) {
      // Everything else is a fault of ours, or of this test.
      const isExpected = error instanceof LeaseLostError || error instanceof LockStoreError;
      if (!isExpected && error !== INTERRUPTED) {
        arena.judge.violated(`${label} failed with ${String(error)}`);
      }
      if (error === INTERRUPTED) arena.judge.count('interrupted');
      if (error === INTERRUPTED) arena.judge.withoutLock(label);
    }
    await sleep(machine, arena.dice.between(0, 2_000));
  }
}

/** A plain deploy, a resume, a start-over, or a person who breaks the lock. */
async function obtain(process: Process, label: string): Promise<Lease | undefined> {
  const { arena, machine, connection } = process;
  const { dice, judge, weather } = arena;
  const { leaseDurationMs, heartbeatIntervalMs } = weather;
  const common = {
    store: connection,
    clock: machine,
    random: dice.bytes,
    key: KEY,
    ownerLabel: label,
  };
  const options = { ...common, leaseDurationMs, heartbeatIntervalMs, ...interruption(process) };
  const data = bytes(`${label}:1`);
  const mode = dice.pick(['plain', 'resume', 'resume', 'start over', 'start over', 'break']);
  judge.note(() => `${label} means to ${mode}`);
  const seen = mode === 'plain' ? undefined : await inspect(common.store, KEY);
  if (seen && !seen.isReleased) {
    if (mode === 'break') {
      await sleep(machine, seen.leaseDurationMs + 1);
      if ((await breakLock({ ...common, seen })).broken) judge.count('broken');
      return undefined;
    }
    const seenAtMs = machine.monotonicMs();
    const isNewDeploy = mode === 'start over';
    const taken = await takeOver({
      ...options,
      seen,
      ...(dice.happens(0.5) ? { seenAtMs } : {}),
      ...(isNewDeploy ? { data } : {}),
    });
    if ('lease' in taken) return begin(taken.lease, process, taken.previous.data);
    judge.withoutLock(label);
    if ('stillLive' in taken) return undefined;
  }
  if (mode === 'resume' || mode === 'break') return undefined;
  const outcome = await acquire({ ...options, data });
  if ('lease' in outcome) return begin(outcome.lease, process, outcome.previous?.data);
  judge.withoutLock(label);
  return undefined;
}

function interruption({ arena: { dice }, machine }: Process): { signal?: AbortSignal } {
  if (!dice.happens(0.15)) return {};
  const interrupt = new AbortController();
  machine.after(dice.between(0, 4_000), () => interrupt.abort(INTERRUPTED));
  return { signal: interrupt.signal };
}

function begin(lease: Lease, { arena, machine }: Process, previous: Uint8Array | undefined): Lease {
  const { judge } = arena;
  judge.count('acquired');
  judge.acquired(lease.owner, previous);
  judge.watch({
    name: lease.owner,
    machine,
    passes: () => lease.mutationDeadlineMs() > 0,
    isOver: () => machine.hasCrashed || ['LOST', 'YIELDED', 'RELEASED'].includes(lease.state),
  });
  const judgeLoss = () => {
    const { reason } = lease.signal.reason as LeaseLostError;
    if (reason === 'expired') judge.count('lostByExpiry');
    else judge.taken(lease.owner);
  };
  if (lease.signal.aborted) judgeLoss();
  else lease.signal.addEventListener('abort', judgeLoss);
  return lease;
}

/** Checkpoints and changes, now and then with a long wait, and an end. */
async function workUnder(lease: Lease, { arena, machine }: Process): Promise<void> {
  const { dice, judge } = arena;
  const steps = 1 + Math.floor(dice.roll() * 4);
  for (let step = 2; step < 2 + steps; step++) {
    const data = `${lease.owner}:${step}`;
    await lease.checkpoint(bytes(data));
    judge.confirmed(lease.owner, data);
    if (lease.mutationDeadlineMs() > 0) judge.count('mutations');
    await sleep(machine, dice.between(0, dice.happens(0.2) ? 8_000 : 2_000), lease.signal);
  }
  const data = `${lease.owner}:${steps + 2}`;
  const how = dice.pick<'released' | 'yielded'>(['released', 'yielded']);
  try {
    await (how === 'released' ? lease.releaseLock(bytes(data)) : lease.yieldLock(bytes(data)));
  } catch (error) {
    if (error instanceof LeaseLostError && !error.endMayBeWritten) judge.notEnded(lease.owner);
    throw error;
  }
  judge.confirmed(lease.owner, data);
  judge.ended(lease.owner, how);
}

/** The old tool: one deploy, which ends well or leaves the lock to go stale. */
async function playDynamolock({ arena, machine, connection, name }: Process): Promise<void> {
  const { dice, judge, weather } = arena;
  const client = new Dynamolock({
    connection,
    clock: machine,
    dice: dice.roll,
    leaseDurationMs: weather.leaseDurationMs,
    heartbeatPeriodMs: weather.heartbeatIntervalMs,
  });
  const isPlain = dice.happens(0.3);
  judge.note(() => `${name} is ${client.ownerName}; ${isPlain ? 'plain' : 'resumes'}`);
  let hasFailed = false;
  try {
    const lock = await client.acquireLock(KEY, {
      data: bytes(`${name}:0`),
      ...(isPlain ? { failIfLocked: true } : { additionalTimeToWaitMs: 10_000 }),
    });
    judge.count('acquired');
    const passes = () => !hasFailed && !lock.isExpired;
    judge.watch({
      name,
      machine,
      passes,
      isOver: () => machine.hasCrashed || hasFailed || lock.isReleased,
    });
    await deployAsBefore(client, lock, arena, { machine, name });
  } catch (error) {
    hasFailed = true;
    judge.note(() => `${name} ends: ${String(error)}`);
    const isExpected = error instanceof LockNotGrantedError || error instanceof LockStoreError;
    const isRefusal = error instanceof Error && error.message === 'ConditionalCheckFailedException';
    if (!isExpected && !isRefusal) judge.violated(`dynamolock failed with ${String(error)}`);
  }
}

async function deployAsBefore(
  client: Dynamolock,
  lock: DynamolockLock,
  { dice }: Arena,
  { machine, name }: { machine: Machine; name: string },
): Promise<void> {
  const steps = 1 + Math.floor(dice.roll() * 4);
  for (let step = 1; step <= steps; step++) {
    await client.sendHeartbeat(KEY, lock, bytes(`${name}:${step}`));
    await sleep(machine, dice.between(0, dice.happens(0.2) ? 8_000 : 2_000));
  }
  if (dice.happens(0.3)) return; // It failed, and leaves the lock as it is.
  await client.sendHeartbeat(KEY, lock, bytes(`${name}:done`));
  await client.releaseLock(KEY, lock);
}
