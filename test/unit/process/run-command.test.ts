/**
 * Goal: a command gets exactly what it was given, all that it says is shown, and when it has to end,
 * nothing of it is left.
 * Method: real programs; a few have children that do not want to end.
 */
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from '@jest/globals';
import { CommandFailedError, type CommandOptions } from '../../../src/deploy/ports.ts';
import { commandRunner, runCommandAsProcess } from '../../../src/process/run-command.ts';
import { isRunning, until } from '../../sandbox/runtime/processes.ts';

const NODE = process.execPath;
const RUN_AND_EXIT = fileURLToPath(new URL('run-and-exit.ts', import.meta.url));

/** Shell scripts, as they start sooner. This one ignores that it is asked to end. */
const STUBBORN = 'trap "" TERM; while :; do echo "pid $$"; sleep 0.02; done';
/** Ignores even that nobody listens any more. */
const SILENT = 'trap "" TERM; echo "pid $$"; while :; do sleep 0.02; done';
/** Ends itself when it is asked to, unlike its child. */
const WITH_STUBBORN_CHILD = `sh -c '${STUBBORN}' & wait`;
/** Ends as if all were well when it is asked to. */
const OBEDIENT = 'trap "exit 0" TERM; echo "pid $$"; while :; do sleep 0.02; done';
/** Ends by itself with this code, unlike its child. */
const leavingStubbornChild = (exitCode: number) =>
  `sh -c '${STUBBORN}' & sleep 0.3; exit ${exitCode}`;

const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

/** Runs JavaScript as a program of its own. */
async function run(script: string, ...args: string[]) {
  return runProgram([NODE, '-e', script, '--', ...args]);
}

async function runProgram(
  [program = '', ...args]: readonly string[],
  options: Partial<CommandOptions> = {},
) {
  const lines: string[] = [];
  await runCommandAsProcess.run(
    { program, arguments: args },
    {
      timeoutMs: 20_000,
      signal: new AbortController().signal,
      environment: {},
      onLine: (line) => lines.push(line),
      ...options,
    },
  );
  return lines;
}

describe('a command', () => {
  test('shows the lines of both its streams, without their ends', async () => {
    const lines = await run(`
      process.stdout.write('one\\ntwo\\r\\n\\nlast');
      process.stderr.write('error\\n');
    `);

    expect(lines.filter((line) => line !== 'error')).toEqual(['one', 'two', '', 'last']);
    expect(lines).toContain('error');
  });

  test('may print in pieces that cut characters in two', async () => {
    const lines = await run(`
      const bytes = Buffer.from('grün\\n');
      process.stdout.write(bytes.subarray(0, 3));
      setTimeout(() => process.stdout.write(bytes.subarray(3)), 50);
    `);

    expect(lines).toEqual(['grün']);
  });

  test('gets its arguments as they are: there is no shell', async () => {
    const args = ['$HOME; rm -rf /', '`id`', '*', '', ' a  b ', '"\'\\', '--', 'ä\n2'];

    const lines = await run('console.log(JSON.stringify(process.argv.slice(1)))', ...args);

    expect(JSON.parse(lines.join('\n'))).toEqual(args);
  });

  test('inherits the environment, and gets more', async () => {
    process.env['ECS_DEPLOY_TEST_INHERITED'] = 'yes';
    cleanups.push(() => {
      delete process.env['ECS_DEPLOY_TEST_INHERITED'];
    });

    const lines = await runProgram(
      [NODE, '-p', 'process.env.ECS_DEPLOY_TEST_INHERITED + process.env.ECS_DEPLOY_ID'],
      { environment: { ECS_DEPLOY_ID: 'abc' } },
    );

    expect(lines).toEqual(['yesabc']);
  });

  test('may print a lot, and lines of any length, which are cut', async () => {
    const lines = await run(`
      process.stdout.write('x'.repeat(3_000_000) + '\\n' + 'short\\n' + 'y'.repeat(10_000) + '\\n');
      process.stdout.write('z\\n'.repeat(20_000));
    `);

    expect(lines.slice(0, 3)).toEqual([`${'x'.repeat(10_000)}…`, 'short', 'y'.repeat(10_000)]);
    expect(lines).toHaveLength(20_003);
  });

  test('that leaves a program in the background is over all the same', async () => {
    const { lines, run } = runner({ outputGraceMs: 100 });

    await run(leavingStubbornChild(0));

    const pid = pidIn(lines);
    cleanups.push(() => void process.kill(pid, 'SIGKILL'));
    const heard = lines.length;
    await sleep(100);
    // It runs and prints on, but the command is over.
    expect(isRunning(pid)).toBe(true);
    expect(lines).toHaveLength(heard);
  });
});

describe('a command fails', () => {
  test.each([
    ['by its exit code', [NODE, '-e', 'process.exit(3)'], /node exited with code 3\.$/],
    [
      'by a signal',
      [NODE, '-e', 'process.kill(process.pid, "SIGKILL")'],
      /node was killed by SIGKILL\.$/,
    ],
    [
      'when there is no such program',
      ['ecs-deploy-no-such-program'],
      /^ecs-deploy-no-such-program could not be started: it is not in PATH\.$/,
    ],
    [
      'when there is no such file',
      ['./no/such/file'],
      /^\.\/no\/such\/file could not be started: there is no such file\.$/,
    ],
    ['when its name is empty', [''], /could not be started/],
    [
      'when its arguments are too long',
      [NODE, 'x'.repeat(4_000_000)],
      /could not be started.*E2BIG/,
    ],
  ])('%s', async (_, program, message) => {
    const failing = runProgram(program);

    await expect(failing).rejects.toThrow(CommandFailedError);
    await expect(failing).rejects.toThrow(message);
  });

  test('when it may not be executed', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'ecs-deploy-'));
    cleanups.push(() => rm(folder, { recursive: true }));
    const file = join(folder, 'script');
    await writeFile(file, '#!/bin/sh\n');
    await chmod(file, 0o600);

    await expect(runProgram([file])).rejects.toThrow(
      `${file} could not be started: it may not be executed.`,
    );
  });

  test('and shows what it printed before', async () => {
    const lines: string[] = [];

    await expect(
      runProgram([NODE, '-e', 'console.error("why"); process.exit(1)'], {
        onLine: (line) => lines.push(line),
      }),
    ).rejects.toThrow('exited with code 1');

    expect(lines).toEqual(['why']);
  });

  test('and what it left in the background is stopped', async () => {
    const { lines, run } = runner({ graceMs: 300 });

    const failing = run(leavingStubbornChild(1));

    await expect(failing).rejects.toThrow('exited with code 1');
    expect(isRunning(pidIn(lines))).toBe(false);
  });
});

describe.each([
  ['with a child that will not end', WITH_STUBBORN_CHILD],
  ['that ends well when asked to', OBEDIENT],
])('a command %s', (_, script) => {
  test('is stopped with all that it has started when its time is over', async () => {
    const { lines, run } = runner({ graceMs: 200 });

    const failing = run(script, { timeoutMs: 500 });

    await expect(failing).rejects.toThrow(CommandFailedError);
    await expect(failing).rejects.toThrow(/did not end within 0.5 s and was stopped\.$/);
    expect(isRunning(pidIn(lines))).toBe(false);
  });

  test('is stopped with all that it has started when it is aborted', async () => {
    const abort = new AbortController();
    const reason = new Error('The lease is lost.');
    const { lines, run } = runner({ graceMs: 200 }, (line) => {
      if (line.startsWith('pid')) abort.abort(reason);
    });

    await expect(run(script, { signal: abort.signal })).rejects.toBe(reason);

    expect(isRunning(pidIn(lines))).toBe(false);
  });
});

test('a stopped command gets time to tidy up', async () => {
  const abort = new AbortController();
  const { lines, run } = runner({ graceMs: 10_000 }, (line) => {
    if (line === 'ready') abort.abort(new Error('Stop.'));
  });

  const tidying = 'trap "sleep 0.1; echo tidied; exit 1" TERM; echo ready';
  const stopped = run(`${tidying}; while :; do sleep 0.02; done`, { signal: abort.signal });

  await expect(stopped).rejects.toThrow('Stop.');
  expect(lines.at(-1)).toBe('tidied');
});

test('a command is not started when it has been aborted before', async () => {
  const reason = new Error('Too late.');

  await expect(
    runProgram(['ecs-deploy-no-such-program'], { signal: AbortSignal.abort(reason) }),
  ).rejects.toBe(reason);
});

test('a process that ends before its command takes it along', async () => {
  const lines = await runProgram([NODE, '--import', 'tsx', RUN_AND_EXIT, SILENT, 'at-once']);

  const pid = pidIn(lines);
  await until(() => !isRunning(pid));
});

test('a process can end before what its command has left in the background', async () => {
  const script = leavingStubbornChild(0);

  const lines = await runProgram([NODE, '--import', 'tsx', RUN_AND_EXIT, script, 'at-the-end']);

  const pid = pidIn(lines);
  cleanups.push(() => {
    if (isRunning(pid)) process.kill(pid, 'SIGKILL');
  });
});

test('nothing is left behind in this process', async () => {
  const { signal } = new AbortController();
  const listeners = process.listenerCount('exit');

  await runProgram([NODE, '-e', ''], { signal });
  await runProgram(['ecs-deploy-no-such-program'], { signal }).catch(() => {});

  expect(process.listenerCount('exit')).toBe(listeners);
});

/** A runner of shell scripts with little patience, and the lines that they print. */
function runner(
  patience: Parameters<typeof commandRunner>[0],
  onLine: (line: string) => void = () => {},
) {
  const lines: string[] = [];
  const commands = commandRunner(patience);
  return {
    lines,
    run: (script: string, options: Partial<CommandOptions> = {}) =>
      commands.run(
        { program: 'sh', arguments: ['-c', script] },
        {
          timeoutMs: 20_000,
          signal: new AbortController().signal,
          environment: {},
          onLine: (line) => {
            lines.push(line);
            onLine(line);
          },
          ...options,
        },
      ),
  };
}

function pidIn(lines: readonly string[]): number {
  const [, pid] = /^pid (\d+)$/m.exec(lines.join('\n')) ?? [];
  if (pid === undefined) throw new Error(`No process id was printed: ${lines.join('\n')}`);
  return Number(pid);
}
