import type { DeployEvent, Reporter, Serving } from '../../../src/report/events.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

export const NEW: Serving = {
  color: 'green',
  artifact: 'hello:abcd1234',
  configSha: '1a2b3c4d',
  taskDefinition: 'hello-dev:17',
  taskSetId: 'ecs-svc/0017',
  runningCount: 2,
};

export const OLD: Serving = {
  color: 'blue',
  artifact: 'hello:00001111',
  configSha: '0f0f0f0f',
  taskDefinition: 'hello-dev:16',
  taskSetId: 'ecs-svc/0016',
  runningCount: 1,
};

/** One thing that happens: an event, or time that passes. */
export type Happening = DeployEvent | { readonly passMs: number };

const step = (number: number, name: string, title: string) => ({ number, name, title });

const STARTED: DeployEvent = {
  type: 'deploy.started',
  app: 'hello',
  environment: 'dev',
  artifact: 'hello:abcd1234',
  buildNumber: 7,
  configSha: '1a2b3c4d',
  mode: 'deploy',
};

export const ROLLOUT = step(7, 'await-steady-state', 'Wait for the rollout');
const PRE = step(2, 'run-pre-deploy-commands', 'Run the pre-deploy commands');

export const wait = (waitingFor: string, elapsedMs: number): DeployEvent => ({
  type: 'wait.progressed',
  waitingFor,
  elapsedMs,
  remainingMs: 300_000 - elapsedMs,
});

/** A deploy in which everything goes well. */
export const SUCCESS: readonly Happening[] = [
  STARTED,
  { type: 'step.started', ...PRE },
  { type: 'command.started', program: 'queue', arguments: ['-env', 'dev', 'stop all'] },
  { type: 'command.output', program: 'queue', line: 'stopping' },
  { type: 'command.finished', program: 'queue', durationMs: 1_200 },
  { type: 'step.finished', ...PRE, durationMs: 1_250 },
  {
    type: 'step.skipped',
    ...step(4, 'remove-stale-task-sets', 'Remove stale task sets'),
    why: 'there are none',
  },
  { type: 'step.started', ...ROLLOUT },
  wait('0 of 2 tasks running', 0),
  { passMs: 2_000 },
  wait('1 of 2 tasks running', 2_000),
  { passMs: 2_000 },
  { type: 'warning', message: 'A task was slow.\nIt is running now.' },
  {
    type: 'step.finished',
    ...ROLLOUT,
    durationMs: 64_000,
    detail: '2 tasks running, 2 targets healthy',
  },
  { type: 'note', message: 'The old task set stays for a rollback.' },
  { type: 'deploy.finished', serving: NEW, durationMs: 75_400 },
];

/** A deploy that fails before any traffic moved. */
export const FAILURE: readonly Happening[] = [
  { ...STARTED, mode: 'resume' },
  { type: 'step.started', ...ROLLOUT },
  wait('0 of 2 tasks running', 0),
  { passMs: 2_000 },
  { type: 'step.failed', ...ROLLOUT, durationMs: 2_000 },
  {
    type: 'deploy.failed',
    message: 'Tasks stop as soon as they start.\nEssential container exited: exit code 1.',
    hint: 'Fix it, then run:\necs-deploy -app hello -env dev -start-over -sha <sha>',
    exitCode: 1,
    serving: OLD,
    durationMs: 3_000,
  },
];

/** A stream that keeps what is written. */
export function fakeStream(options: { isTTY?: boolean; columns?: number } = {}) {
  const stream = {
    text: '',
    ...options,
    write: (text: string) => void (stream.text += text),
  };
  return stream;
}

/** Plays a scene to the reporter that `make` makes, up to its end but not its closing. */
export function play(
  scene: readonly Happening[],
  make: (clock: VirtualClock) => Reporter,
): { reporter: Reporter; clock: VirtualClock } {
  const clock = new VirtualClock();
  const reporter = make(clock);
  for (const happening of scene) {
    if ('passMs' in happening) clock.advanceSync(happening.passMs);
    else reporter.event(happening);
  }
  return { reporter, clock };
}

const TOKENS = new RegExp(String.raw`\u001B\[[\d;?]*[A-Za-z]|[^\u001B]`, 'gu');

/** What a terminal of this width shows after all that was written: lines, without colours. */
export function screen(written: string, columns = 200): string {
  const lines = [''];
  let column = 0;
  for (const [token] of written.matchAll(TOKENS)) {
    const row = lines.length - 1;
    const line = lines[row] ?? '';
    if (token === '\n') column = lines.push('') * 0;
    else if (token === '\r') column = 0;
    else if (token === '\u001B[K') lines[row] = line.slice(0, column);
    else if (!token.startsWith('\u001B')) {
      if (column >= columns) throw new Error(`Wrapped: ${line}`);
      lines[row] = line.slice(0, column) + token + line.slice(column + 1);
      column++;
    }
  }
  return lines.join('\n');
}
