import { NeedsHumanError } from '../errors.ts';
import { type Colors, prioritiesOf, readColors, swapped } from './colors.ts';
import { type Color, otherColor, type TaskSet } from './model.ts';
import type { DeployContext } from './step.ts';
import { achieve, steadily } from './waiting.ts';

/**
 * What comes before a deploy that begins anew: that something serves, and that it is PRIMARY. Whatever
 * was cut off before may have left it otherwise, and so may people.
 */
export async function putRightFirst(context: DeployContext): Promise<void> {
  await restoreService(context);
  await makeServingPrimary(context);
}

/**
 * Sends traffic to the other colour when the active one has no task set any more: somebody deleted
 * what served. Users get errors then, so there is nothing to lose by it.
 * @returns whether there was anything to restore.
 * @throws {NeedsHumanError} when it is unclear which of several task sets should serve.
 */
export async function restoreService(context: DeployContext): Promise<boolean> {
  const found = await steadily(context, () => findWhatCouldServe(context));
  if (!found) return false;
  const { colors, taskSet } = found;
  const color = otherColor(colors.active);
  context.checkpoint.willChange();
  context.report({
    type: 'note',
    message: `Nothing runs on ${colors.active}, which serves: sending traffic to ${taskSet.id} on ${color}`,
  });
  const target = swapped(prioritiesOf(colors));
  const { blue, green } = colors.rules;
  await achieve(context, {
    // Also when somebody has put something there meanwhile.
    isReached: async () => (await findWhatCouldServe(context)) === undefined,
    change: () =>
      context.aws.rules.setPriorities(
        new Map([
          [blue.ruleArn, target.blue],
          [green.ruleArn, target.green],
        ]),
      ),
    waitingFor: `the rules to send traffic to ${color}`,
  });
  return true;
}

/** The version before on the idle colour, when nothing is on the active one. */
async function findWhatCouldServe(
  context: DeployContext,
): Promise<{ colors: Colors; taskSet: TaskSet } | undefined> {
  const { aws, checkpoint, plan } = context;
  const unproven = checkpoint.current.own.leftBehind ?? [];
  const [colors, service] = await Promise.all([readRules(context), aws.service.describe()]);
  const on = (targetGroupArn: string) =>
    (service?.taskSets ?? []).filter(
      ({ status, targetGroupArns }) =>
        status !== 'DRAINING' && targetGroupArns.includes(targetGroupArn),
    );
  if (on(plan.targetGroupArns[colors.active]).length > 0) return undefined;
  // What a deploy that is being replaced created has perhaps never been healthy.
  const idle = otherColor(colors.active);
  const there = on(plan.targetGroupArns[idle]);
  const candidates = there.filter(
    ({ externalId = '', id }) => !unproven.includes(id) && !unproven.includes(externalId),
  );
  const primary = candidates.find(({ status }) => status === 'PRIMARY');
  const taskSet = primary ?? candidates[0];
  if (!taskSet) return undefined;
  // As PRIMARY it can't be removed: with traffic on it, sick or not, the deploy has its colour free.
  if (!primary && !(await hasHealthyTarget(context, idle))) return undefined;
  if (there.length === 1) return { colors, taskSet };
  throw new NeedsHumanError(
    `Nothing runs on ${colors.active}, which serves, and several task sets on the other colour could: ${there.map(({ id }) => id).join(', ')}.`,
    { hint: 'Delete all but the right one, then -start-over.' },
  );
}

async function readRules({ aws, plan }: DeployContext): Promise<Colors> {
  return readColors(await aws.rules.describe(plan.listenerArn), plan.targetGroupArns);
}

/**
 * Before a deploy begins anew: what serves becomes PRIMARY. A deploy that was cut off between the
 * swap and that step left the old version PRIMARY on the idle colour, where nothing may touch it; the
 * next task set would be put beside it, and both versions would serve after the next swap.
 */
export async function makeServingPrimary(context: DeployContext): Promise<void> {
  let only = await steadily(context, () => findServingWithoutPrimary(context));
  if (!only) return;
  context.checkpoint.willChange();
  context.report({ type: 'note', message: `${only.id} serves: making it PRIMARY first` });
  await achieve(context, {
    isReached: async () => {
      only = await findServingWithoutPrimary(context);
      return only === undefined;
    },
    change: async () => {
      if (only) await context.aws.service.makePrimary(only.id);
    },
    waitingFor: `${only.id} to become PRIMARY`,
  });
}

/** The one task set that serves without being PRIMARY; undefined when all is well, or nothing serves. */
async function findServingWithoutPrimary(context: DeployContext): Promise<TaskSet | undefined> {
  const { aws, plan } = context;
  const [rules, service] = await Promise.all([
    aws.rules.describe(plan.listenerArn),
    aws.service.describe(),
  ]);
  const { active } = readColors(rules, plan.targetGroupArns);
  const serving = (service?.taskSets ?? []).filter(
    (set) =>
      set.status !== 'DRAINING' && set.targetGroupArns.includes(plan.targetGroupArns[active]),
  );
  const [only] = serving;
  if (!only || serving.some((set) => set.status === 'PRIMARY')) return undefined;
  if (serving.length > 1) {
    throw new NeedsHumanError(
      `${active} serves with several task sets, none of them PRIMARY: ${serving.map((set) => set.id).join(', ')}.`,
      {
        hint: 'Make the right one PRIMARY and delete the others, then -start-over.',
        isResumable: false,
      },
    );
  }
  await assertHealthy(context, active, only);
  return only;
}

/** What is made PRIMARY is kept, and what was it may be removed: that must not be the healthy one. */
async function assertHealthy(
  context: DeployContext,
  active: Color,
  { id }: TaskSet,
): Promise<void> {
  if (await hasHealthyTarget(context, active)) return;
  throw new NeedsHumanError(
    `${active} serves with ${id}, which is not PRIMARY and has no healthy target.`,
    {
      hint: 'If the other version is healthy, go back to it by hand (docs/operating.md), then -start-over.',
    },
  );
}

async function hasHealthyTarget({ aws, plan }: DeployContext, color: Color): Promise<boolean> {
  const targets = await aws.targets.describe(plan.targetGroupArns[color]);
  return targets.some(({ state }) => state === 'healthy');
}
