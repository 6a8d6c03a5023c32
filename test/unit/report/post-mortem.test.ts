import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { UsageError } from '../../../src/errors.ts';
import type { DeployEvent } from '../../../src/report/events.ts';
import { watchEventLoop } from '../../../src/report/event-loop.ts';
import { createCallLog, logEvents, openPostMortem } from '../../../src/report/post-mortem.ts';
import { createRedactor } from '../../../src/report/redactor.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { ROLLOUT, wait } from './scenes.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ecs-deploy-log-'));
  path = join(folder, 'deploy.log');
});
afterEach(() => rm(folder, { recursive: true }));

const open = (...secrets: string[]) =>
  openPostMortem({ path, clock: new VirtualClock(), redactor: createRedactor(...secrets) });

async function logged(): Promise<Record<string, unknown>[]> {
  const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

test('a line is in the file as soon as it is logged, before anything is closed', async () => {
  const { log, close } = open();

  log.info('hello');

  expect(await logged()).toStrictEqual([
    { level: 30, time: '2026-01-01T00:00:00.000Z', pid: process.pid, msg: 'hello' },
  ]);
  close();
});

test('a log is appended to, and only its owner may read it', async () => {
  await writeFile(path, '{"msg":"before"}\n', { mode: 0o600 });
  const { log, close } = open();
  log.info('after');
  close();

  expect((await logged()).map(({ msg }) => msg)).toStrictEqual(['before', 'after']);

  await rm(path);
  open().close();
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});

test('a folder that does not exist is a mistake on the command line', () => {
  path = join(folder, 'missing', 'deploy.log');

  expect(open).toThrow(UsageError);
  expect(open).toThrow(/The log file can't be opened: ENOENT/);
});

test('logging after the log was closed does no harm', async () => {
  const { log, close } = open();
  close();
  close();

  log.info('late');

  expect(await readFile(path, 'utf8')).toBe('');
});

test('secrets are masked by value and by name', async () => {
  const { log, close } = open('hunter2-"x"');

  log.info({ config: { note: 'hunter2-"x"', password: 'unknown' }, sessionToken: 'other' }, 'in');
  log.error(new Error('with hunter2-"x" in it'));
  close();

  const text = await readFile(path, 'utf8');
  expect(text).not.toMatch(/hunter2|unknown|other/);
  expect((await logged())[0]).toMatchObject({
    config: { note: '***', password: '***' },
    sessionToken: '***',
  });
});

test('events are logged and shown', async () => {
  const { log, close } = open();
  const shown: DeployEvent[] = [];
  let isClosed = false;
  const reporter = logEvents(
    {
      event: (event) => shown.push(event),
      close: () => {
        isClosed = true;
      },
    },
    log,
  );
  const failed: DeployEvent = { type: 'step.failed', ...ROLLOUT, durationMs: 5 };

  reporter.event(wait('2 tasks', 1));
  reporter.event(failed);
  reporter.close();
  close();

  expect(shown).toStrictEqual([wait('2 tasks', 1), failed]);
  expect(isClosed).toBe(true);
  expect(await logged()).toMatchObject([
    { level: 20, msg: 'wait.progressed', event: { waitingFor: '2 tasks' } },
    { level: 50, msg: 'step.failed', event: { number: 7, durationMs: 5 } },
  ]);
});

test('AWS calls are logged, those that failed as warnings', async () => {
  const { log, close } = open();
  const logCall = createCallLog(log);
  const call = { service: 'ECS', operation: 'DescribeServices', attempt: 1, durationMs: 12 };

  logCall({ ...call, requestId: 'r-1', httpStatus: 200 });
  logCall({ ...call, attempt: 2, error: 'ThrottlingException' });
  close();

  expect(await logged()).toMatchObject([
    { level: 30, msg: 'ECS.DescribeServices', requestId: 'r-1', httpStatus: 200, attempt: 1 },
    { level: 40, msg: 'ECS.DescribeServices', error: 'ThrottlingException', attempt: 2 },
  ]);
});

test('the log tells for how long the process was kept from running', async () => {
  const { close, log } = open();
  const stop = watchEventLoop(log);
  await nextTurn();
  const untilMs = performance.now() + 120;
  while (performance.now() < untilMs); // Nothing else runs meanwhile.
  await nextTurn();

  stop();
  close();

  const [line] = await logged();
  expect(line).toMatchObject({ msg: 'event loop delay', maxMs: expect.any(Number) });
  expect((line as { maxMs: number }).maxMs).toBeGreaterThan(60);
});

/** So much later that the measurement has looked at least once. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 50);
  });
}

test('a secret that looks like a number or a name of ours leaves the lines readable', async () => {
  const { log, close } = open('120000', 'command');

  logEvents({ event: () => {}, close: () => {} }, log).event({
    type: 'command.finished',
    program: 'run 120000',
    durationMs: 120_000,
  });
  close();

  expect(await logged()).toMatchObject([
    { event: { type: 'command.finished', program: 'run ***', durationMs: 120_000 } },
  ]);
});
