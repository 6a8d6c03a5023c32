import type { TracedCall } from '../engine/watch.ts';
import { ACTS, type Fault, type FaultKind, parseFault, type RunSpec } from '../engine/scenario.ts';

/** A process that meets no fault, e.g. of `start-over v3`. */
export function run(words: string, ...faults: Fault[]): RunSpec {
  const [mode, version] = words.split(' ');
  return {
    mode: mode as RunSpec['mode'],
    ...(version === undefined ? {} : { version }),
    delayMs: 0,
    faults,
  };
}

/**
 * Every place where a crash makes a difference: before a call, and after its effect where it has one.
 *
 * Between two calls of the same instant with no change in between the world can't tell in which of
 * the two the process died, and whoever comes after sees the world and nothing else: one is enough.
 */
export function crashesAt(trace: readonly TracedCall[], process: number): Fault[] {
  const faults: Fault[] = [];
  const seen = new Set<string>();
  for (const call of trace) {
    if (call.process !== process) continue;
    if (!seen.has(call.moment)) faults.push(faultAt(call, { type: 'crash-before' }));
    seen.add(call.moment);
    if (call.isChange) faults.push(faultAt(call, { type: 'crash-after' }));
  }
  // A crash right after a change is the crash before the next call of that instant.
  return faults.filter(
    (fault, index) => !(fault.kind.type === 'crash-after' && isRepeated(faults, index, trace)),
  );
}

/** Whether the next place to crash comes at once after this one. */
function isRepeated(
  faults: readonly Fault[],
  index: number,
  trace: readonly TracedCall[],
): boolean {
  const next = faults[index + 1];
  const here = faults[index];
  if (next?.kind.type !== 'crash-before' || !here) return false;
  const [a, b] = [here, next].map((fault) =>
    trace.find(({ site, nth }) => site === fault.site && nth === fault.nth),
  );
  // The first number of a moment is the timer's.
  return a?.moment.split(' ')[0] === b?.moment.split(' ')[0];
}

function faultAt({ site, nth }: Pick<TracedCall, 'site' | 'nth'>, kind: FaultKind): Fault {
  return { site, nth, kind };
}

const READ_KINDS = ['d', 'f', 'F', 'g12000'];
const CHANGE_KINDS = ['c', 'd', 'e100', 'e3000', 'f', 'F', 'g12000', 'G12000'];
const COMMAND_KINDS = ['d', 'g12000', 'G12000'];
const ACT_KINDS = ACTS.map((act) => `!${act}`);

/** Every single fault at every call of a process, crashes apart; acts once for each instant. */
export function troublesAt(trace: readonly TracedCall[], process: number): Fault[] {
  const seen = new Set<string>();
  return trace.flatMap((call) => {
    if (call.process !== process) return [];
    const kinds = call.isChange ? CHANGE_KINDS : READ_KINDS;
    const own = call.site.startsWith('cmd.') ? COMMAND_KINDS : kinds;
    const acts = seen.has(call.moment) ? [] : ACT_KINDS;
    seen.add(call.moment);
    return [...own, ...acts].map((kind) => parseFault(`${call.site}#${call.nth}:${kind}`));
  });
}
