import type { EnvironmentStatus, Health, ReadError } from '../status/environment-status.ts';
import { sumOfSizes } from '../status/idle-cost.ts';
import type { AppOverview, Overview } from '../status/overview.ts';
import { cell, type Line } from './status-cells.ts';
import { environmentBlock, type Wording } from './status-detail.ts';
import { statusTable } from './status-table.ts';
import { counted, errorLines, type JoinedError, joined, sizeText } from './status-words.ts';

/** From so many environments on, what they can't be read for is told once. */
const SHARED_FROM = 4;

/**
 * A status for people. Of one app everything is told; of several one line for each environment, and
 * everything about those that are not healthy.
 */
export function statusLines(overview: Overview, wording: Wording): Line[] {
  const { apps } = overview;
  const [only] = apps;
  const body = only && apps.length === 1 ? oneApp(only, wording) : manyApps(apps, wording);
  return [...body, [], summaryLine(overview)];
}

const EMPTY: Line = [];

function oneApp({ app, environments, latest }: AppOverview, wording: Wording): Line[] {
  const blocks = environments.map((status) => environmentBlock(app, status, wording));
  const newest = latest === undefined ? [] : [[cell(`Newest build of ${app}: ${latest}`)], EMPTY];
  return [...newest, ...separated(blocks)];
}

function manyApps(apps: readonly AppOverview[], wording: Wording): Line[] {
  const all = apps.flatMap(({ app, environments }) =>
    environments.map((status) => ({ app, status })),
  );
  const shared = sharedErrors(all.map(({ status }) => status));
  const isShared = (error: ReadError) => shared.has(error.message);
  const blocks = all
    .map(({ app, status }) => ({
      app,
      status: { ...status, errors: status.errors.filter((error) => !isShared(error)) },
    }))
    .filter(({ status }) => status.problems.length + status.errors.length > 0)
    .map(({ app, status }) => environmentBlock(app, status, wording));
  const sharedBlocks = [...shared.values()].map(({ count, error }) =>
    errorLines(error, ` of ${counted(count, 'environment')}`),
  );
  return separated([statusTable(apps), ...sharedBlocks, ...blocks]);
}

interface SharedError {
  readonly error: JoinedError;
  readonly count: number;
}

/** By message: those that many environments have in common, such as missing credentials. */
function sharedErrors(statuses: readonly EnvironmentStatus[]): Map<string, SharedError> {
  const counts = new Map<string, number>();
  for (const { errors } of statuses) {
    for (const { message } of joined(errors)) counts.set(message, (counts.get(message) ?? 0) + 1);
  }
  const all = joined(statuses.flatMap(({ errors }) => errors));
  return new Map(
    all
      .map((error) => ({ error, count: counts.get(error.message) ?? 0 }))
      .filter(({ count }) => count >= SHARED_FROM)
      .map((shared) => [shared.error.message, shared]),
  );
}

/** `3 environments: 2 healthy, 1 degraded. 4 tasks run idle: 1 vCPU, 2 GB.` */
export function summaryLine({ apps, health }: Overview): Line {
  const all = apps.flatMap(({ environments }) => environments);
  const tone = ({ healthy: 'good', degraded: 'bad', unknown: 'warn' } as const)[health];
  const counts = (['healthy', 'degraded', 'unknown'] as const)
    .map((each): [Health, number] => [each, all.filter((one) => one.health === each).length])
    .filter(([, count]) => count > 0)
    .map(([each, count]) => `${count} ${each}`);
  return [
    cell(`${counted(all.length, 'environment')}: ${counts.join(', ')}.`, tone),
    { text: idleText(all), tone: 'plain' },
  ];
}

function idleText(all: readonly EnvironmentStatus[]): string {
  const costs = all.flatMap(({ idleCost }) => idleCost ?? []);
  const tasks = costs.reduce((sum, cost) => sum + cost.tasks, 0);
  if (tasks === 0) return '';
  const sizes = costs.flatMap(({ size }) => size ?? []);
  const size = sizes.length === costs.length ? `: ${sizeText(sizes.reduce(sumOfSizes))}` : '';
  return ` ${counted(tasks, 'task')} ${tasks === 1 ? 'runs' : 'run'} idle${size}.`;
}

function separated(blocks: readonly Line[][]): Line[] {
  return blocks.flatMap((block, at) => (at === 0 ? block : [EMPTY, ...block]));
}
