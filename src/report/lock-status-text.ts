import type { LockState, LockStatus } from '../status/lock-status.ts';
import { printableLine } from './printable.ts';
import { duration } from './wording.ts';

const MEANING: Readonly<Record<LockState, string>> = {
  free: 'free',
  live: 'live: a deploy is at work',
  silent: 'silent: its deploy gives no sign of life',
  yielded: 'yielded: its deploy stopped, and waits for -resume or -start-over',
  hold: 'on hold',
};

/**
 * A lock's status, a fact a line.
 * @param nowMs Milliseconds since 1970, to tell how long ago something began.
 * @returns lines without line breaks, safe to show on a terminal.
 */
export function lockStatusLines(status: LockStatus, nowMs: number): string[] {
  const { deploy, hold, leaseMs, lock, owner, state } = status;
  const facts: [string, string | undefined][] = [
    ['reason', hold?.reason],
    ['by', hold?.by],
    ['since', hold && withAge(hold.since, nowMs)],
    ['deploy', deploy && `${deploy.artifact} (build ${deploy.buildNumber})`],
    ['config', deploy?.configSha],
    ['step', deploy && `${deploy.step}${deploy.done ? ', done' : ''}`],
    ['stopped', deploy?.yielded],
    ['started', deploy?.startedAt && withAge(deploy.startedAt, nowMs)],
    ['process', deploy?.host && `${deploy.pid} on ${deploy.host}`],
    ['job', deploy?.job],
    ['owner', deploy?.tool === 'another' ? `${owner} (another tool)` : owner],
    ['lease', leaseMs ? `${leaseMs / 1000} s` : undefined],
  ];
  const lines = facts.flatMap(([name, value]) =>
    value === undefined ? [] : [`  ${`${name}:`.padEnd(9)}${value}`],
  );
  return [`${lock}: ${MEANING[state]}`, ...lines].map(printableLine);
}

function withAge(isoTime: string, nowMs: number): string {
  const ageMs = nowMs - Date.parse(isoTime);
  return Number.isNaN(ageMs) || ageMs < 0 ? isoTime : `${isoTime} (${duration(ageMs)} ago)`;
}
