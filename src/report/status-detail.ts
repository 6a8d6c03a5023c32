import { nextCommands } from '../deploy/next-commands.ts';
import type { EnvironmentStatus, IdleCost, TaskSetStatus } from '../status/environment-status.ts';
import { aligned, cell, labelled, type Line } from './status-cells.ts';
import {
  artifactOf,
  counted,
  errorLines,
  healthCell,
  joined,
  lockSentence,
  lockTone,
  outcomeCell,
  sizeText,
  targetsCell,
  tasksCell,
} from './status-words.ts';

/** How a status is worded. */
export interface Wording {
  /** Milliseconds since 1970, to tell how long ago something began. */
  readonly nowMs: number;
  /** What commands need beside the app and the environment, e.g. `-config x`. */
  readonly flags: readonly string[];
}

const INDENT = 2;

/** Everything about one environment: what is wrong and what to type, then what runs. */
export function environmentBlock(
  app: string,
  status: EnvironmentStatus,
  { flags, nowMs }: Wording,
): Line[] {
  const { accountId, environment, errors, health, idleCost, lock, problems, region } = status;
  const isUndecided = problems.some(({ code }) => code === 'unfinished-deploy');
  const { configSha, sha } = lock?.deploy ?? {};
  const target = {
    app: { name: app },
    environment: { name: environment },
    flags,
    ...(sha && { sha }),
  };
  return [
    ...aligned([
      [
        cell(`${app} ${environment}`, 'strong'),
        healthCell(health),
        cell(`account ${accountId}, ${region}`, 'quiet'),
      ],
    ]),
    ...problems.map(({ message }) => labelled('  !', message, 'bad')),
    ...(isUndecided ? nextCommands(target, configSha ? { configSha } : undefined) : '')
      .split('\n')
      .flatMap((command) => (command === '' ? [] : [labelled('   ', command, 'quiet')])),
    ...joined(errors).flatMap((error) => errorLines(error, '', '  ')),
    ...aligned(taskSetRows(status), INDENT),
    ...(lock ? [labelled('  lock    ', lockSentence(lock, nowMs), lockTone(lock.state))] : []),
    ...(idleCost ? [labelled('  cost    ', costSentence(idleCost))] : []),
  ];
}

function costSentence({ size, tasks }: IdleCost): string {
  const what = `${counted(tasks, 'task')} ${tasks === 1 ? 'runs' : 'run'} idle`;
  return size ? `${what}: ${sizeText(size)}` : what;
}

function taskSetRows(status: EnvironmentStatus): Line[] {
  const { activeColor, desiredCount, taskSets } = status;
  if (!taskSets) return [];
  const isServed = taskSets.some(({ role }) => role === 'serving');
  const why = desiredCount === 0 ? 'nothing: the service is scaled to 0' : 'nothing';
  const nothing = [cell('serving', 'quiet'), cell(activeColor ?? '-'), cell(why)];
  return [
    ...(isServed || !activeColor ? [] : [nothing]),
    ...taskSets.map((taskSet) => taskSetRow(taskSet, status)),
  ];
}

function taskSetRow(taskSet: TaskSetStatus, status: EnvironmentStatus): Line {
  const { color, configSha, role, status: ecsStatus, taskDefinition } = taskSet;
  const isLeaving = ecsStatus === 'DRAINING'; // Whose tags were not asked for.
  const tone = role === 'serving' && !isLeaving ? 'strong' : 'plain';
  return [
    { text: (isLeaving ? 'leaving' : role).padEnd('serving'.length), tone: 'quiet' },
    cell(color ?? '-', tone),
    cell(isLeaving ? '' : artifactOf(taskSet), tone),
    cell(configSha === undefined ? '' : `config ${configSha}`),
    tasksCell(taskSet),
    isLeaving ? cell('') : targetsCell(taskSet, status),
    cell(ecsStatus, ecsStatus === 'PRIMARY' ? 'plain' : 'quiet'),
    cell(taskDefinition, 'quiet'),
    isLeaving ? cell('') : outcomeCell(taskSet),
  ];
}
