import { prioritiesOf, readColors } from '../deploy/colors.ts';
import { familyAndRevision, otherColor, type TaskSet } from '../deploy/model.ts';
import type { DeployPlan } from '../deploy/plan.ts';
import type { Command } from '../deploy/ports.ts';
import { type CommandsMember, shownCommands } from '../deploy/shown-commands.ts';
import { BLUE_GREEN_STEPS } from '../deploy/steps/index.ts';
import { commandLine } from '../report/wording.ts';
import { plainTime } from './duration.ts';
import type { StepAhead, Swap } from './model.ts';
import type { Rehearsal, RehearsedStep } from './rehearse.ts';
import { type Change, NEW_TASK_SET, type Snapshot } from './stage.ts';

/** What the steps' texts need beside the rehearsal. */
export interface Scene {
  readonly plan: DeployPlan;
  readonly snapshot: Snapshot;
  /** What step 1 would do. */
  readonly lock: string;
  /** Names a task set for people, version and all. */
  readonly nameOf: (taskSet: TaskSet) => string;
}

/** All thirteen steps, with what each of them would do now. */
export function stepsAhead(rehearsal: Rehearsal, scene: Scene): StepAhead[] {
  const { failure, steps } = rehearsal;
  const reached = new Map(steps.map((step) => [step.number, step]));
  const last = steps.at(-1)?.number;
  const lock: StepAhead = {
    number: 1,
    name: 'acquire-lock',
    title: 'Take the lock',
    state: 'ahead',
    details: [scene.lock],
  };
  return [
    lock,
    ...BLUE_GREEN_STEPS.map(({ name, number, title }): StepAhead => {
      const step = reached.get(number);
      const known = { number, name, title };
      if (!step) return { ...known, state: 'unreached', details: [] };
      if (step.skipped !== undefined) return { ...known, state: 'done', details: [step.skipped] };
      return failure && number === last
        ? { ...known, state: 'fails', details: [failure.message] }
        : { ...known, state: 'ahead', details: detailsOf(step, rehearsal, scene) };
    }),
  ];
}

type Details = (step: RehearsedStep, rehearsal: Rehearsal, scene: Scene) => string[];

/** By the step's number. */
const DETAILS: Readonly<Record<number, Details>> = {
  2: ({ commands }, _, { plan }) =>
    commandLines(plan.preDeployCommands, commands, plan, 'PreDeployCommandTemplates'),
  3: (_step, { checkpoint: { newActiveColor: color } }) =>
    color === '' ? [] : [`${otherColor(color)} serves, ${color} gets the new version`],
  4: ({ changes }, _, scene) => [
    ...scene.snapshot.service.taskSets
      .filter(({ status }) => status === 'DRAINING')
      .map((taskSet) => `waits until ${scene.nameOf(taskSet)} is gone`),
    ...changes.flatMap((change) =>
      change.kind === 'remove' ? [`removes ${scene.nameOf(change.taskSet)}`] : [],
    ),
  ],
  5: (_step, _, { plan }) => [`a new revision of ${plan.family}`],
  6: (_step, { checkpoint: { newActiveColor: color } }, { snapshot }) => [
    `on ${color}, with ${tasks(snapshot)}`,
  ],
  7: (_step, { checkpoint }, { plan, snapshot }) => [
    `until ${tasks(snapshot)} of ${named(checkpoint.newTaskSetId)} ${snapshot.service.desiredCount === 1 ? 'runs and is' : 'run and are'} healthy, for ${plainTime(plan.timeouts.rolloutMs / 1000)} at most`,
  ],
  8: () => ['once more right before users get it'],
  9: ({ changes }, rehearsal, { plan, snapshot }) =>
    changes.some(({ kind }) => kind === 'set-priorities')
      ? swapText(rehearsal, plan, snapshot)
      : [],
  10: (_step, { checkpoint: { newTaskSetId, own } }) => [
    named(newTaskSetId),
    ...(own?.originalPrimaryId ? [`${own.originalPrimaryId} stays, to take traffic back`] : []),
  ],
  11: (_step, _, { plan }) => [
    plan.bakeMs === 0 ? 'one look: no bake time is set' : `for ${plainTime(plan.bakeMs / 1000)}`,
  ],
  12: ({ commands }, { checkpoint }, { plan }) => {
    const taskDefinition = familyAndRevision(checkpoint.own?.taskDefinitionArn ?? '');
    const all = plan.postDeployCommands(taskDefinition);
    return commandLines(all, commands, plan, 'PostDeployCommandTemplates');
  },
  13: (_step, _, { plan }) => [
    `records that ${plan.artifact.value} with configuration ${plan.configSha} succeeded in ${plan.environment}`,
  ],
};

function detailsOf(step: RehearsedStep, rehearsal: Rehearsal, scene: Scene): string[] {
  return DETAILS[step.number]?.(step, rehearsal, scene) ?? [];
}

/** Those that would run, which are the last ones, with what may be secret hidden. */
function commandLines(
  all: readonly Command[],
  run: readonly Command[],
  plan: DeployPlan,
  member: CommandsMember,
): string[] {
  return shownCommands(all, plan, member)
    .slice(all.length - run.length)
    .map(({ program, arguments: args }) => commandLine(program, args));
}

function swapText(rehearsal: Rehearsal, plan: DeployPlan, snapshot: Snapshot): string[] {
  const swap = swapOf(rehearsal, plan, snapshot);
  if (!swap) return [];
  const { after, before, from, to } = swap;
  const change = (color: 'blue' | 'green') => `${color} ${before[color]} → ${after[color]}`;
  return [`from ${from} to ${to}: ${change('blue')}, ${change('green')}`];
}

/** The exchange of the two rules' priorities; undefined when none is ahead. */
export function swapOf(
  { checkpoint, steps }: Rehearsal,
  { targetGroupArns }: DeployPlan,
  { rules }: Snapshot,
): Swap | undefined {
  const { newActiveColor: to, own } = checkpoint;
  const before = own?.priorities;
  const change = steps
    .flatMap(({ changes }) => changes)
    .find((change) => change.kind === 'set-priorities');
  if (!change || !before || to === '') return undefined;
  const { blue, green } = readColors(rules, targetGroupArns).rules;
  const after = {
    blue: change.priorities.get(blue.ruleArn) ?? before.blue,
    green: change.priorities.get(green.ruleArn) ?? before.green,
  };
  return { from: otherColor(to), to, before, after };
}

/** What is put right before the first step. */
export function firstText(change: Change, { plan, snapshot }: Scene): string {
  if (change.kind === 'make-primary') return `makes ${named(change.taskSetId)} PRIMARY`;
  if (change.kind !== 'set-priorities') return change.kind;
  const colors = readColors(snapshot.rules, plan.targetGroupArns);
  const { active } = colors;
  const now = prioritiesOf(colors);
  return `sends traffic back to ${otherColor(active)}: nothing runs on ${active} (priorities ${now.blue} and ${now.green} are exchanged)`;
}

function named(taskSetId: string): string {
  return taskSetId === NEW_TASK_SET ? 'the new task set' : taskSetId;
}

function tasks({ service: { desiredCount } }: Snapshot): string {
  return desiredCount === 1 ? '1 task' : `${desiredCount} tasks`;
}
