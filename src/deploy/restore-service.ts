import { NeedsHumanError } from '../errors.ts';
import { type Colors, prioritiesOf, readColors, swapped } from './colors.ts';
import { otherColor, type TaskSet } from './model.ts';
import type { DeployContext } from './step.ts';
import { achieve, steadily } from './waiting.ts';

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
  context.report({
    type: 'note',
    message: `Nothing runs on ${colors.active}, which serves: sending traffic to ${taskSet.id} on ${color}`,
  });
  const target = swapped(prioritiesOf(colors));
  const { blue, green } = colors.rules;
  await achieve(context, {
    isReached: async () => (await readRules(context)).active === color,
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
  const candidates = on(plan.targetGroupArns[otherColor(colors.active)]).filter(
    ({ externalId = '', id }) => !unproven.includes(id) && !unproven.includes(externalId),
  );
  const taskSet = candidates.find(({ status }) => status === 'PRIMARY') ?? candidates[0];
  if (!taskSet) return undefined;
  if (taskSet.status === 'PRIMARY' || candidates.length === 1) return { colors, taskSet };
  throw new NeedsHumanError(
    `Nothing runs on ${colors.active}, which serves, and several task sets on the other colour could: ${candidates.map(({ id }) => id).join(', ')}.`,
    { hint: 'Make the right one PRIMARY, then -start-over.' },
  );
}

async function readRules({ aws, plan }: DeployContext): Promise<Colors> {
  return readColors(await aws.rules.describe(plan.listenerArn), plan.targetGroupArns);
}
