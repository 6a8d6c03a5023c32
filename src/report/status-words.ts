import type {
  EnvironmentStatus,
  Health,
  ReadError,
  TargetCounts,
  TaskSetStatus,
} from '../status/environment-status.ts';
import type { LockState, LockStatus } from '../status/lock-status.ts';
import type { TaskSize } from '../status/ports.ts';
import { type Cell, cell, labelled, type Line } from './status-cells.ts';
import { wholeSeconds } from './wording.ts';

/* How a status reads, word by word. The JSON is what scripts may rely on. */

const HEALTH: Readonly<Record<Health, Cell>> = {
  healthy: cell('✓ healthy', 'good'),
  degraded: cell('✗ degraded', 'bad'),
  unknown: cell('? unknown', 'warn'),
};

export function healthCell(health: Health): Cell {
  return HEALTH[health];
}

/** `hello:1a2b3c4d`, or what else is known of a version. */
export function artifactOf({ artifact, buildNumber }: TaskSetStatus): string {
  return artifact ?? (buildNumber === undefined ? 'unknown' : `build ${buildNumber}`);
}

/** `2/2`, and how many are on the way. */
export function countsCellOf({ desired, pending, running }: TaskSetStatus): Cell {
  const coming = pending > 0 ? ` (${pending} pending)` : '';
  return cell(`${running}/${desired}${coming}`, running < desired ? 'bad' : 'plain');
}

/** `2/2 tasks` */
export function tasksCell(taskSet: TaskSetStatus): Cell {
  const { text, tone } = countsCellOf(taskSet);
  return cell(text.replace(/^\S+/, '$& tasks'), tone);
}

/** `2/2 healthy`; `steady` where ECS's word was enough. */
export function targetsCell(taskSet: TaskSetStatus, environment: EnvironmentStatus): Cell {
  const counts = taskSet.color && environment.targets?.[taskSet.color];
  if (counts) return countsCell(counts);
  return taskSet.steady ? cell('steady') : cell('not steady', 'warn');
}

function countsCell({ healthy, initial, unchecked, unhealthy }: TargetCounts): Cell {
  const all = healthy + initial + unchecked + unhealthy;
  const rest = [
    ...(initial > 0 ? [`${initial} new`] : []),
    ...(unchecked > 0 ? [`${unchecked} unchecked`] : []),
  ];
  const tone = unhealthy > 0 || all === 0 ? 'bad' : rest.length > 0 ? 'warn' : 'plain';
  return cell(`${healthy}/${all} healthy${rest.length > 0 ? ` (${rest.join(', ')})` : ''}`, tone);
}

export function outcomeCell({ outcome }: TaskSetStatus): Cell {
  if (outcome === undefined) return cell('not recorded', 'quiet');
  return cell(`recorded ${outcome}`, outcome === 'failure' ? 'bad' : 'quiet');
}

export function lockTone(state: LockState): 'bad' | 'plain' | 'warn' {
  if (state === 'hold') return 'warn';
  return state === 'silent' || state === 'yielded' ? 'bad' : 'plain';
}

/** The lock in few words: `free`, `live, step 7`. */
export function lockCell(lock: LockStatus | undefined): Cell {
  if (!lock) return cell('unknown', 'warn');
  const { deploy, state } = lock;
  const step = deploy && !deploy.done && state !== 'hold' ? `, step ${deploy.step}` : '';
  return cell(`${state}${step}`, lockTone(state));
}

/**
 * The lock in a sentence.
 * @param nowMs Milliseconds since 1970, to tell how long ago something began.
 */
export function lockSentence({ deploy, hold, owner, state }: LockStatus, nowMs: number): string {
  if (hold) return `on hold: ${hold.reason} (${hold.by}${ago(hold.since, nowMs)})`;
  if (state === 'free') return 'free';
  if (!deploy) return `${state}: held by ${owner}, which has told nothing yet`;
  const { artifact, configSha, done, host, job, pid, startedAt, step } = deploy;
  const where = done ? 'done' : `at step ${step}`;
  const by = host === undefined ? `${owner}, another tool` : `process ${pid} on ${host}`;
  const when = startedAt === undefined ? '' : ago(startedAt, nowMs);
  return `${state}: ${artifact}, config ${configSha}, ${where} (${by}${job === undefined ? '' : `, ${job}`}${when})`;
}

function ago(isoTime: string, nowMs: number): string {
  const ageMs = nowMs - Date.parse(isoTime);
  return Number.isNaN(ageMs) || ageMs < 0 ? `, since ${isoTime}` : `, since ${wholeSeconds(ageMs)}`;
}

/** An error that several things could not be read for. */
export interface JoinedError {
  readonly whats: readonly ReadError['what'][];
  readonly message: string;
  readonly hint: string;
}

/** The errors by their message: missing credentials are told once, and not for each thing. */
export function joined(errors: readonly ReadError[]): JoinedError[] {
  const byMessage = new Map<string, JoinedError>();
  for (const { hint, message, what } of errors) {
    const whats = byMessage.get(message)?.whats ?? [];
    if (!whats.includes(what)) byMessage.set(message, { whats: [...whats, what], message, hint });
  }
  return [...byMessage.values()];
}

/** The mark, what can't be read, and why. */
export function errorLines({ hint, message, whats }: JoinedError, of = '', indent = ''): Line[] {
  const what = whats.toSorted().join(' and the ');
  return [
    labelled(`${indent}?`, `The ${what}${of} can't be read: ${message}`, 'warn'),
    ...(hint === '' ? [] : [labelled(`${indent} `, hint, 'quiet')]),
  ];
}

/** `0.5 vCPU, 1 GB` */
export function sizeText({ vcpu, memoryGb }: TaskSize): string {
  return `${rounded(vcpu)} vCPU, ${rounded(memoryGb)} GB`;
}

export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function rounded(value: number): string {
  return String(Math.round(value * 100) / 100);
}
