import { HELLO } from '../engine/hello.ts';
import type { Color } from '../../../src/deploy/model.ts';
import type { Checker, CheckerTools, Effect } from './checker.ts';

const TASK_SETS_MAX = 5;

/** What happens to task sets: invariants 4, 5, 6, 7, 13 and 25. */
export function taskSetChecker({ facts, fail }: CheckerTools): Checker {
  const strays = facts.taskSets.length;
  const creations = new Map<string, number>();
  let setsBefore = 0;
  let attachedBefore: readonly string[] = [];

  /** Scaling to nothing and deletion alike: the set goes away. */
  function checkRemoval({ input, deployId }: Effect): void {
    const id = idOf(input['taskSet']);
    const set = facts.taskSet(id);
    if (!set || set.status === 'DRAINING') return;
    if (facts.serves(set)) fail(5, `${id} serves and is about to be removed`);
    if (set.status === 'PRIMARY') fail(6, `${id} is PRIMARY and is about to be removed`);
    if (facts.lineages.get(deployId)?.originalId === id) {
      fail(7, `${id} is what this deploy began with, and is about to be removed`);
    }
  }

  /** A forced deletion cuts off what the tasks are still doing. */
  function checkStopped({ input }: Effect): void {
    const set = facts.taskSet(idOf(input['taskSet']));
    const isStale = facts.world.world.settings.staleReadSeconds > 0;
    if (!set || isStale || facts.isExcused(29)) return;
    const { length } = [...set.tasks].filter(({ lastStatus }) => lastStatus !== 'STOPPED');
    if (length > 0) fail(29, `${set.id} is deleted while ${length} of its tasks run`);
  }

  /** Users would get the new version before anybody has seen it healthy. */
  function checkIdle({ input, sentMs }: Effect): void {
    if (sentMs !== facts.clock.monotonicMs()) return;
    const color = colorOf(input);
    if (color === facts.servingColor) fail(4, `a task set is created on ${color}, which serves`);
  }

  function checkCreation({ deployId, input }: Effect): void {
    if (facts.taskSets.length <= setsBefore) return;
    if (attachedBefore.length > 0) {
      fail(4, `a task set was created beside ${attachedBefore.join(', ')}`);
    }
    const externalId = String(input['externalId']);
    const count = (creations.get(externalId) ?? 0) + 1;
    creations.set(externalId, count);
    if (count > 1) fail(13, `${externalId} was created ${count} times`);
    const attempt = Number(externalId.slice(externalId.lastIndexOf('.') + 1));
    if (attempt > 1 && !facts.isExcused(13, deployId)) {
      fail(13, `attempt ${attempt}, though nothing happened to the one before`);
    }
  }

  return {
    before(effect) {
      const { input, site } = effect;
      const isScaleDown =
        site === 'ecs.UpdateTaskSet' && (input['scale'] as { value?: number }).value === 0;
      if (site === 'ecs.DeleteTaskSet' || isScaleDown) checkRemoval(effect);
      if (site === 'ecs.DeleteTaskSet') checkStopped(effect);
      if (site !== 'ecs.CreateTaskSet') return;
      checkIdle(effect);
      setsBefore = facts.taskSets.length;
      attachedBefore = facts.taskSetsOn(colorOf(input)).map(({ id }) => id);
    },
    after(effect) {
      if (effect.site === 'ecs.CreateTaskSet') checkCreation(effect);
    },
    state() {
      const count = facts.taskSets.length;
      if (count > TASK_SETS_MAX || (count > 3 + strays && !facts.isExcused(25)))
        fail(25, `there are ${count} task sets`);
    },
  };
}

function colorOf(input: Effect['input']): Color {
  const [balancer] = input['loadBalancers'] as readonly { targetGroupArn: string }[];
  return balancer?.targetGroupArn === HELLO.environment.targetGroupArns.blue ? 'blue' : 'green';
}

function idOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
