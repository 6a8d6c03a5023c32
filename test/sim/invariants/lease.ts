import { ATTRIBUTE, type RawItem } from '../../../src/lock/item.ts';
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
  /** When each process sent the last write of the lock of which it knows that it took effect. */
  const confirmedMs = new Map<DeployerProcess, number>();
  /** Who sent the write that made a version of the item, and when. */
  const sentAtMs = new Map<
    string,
    { readonly process: DeployerProcess; readonly sentMs: number }
  >();
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

  /** Write-ahead: whoever comes after can only know what stands in the lock. */
  function checkRecorded({ deployId, process, site }: Effect): void {
    const step = STEP_OF[site];
    if (step === undefined || process.wasRobbed) return;
    const { checkpoint } = facts;
    const recorded = checkpoint?.Step ?? 0;
    // A resume may be that of a start-over which had not looked yet.
    const hasLooked = process.spec.mode === 'deploy' || checkpoint?.NewActiveColor !== '';
    const isPutRight = !hasLooked && isPutRightFirst(site, facts);
    if (recorded < step && !isPutRight) {
      fail(17, `${site} of step ${step} while the lock says step ${recorded}`);
    }
    // The original tool's checkpoints name no deploy.
    const named = checkpoint?.X?.DeployID ?? deployId;
    if (named !== deployId) fail(17, `${site} of deploy ${deployId} while the lock names ${named}`);
  }

  return {
    sent(effect) {
      const { process, site } = effect;
      if (site === 'lock.update') return;
      checkOwner(effect);
      checkRecorded(effect);
      const ageMs = facts.clock.monotonicMs() - (confirmedMs.get(process) ?? -Infinity);
      if (ageMs > MAY_BEGIN_MS) {
        fail(16, `${site} was sent ${ageMs} ms after the last confirmed write of the lock`);
      }
      if (isLoser(process)) fail(16, `${site} was sent after the lock was lost`);
    },
    before(effect) {
      if (effect.site === 'lock.update') return;
      // What is late was sent by the owner: it has been looked at then.
      if (effect.sentMs === facts.clock.monotonicMs()) checkOwner(effect);
    },
    after({ process, sentMs, site, input }, failed) {
      if (site !== 'lock.update' || failed !== undefined) return;
      const version = versionOf(input['set'] as RawItem);
      if (versionOf(facts.lock.current) === version) {
        sentAtMs.set(version, { process, sentMs });
        if (ATTRIBUTE.owner in (input['set'] as RawItem)) losers.delete(process); // Taken once more.
      } else if (process.owners.size > 0 && !process.owners.has(facts.lock.owner ?? '')) {
        // The answer takes its time to arrive.
        losers.set(process, facts.clock.monotonicMs() + facts.latencyMs);
      }
    },
    answered({ process, site }) {
      if (site !== 'lock.update') return;
      // Be it a refusal: it shows the item, and whose it is.
      const shown = sentAtMs.get(versionOf(facts.lock.current));
      if (shown?.process !== process) return;
      confirmedMs.set(process, Math.max(shown.sentMs, confirmedMs.get(process) ?? 0));
    },
    ended(process) {
      if (losers.has(process) && process.ending?.kind === 'done') {
        fail(16, 'the lock was lost, and the deploy ended well all the same');
      }
    },
  };
}

function versionOf(item: RawItem | undefined): string {
  return item?.[ATTRIBUTE.recordVersionNumber]?.S ?? '';
}
