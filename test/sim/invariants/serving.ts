import type { Checker, CheckerTools, Effect } from './checker.ts';

/** What users get: invariants 1, 2, 3, 8 and 14. */
export function servingChecker({ facts, fail }: CheckerTools): Checker {
  const healthyAtStart = facts.healthyOn(facts.servingColor);
  let hasEverServed = healthyAtStart > 0;
  /** Ids of task sets that have had traffic. */
  const hasServed = new Set<string>();
  let servingBefore = facts.servingColor;
  /** Whether traffic has moved and PRIMARY has not followed yet. */
  let isBetween = false;

  function checkHealth(): void {
    const healthy = facts.healthyOn(facts.servingColor);
    hasEverServed ||= healthy > 0;
    if (!hasEverServed || facts.isExcused(1)) return;
    const { desiredCount } = facts.world.service;
    if (healthy < desiredCount) {
      fail(1, `${facts.servingColor} serves with ${healthy} healthy targets of ${desiredCount}`);
    }
  }

  function noteServing(): void {
    for (const { id } of facts.liveOn(facts.servingColor)) hasServed.add(id);
  }

  function checkVersions(): void {
    const owners = new Set(facts.targetsOf(facts.servingColor).map(({ taskSetId }) => taskSetId));
    if (owners.size > 1 && !facts.isExcused(2)) {
      fail(2, `targets of several task sets serve: ${[...owners].join(', ')}`);
    }
  }

  function checkPrimary(): void {
    const { primary } = facts;
    if (!primary || facts.serves(primary) || isBetween || facts.isExcused(8)) return;
    fail(8, `PRIMARY ${primary.id} does not serve, and no swap is under way`);
  }

  function checkPriorities(): void {
    const now = facts.priorities();
    if (now.join() !== facts.prioritiesAtStart.join()) {
      fail(14, `the priorities were ${facts.prioritiesAtStart.join()} and are ${now.join()}`);
    }
  }

  /** The swap may only promote a task set that is ready. */
  function checkSwap({ deployId }: Effect): void {
    const color = facts.servingColor;
    const sets = facts.liveOn(color);
    const [set] = sets;
    const isRestored = set && facts.liveOn(facts.idleColor).length === 0;
    if (isRestored && !facts.createdBy(deployId).includes(set)) {
      // Users got nothing before: one healthy target is better.
      const isBetter = set.status === 'PRIMARY' || facts.healthyOn(color) > 0;
      if (sets.length > 1 || !isBetter) fail(3, `traffic was restored to ${color}, which is sick`);
      if (facts.isOfLineage(set) && !hasServed.has(set.id)) {
        fail(3, `traffic was restored to ${set.id}, which had never served`);
      }
      return;
    }
    const targets = facts.targetsOf(color);
    const running = [...(set?.tasks ?? [])].filter(({ lastStatus }) => lastStatus === 'RUNNING');
    const isReady =
      set !== undefined &&
      sets.length === 1 &&
      set.stabilityStatus === 'STEADY_STATE' &&
      set.computedDesiredCount >= 1 &&
      running.length === set.computedDesiredCount &&
      targets.length === running.length &&
      facts.healthyOn(color) === targets.length;
    if (!isReady) fail(3, `traffic moved to ${color}, which was not ready for it`);
  }

  /** A repetition of the swap must not swap back. */
  function checkOwnSwap({ deployId }: Effect): void {
    const created = facts.createdBy(deployId);
    if (created.length === 0 || created.some((set) => facts.serves(set))) return;
    fail(3, `traffic moved away from ${created[0]?.id}, which this deploy has built`);
  }

  /** Whoever went back by hand has had reasons. */
  function checkPromotion({ input, sentMs }: Effect): void {
    const set = facts.taskSet(String(input['primaryTaskSet']));
    if (!set || facts.serves(set) || sentMs !== facts.clock.monotonicMs()) return;
    fail(8, `${set.id} is made PRIMARY, and ${facts.servingColor} serves`);
  }

  return {
    before(effect) {
      if (effect.site === 'ecs.UpdateServicePrimaryTaskSet') checkPromotion(effect);
    },
    after(effect) {
      const { site } = effect;
      if (site === 'elb.SetRulePriorities') {
        const serving = facts.servingColor;
        if (serving !== servingBefore) {
          isBetween = true;
          servingBefore = serving;
          checkSwap(effect);
          checkOwnSwap(effect);
        }
      }
      if (site === 'ecs.UpdateServicePrimaryTaskSet') {
        isBetween = false;
        checkPrimary();
      }
    },
    state() {
      checkHealth();
      checkVersions();
      checkPrimary();
      checkPriorities();
      noteServing();
    },
  };
}
