import { ATTRIBUTE } from '../../../src/lock/item.ts';
import { DEEDS } from '../engine/acts.ts';
import type { DeployerProcess } from '../engine/process.ts';
import type { Checker, CheckerTools } from './checker.ts';

/** A deploy that nothing disturbs is over by then, the wait for a silent owner included. */
const LIMIT_MS = 60_000;
/** A silent owner is replaced after its lease of 10 s. */
const TAKEOVER_MS = 10_050;
/** Before that the holder and whatever can refuse a deploy are read; then comes the write. */
const ROUND_TRIPS = 4;
const INVARIANT_OF = { deploy: 27, resume: 11, 'start-over': 12 } as const;

/** A deploy that meets no fault comes to its end: invariants 11, 12 and 27. */
export function livenessChecker({ facts, fail }: CheckerTools): Checker {
  /** Those that have nothing in their way. */
  const mustEndWell = new Set<DeployerProcess>();

  /** Whose faults may have left something in the way. */
  const processes: DeployerProcess[] = [];

  function isInTheWay({ spec }: DeployerProcess): boolean {
    const acts = processes.flatMap(({ struck }) =>
      [...struck].flatMap(({ kind }) => (kind.type === 'act' ? [kind.act] : [])),
    );
    if (acts.some((act) => !DEEDS[act].mendedBy.includes(spec.mode))) return true;
    if (facts.excuses.isEmpty) return false;
    // Without any act it was another tool; and where nothing serves a person has to say what should.
    return acts.length === 0 || facts.liveOn(facts.servingColor).length === 0;
  }

  function hasNothingInItsWay(process: DeployerProcess): boolean {
    const { hadCompany, spec } = process;
    if (spec.faults.length > 0 || hadCompany || isInTheWay(process)) return false;
    const { checkpoint, lock } = facts;
    const isUnfinished = lock.current !== undefined && !lock.isReleased && !checkpoint?.Done;
    if (spec.mode === 'start-over') return true;
    return spec.mode === 'resume' ? isUnfinished && checkpoint !== undefined : !isUnfinished;
  }

  return {
    started(process) {
      processes.push(process);
      if (hasNothingInItsWay(process)) mustEndWell.add(process);
    },
    after({ process, site }, failed) {
      if (site !== 'lock.update' || failed !== undefined || process.lockWrites !== 1) return;
      const tookMs = facts.clock.monotonicMs() - process.startedMs;
      const isTaken = process.owners.has(facts.lock.current?.[ATTRIBUTE.owner]?.S ?? '');
      const limitMs = TAKEOVER_MS + ROUND_TRIPS * facts.latencyMs;
      if (isTaken && mustEndWell.has(process) && !process.hadCompany && tookMs > limitMs) {
        fail(27, `process ${process.number} had the lock only after ${tookMs} ms`);
      }
    },
    ended(process) {
      if (!mustEndWell.has(process) || process.hadCompany || isInTheWay(process)) return;
      if (process.wasRobbed) return;
      const { ending, number, spec } = process;
      if (ending?.kind === 'failed') {
        fail(INVARIANT_OF[spec.mode], `process ${number} ended with ${ending.error.message}`);
      }
      const tookMs = facts.clock.monotonicMs() - process.startedMs;
      if (tookMs > LIMIT_MS) fail(27, `process ${number} took ${tookMs} ms`);
    },
  };
}
