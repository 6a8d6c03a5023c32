import type { EnvironmentStatus, TaskSetStatus } from '../status/environment-status.ts';
import type { AppOverview } from '../status/overview.ts';
import { aligned, cell, type Line } from './status-cells.ts';
import {
  artifactOf,
  countsCellOf,
  healthCell,
  lockCell,
  targetsCell,
  tasksCell,
} from './status-words.ts';

const HEADINGS = [
  'APP',
  'ENV',
  'HEALTH',
  'SERVING',
  '',
  'CONFIG',
  'TASKS',
  'TARGETS',
  'IDLE',
  'LOCK',
];

/** One line for each environment. */
export function statusTable(apps: readonly AppOverview[]): Line[] {
  const rows = apps.flatMap(({ app, environments }) =>
    environments.map((status) => tableRow(app, status)),
  );
  return aligned([HEADINGS.map((heading) => cell(heading, 'quiet')), ...rows]);
}

function tableRow(app: string, status: EnvironmentStatus): Line {
  const serving = servingIn(status);
  const absent = cell('-');
  return [
    cell(app),
    cell(status.environment, 'strong'),
    healthCell(status.health),
    cell(status.activeColor ?? '-', 'strong'),
    serving ? cell(artifactOf(serving), 'strong') : cell(status.taskSets ? 'nothing' : '-'),
    cell(serving?.configSha ?? '-'),
    serving ? countsCellOf(serving) : absent,
    serving ? targetsCell(serving, status) : absent,
    cell(idleText(status) ?? '-', 'quiet'),
    lockCell(status.lock),
  ];
}

/** One environment in a line, for a log: without columns. */
export function shortLine(app: string, status: EnvironmentStatus): Line {
  const serving = servingIn(status);
  const idle = idleText(status);
  const lock = lockCell(status.lock);
  const cells = [
    healthCell(status.health),
    cell(`${status.activeColor ?? 'unknown'} serves${serving ? '' : ' nothing'}`),
    ...(serving
      ? [
          cell(artifactOf(serving), 'strong'),
          ...(serving.configSha === undefined ? [] : [cell(`config ${serving.configSha}`)]),
          tasksCell(serving),
          targetsCell(serving, status),
        ]
      : []),
    ...(idle === undefined ? [] : [cell(`idle ${idle}`, 'quiet')]),
    cell(`lock ${lock.text}`, lock.tone),
  ];
  return [
    cell(`${app} ${status.environment}`, 'strong'),
    ...cells.flatMap((each): Line => [{ text: '  ', tone: 'plain' }, each]),
  ];
}

function servingIn({ taskSets = [] }: EnvironmentStatus): TaskSetStatus | undefined {
  return taskSets.find(({ role, status }) => role === 'serving' && status !== 'DRAINING');
}

/** `hello:1a2b3c4d 2/2` */
function idleText({ taskSets = [] }: EnvironmentStatus): string | undefined {
  const idle = taskSets.filter(({ role, status }) => role === 'idle' && status !== 'DRAINING');
  const [first] = idle;
  if (!first) return undefined;
  const more = idle.length > 1 ? ` and ${idle.length - 1} more` : '';
  return `${artifactOf(first)} ${countsCellOf(first).text}${more}`;
}
