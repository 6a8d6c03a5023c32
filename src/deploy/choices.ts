import { readColors } from './colors.ts';
import type { Checkpoint } from './checkpoint.ts';
import { externalIdOf } from './lineage.ts';
import { otherColor, type TaskSet } from './model.ts';
import { swapHasBegun } from './recorded.ts';
import type { RulesPort, ServicePort } from './ports.ts';
import type { DeployRequest } from './request.ts';

/** What both ways on from a deploy that was cut off would do now, each in a sentence. */
export interface Choices {
  readonly resume: string;
  readonly startOver: string;
}

/** What is asked for that. */
export interface ChoiceTools {
  readonly aws: {
    readonly rules: Pick<RulesPort, 'describe'>;
    readonly service: Pick<ServicePort, 'describe'>;
  };
}

/**
 * Looks what a deploy that was cut off has left in AWS. For showing only: whoever goes on looks again.
 * @returns undefined when AWS can't be asked, or shows no two colours.
 */
export async function readChoices(
  { environment }: DeployRequest,
  checkpoint: Checkpoint,
  { aws }: ChoiceTools,
): Promise<Choices | undefined> {
  try {
    const [rules, service] = await Promise.all([
      aws.rules.describe(environment.listenerArn),
      aws.service.describe(),
    ]);
    const { targetGroupArns } = environment;
    const { active } = readColors(rules, targetGroupArns);
    const live = (service?.taskSets ?? []).filter(({ status }) => status !== 'DRAINING');
    const on = (color: 'blue' | 'green') =>
      live.filter((set) => set.targetGroupArns.includes(targetGroupArns[color]));
    const ours = live.find((set) => isOf(checkpoint, set));
    const isSwapped = active === checkpoint.newActiveColor && swapHasBegun(checkpoint);
    return {
      resume: whatResumeDoes(checkpoint, ours, isSwapped),
      startOver: whatStartOverDoes({ ours, serving: on(active), idle: on(otherColor(active)) }),
    };
  } catch {
    return undefined; // Who has the lock is told all the same.
  }
}

function isOf({ newTaskSetId, own }: Checkpoint, set: TaskSet): boolean {
  return set.id === newTaskSetId || (own !== undefined && set.externalId === externalIdOf(own));
}

function whatResumeDoes(
  { artifact, step }: Checkpoint,
  ours: TaskSet | undefined,
  isSwapped: boolean,
): string {
  if (isSwapped) {
    return ours?.status === 'PRIMARY'
      ? `${artifact.value} serves already and is PRIMARY; what is left after step 10 is done`
      : `${artifact.value} serves already; it is made PRIMARY, and the rest is done`;
  }
  return ours
    ? `${ours.id} is waited for, verified, and gets the traffic`
    : `nothing of ${artifact.value} runs yet; it goes on from step ${Math.min(step, 6)}`;
}

function whatStartOverDoes({
  idle,
  ours,
  serving,
}: {
  readonly ours: TaskSet | undefined;
  readonly serving: readonly TaskSet[];
  readonly idle: readonly TaskSet[];
}): string {
  const gone = idle.map(({ id }) => id).join(', ');
  const removes = gone === '' ? '' : `, ${gone} is removed`;
  const [first] = serving;
  if (!first) {
    return idle.length === 0
      ? 'nothing runs; it is deployed afresh'
      : `nothing serves; traffic is sent to what runs first, if it had served before`;
  }
  const isPrimary = serving.some(({ status }) => status === 'PRIMARY');
  const label = isPrimary ? '' : `, ${first.id} is made PRIMARY first`;
  const lossOfWayBack =
    ours && serving.includes(ours) && idle.length > 0 ? ', and with it the fast way back' : '';
  return `${first.id} goes on serving${label}${removes}${lossOfWayBack}`;
}
