import { LockedError } from '../errors.ts';
import type { HolderInfo, LockRecord } from '../lock/item.ts';
import { type Heard, listen } from '../lock/listen.ts';
import { isPassing } from '../lock/store.ts';
import { type Checkpoint, decodeCheckpoint } from './checkpoint.ts';
import { type ChoiceTools, readChoices } from './choices.ts';
import { holdIn } from './hold.ts';
import { commandLine, lockCommandLine, withConfigOf } from './next-commands.ts';
import type { DeployRequest, DeployTools, LockTarget } from './request.ts';

/** More than two heartbeats of any client that keeps to the usual settings. */
const LISTEN_MS = 2_500;

/** How long to listen for a sign of life; longer where heartbeats are set to be rarer. */
export function listenMs({ lease }: Pick<DeployTools, 'lease'>): number {
  return Math.max(LISTEN_MS, 2.5 * (lease?.heartbeatIntervalMs ?? 0));
}

/**
 * Refuses a deploy because the lock is held, and says by whom, since when, at which step and whether
 * its holder is still at work: a live one has to be waited for, a silent one decided about.
 */
export async function refuseHeld(
  request: DeployRequest,
  holder: HolderInfo,
  tools: DeployTools,
): Promise<never> {
  assertNotOnHold(request, holder);
  if (hasYielded(holder)) throw await cutOff(request, holder, tools);
  const heard = await heardOf(request, holder, tools);
  if (heard?.kind === 'sign') assertNotOnHold(request, heard.current);
  throw heard?.kind === 'silence' ? await cutOff(request, holder, tools) : stillLive(holder);
}

/** Undefined when the table does not answer any more: who has the lock is known all the same. */
async function heardOf(
  request: DeployRequest,
  holder: HolderInfo,
  tools: DeployTools,
): Promise<Heard | undefined> {
  const { clock, interrupt, lockStore } = tools;
  try {
    return await listen({
      store: lockStore,
      clock,
      key: lockKeyOf(request),
      seen: holder,
      forMs: listenMs(tools),
      signal: interrupt,
      onWait: reportListening(tools),
    });
  } catch (error) {
    if (isPassing(error)) return undefined;
    throw error;
  }
}

/** Tells again and again for how long it is still listened. */
export function reportListening({ clock, report }: Pick<DeployTools, 'clock' | 'report'>) {
  const startedMs = clock.monotonicMs();
  return (remainingMs: number) =>
    report({
      type: 'wait.progressed',
      waitingFor: 'a sign of life of whoever has the lock',
      elapsedMs: clock.monotonicMs() - startedMs,
      remainingMs,
    });
}

/** @throws {LockedError} when the holder is no deploy but a person's decision. */
export function assertNotOnHold(request: DeployRequest, holder: HolderInfo): void {
  const hold = holdIn(holder);
  if (!hold) return;
  throw new LockedError(
    `Deploys of ${request.app.name} to ${request.environment.name} are on hold: ${hold.reason} (${hold.by}, ${hold.since}).`,
    { hint: `When the reason is gone: ${lockCommandLine(request, 'release')}` },
  );
}

/** Given up on purpose, to be taken up again at once. */
export function hasYielded(holder: HolderInfo): boolean {
  return holder.leaseDurationMs === 0;
}

/** Says that a deploy has to be waited for. */
export function stillLive(holder: HolderInfo): LockedError {
  return new LockedError(`Another deploy is at work: ${describeHolder(holder)}.`, {
    hint: 'Wait until it has ended, then deploy again; --lock-wait 10m would wait.',
  });
}

/** Says that a deploy has to be decided about, and what either decision would mean. */
export async function cutOff(
  request: DeployRequest,
  holder: HolderInfo,
  tools: ChoiceTools,
): Promise<LockedError> {
  const silent = hasYielded(holder) ? '' : ', silent now';
  const checkpoint = readCheckpoint(holder);
  const choices = checkpoint && (await readChoices(request, checkpoint, tools));
  const [resume, startOver] = [
    commandLine(checkpoint ? withConfigOf(request, checkpoint) : request, '-resume'),
    commandLine(request, '-start-over'),
  ];
  return new LockedError(`A deploy was cut off: ${describeHolder(holder)}${silent}.`, {
    hint: choices
      ? `Finish it with ${resume} (${choices.resume}),\nor begin anew with ${startOver} (${choices.startOver}).`
      : `Finish it with ${resume}, or begin anew with ${startOver}.`,
  });
}

/** The lock's key, as in every tool that shares the table. */
export function lockKeyOf({ app, environment }: Omit<LockTarget, 'flags'>): string {
  return `${app.name}-${environment.name}`;
}

/** A deploy that has said its last word, and only has not released the lock. */
export function isDone(holder: HolderInfo): boolean {
  return holdIn(holder) === undefined && readCheckpoint(holder)?.done === true;
}

/** What the holder keeps in the lock may be anything; for a message that is no obstacle. */
export function readCheckpoint(holder: Pick<HolderInfo, 'data'>): Checkpoint | undefined {
  try {
    return decodeCheckpoint(holder.data);
  } catch {
    return undefined;
  }
}

/** What a lock's record says now: `it is free`, why it is on hold, or who has it. */
export function describeNow(record: LockRecord | undefined): string {
  if (!record || record.isReleased) return 'it is free';
  const hold = holdIn(record);
  return hold ? `it is on hold: ${hold.reason} (${hold.by})` : `held by ${describeHolder(record)}`;
}

/** Who, since when, at which step. */
export function describeHolder(holder: HolderInfo): string {
  const checkpoint = readCheckpoint(holder);
  if (!checkpoint) return `an unknown deploy of ${holder.owner}`;
  const { artifact, configSha, own, step } = checkpoint;
  const what = `${artifact.value} with configuration ${configSha} at step ${step}`;
  if (!own) return `${what}, by ${holder.owner} (another tool)`;
  const job = own.job === undefined ? '' : `, ${own.job}`;
  return `${what}, by process ${own.pid} on ${own.host}${job}, since ${own.startedAt}`;
}
