import { ATTRIBUTE } from '../../../src/lock/item.ts';
import type { DeployerProcess } from '../engine/process.ts';
import type { Checker, CheckerTools, Effect } from './checker.ts';
import { isPutRightFirst } from '../engine/facts.ts';

/** With a lease of 10 s, a change may begin in the first half. */
const MAY_BEGIN_MS = 5_000;

/** The step whose number must be in the lock before the call takes effect. */
const STEP_OF: Readonly<Record<string, number>> = {
  'cmd.migrate': 2,
  'cmd.warm_up': 2,
  'ecs.UpdateTaskSet': 4,
  'ecs.DeleteTaskSet': 4,
  'ecs.RegisterTaskDefinition': 5,
  'ecs.CreateTaskSet': 6,
  'elb.SetRulePriorities': 9,
  'ecs.UpdateServicePrimaryTaskSet': 10,
  'cmd.schedule': 12,
  'cmd.announce': 12,
  'db.setTag': 13,
};

/** Who may act, and what must be written first: invariants 15, 16 and 17. */
export function leaseChecker({ facts, fail }: CheckerTools): Checker {
  /** When each process sent the last write of the lock that took effect. */
  const confirmedMs = new Map<DeployerProcess, number>();
  /** Those who have been told that the lock is somebody else's. */
  const losers = new Map<DeployerProcess, number>();
  const isLoser = (process: DeployerProcess) =>
    facts.clock.monotonicMs() > (losers.get(process) ?? Infinity);

  function mayAct({ process }: Effect): boolean {
    const { lock } = facts;
    const isYielded = lock.current?.[ATTRIBUTE.leaseDuration]?.S === '0';
    return process.owners.has(lock.owner ?? '') && !lock.isReleased && !isYielded;
  }

  function checkOwner(effect: Effect): void {
    const { process, site } = effect;
    // A lock that was stolen from a live owner is lost with its next write, not before.
    if (process.wasRobbed && !isLoser(process)) return;
    if (!mayAct(effect)) fail(15, `${site} of process ${process.number}, which has not the lock`);
  }

  return {
    sent(effect) {
      const { process, site } = effect;
      if (site === 'lock.update') return;
      checkOwner(effect);
      const ageMs = facts.clock.monotonicMs() - (confirmedMs.get(process) ?? -Infinity);
      if (ageMs > MAY_BEGIN_MS) {
        fail(16, `${site} was sent ${ageMs} ms after the last confirmed write of the lock`);
      }
      if (isLoser(process)) fail(16, `${site} was sent after the lock was lost`);
    },
    before(effect) {
      if (effect.site === 'lock.update') return;
      if (effect.sentMs === facts.clock.monotonicMs()) checkOwner(effect);
      const step = STEP_OF[effect.site];
      if (step === undefined || effect.process.wasRobbed) return;
      const { checkpoint } = facts;
      const isNormalising =
        effect.process.spec.mode === 'start-over' &&
        checkpoint?.Step === 1 &&
        isPutRightFirst(effect.site, facts);
      const recorded = checkpoint?.Step ?? 0;
      if (recorded < step && !isNormalising && effect.sentMs === facts.clock.monotonicMs()) {
        fail(17, `${effect.site} of step ${step} while the lock says step ${recorded}`);
      }
    },
    after({ process, sentMs, site, input }, failed) {
      if (site !== 'lock.update' || failed !== undefined) return;
      const set = input['set'] as Record<string, { S?: string }>;
      const version = set[ATTRIBUTE.recordVersionNumber]?.S;
      if (facts.lock.current?.[ATTRIBUTE.recordVersionNumber]?.S === version) {
        confirmedMs.set(process, Math.max(sentMs, confirmedMs.get(process) ?? 0));
      } else if (process.owners.size > 0 && !process.owners.has(facts.lock.owner ?? '')) {
        // The answer takes its time to arrive.
        losers.set(process, facts.clock.monotonicMs() + facts.latencyMs);
      }
    },
    ended(process) {
      if (losers.has(process) && process.ending?.kind === 'done') {
        fail(16, 'the lock was lost, and the deploy ended well all the same');
      }
    },
  };
}
