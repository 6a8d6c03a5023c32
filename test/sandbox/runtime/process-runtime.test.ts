/**
 * Goal: tasks are real processes that are told where to listen, end as containers do, and never
 * outlive the sandbox. Method: start real programs, and look for their processes afterwards.
 */
import { afterEach, describe, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import {
  type ProcessRuntime,
  type ProcessRuntimeOptions,
  startProcessRuntime,
} from '../../../sandbox/runtime/process-runtime.ts';
import type { ContainerExit, ContainerToRun } from '../../../sandbox/world/task-runtime.ts';
import { isRunning, until } from './processes.ts';

const FIXTURE = fileURLToPath(new URL('../../support/fixture-app.mjs', import.meta.url));
const HELLO = fileURLToPath(new URL('../../../examples/hello/server.mjs', import.meta.url));
const TASK_ARN = 'arn:aws:ecs:eu-west-1:111111111111:task/c/1';

let runtime: ProcessRuntime;
let lines: string[];
let exits: ContainerExit[];

afterEach(async () => {
  await runtime.close();
});

/** A task of one fixture container, or of the containers given. */
function startTask(
  containers: readonly Partial<ContainerToRun>[] = [{}],
  options: ProcessRuntimeOptions & { address?: string; env?: Record<string, string> } = {},
): void {
  lines = [];
  exits = [];
  runtime = startProcessRuntime({
    onOutput: (taskArn, container, line) => lines.push(`${taskArn} ${container} ${line}`),
    ...options,
  });
  const filled = containers.map((container, index) => ({
    name: `app${index || ''}`,
    image: 'fixture:1',
    command: ['node', FIXTURE],
    environment: {},
    ports: [8080],
    ...container,
  }));
  const address = options.address ?? '127.11.0.1';
  runtime.start({ taskArn: TASK_ARN, address, containers: filled }, (exit) => exits.push(exit));
}

const listening = () => until(() => lines.some((line) => line.endsWith(' app listening')));
const exited = (count = 1) => until(() => exits.length === count);

async function get(address: string, path = '/'): Promise<unknown> {
  const endpoint = runtime.resolve(address, 8080);
  const response = await fetch(`http://${endpoint?.host}:${endpoint?.port}${path}`);
  return response.json();
}

/** A program in one line. */
const script = (code: string) => ({ command: ['node', '-e', code], ports: [] });

describe('a running task', () => {
  test('listens at an address of its own, as its variables say', async () => {
    startTask([{ environment: { VERSION: 'v7' } }]);
    await listening();

    expect(runtime.resolve('127.11.0.1', 8080)).toEqual({ host: '127.11.0.1', port: 8080 });
    expect(await get('127.11.0.1')).toMatchObject({
      version: 'v7',
      pid: runtime.processes()[0]?.pid,
    });
  });

  test('is found at a free port of 127.0.0.1 where a task can have no address of its own', async () => {
    // The port is taken at 127.0.0.1, as it would be by a second task.
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    startTask([{ ports: [port], environment: { PORT: String(port) } }], { addressMode: 'mapped' });
    await listening();

    const endpoint = runtime.resolve('127.11.0.1', port);
    expect(endpoint?.host).toBe('127.0.0.1');
    expect(endpoint?.port).not.toBe(port);
    const response = await fetch(`http://127.0.0.1:${endpoint?.port}/`);
    expect(response.status).toBe(200);
    expect(runtime.resolve('127.11.0.2', port)).toBeUndefined();

    runtime.signal(TASK_ARN, 'app', 'SIGKILL');
    await exited();
    await until(() => runtime.resolve('127.11.0.1', port) === undefined);
    other.close();
  });

  test('gets its own variables, where to listen, PATH, and nothing else', async () => {
    process.env['SANDBOX_SECRET'] = 'must not be seen';
    startTask([
      {
        ...script('console.log(JSON.stringify(process.env)); setInterval(() => {}, 1000)'),
        environment: { COLOR: 'blue', HOST: '0.0.0.0' },
        ports: [9000, 9001],
      },
    ]);
    await until(() => lines.length > 0);
    delete process.env['SANDBOX_SECRET'];

    const line = lines[0] ?? '';
    const seen: unknown = JSON.parse(line.slice(line.indexOf('{')));
    expect(seen).toEqual({
      PATH: process.env['PATH'],
      COLOR: 'blue',
      HOST: '127.11.0.1',
      PORT: '9000',
      PORT_9001: '9001',
    });
  });

  test('has its output passed on line by line, from both streams', async () => {
    startTask([script('console.log("one\\ntwo"); console.error("three")')]);
    await exited();

    expect([...lines].sort()).toEqual([
      `${TASK_ARN} app one`,
      `${TASK_ARN} app three`,
      `${TASK_ARN} app two`,
    ]);
  });
});

describe('the end of a container', () => {
  test.each([
    ['its exit code', 'process.exit(3)', 3],
    ['0 when it has nothing left to do', '', 0],
    [
      '128 plus the number of the signal that killed it',
      'process.kill(process.pid, "SIGSEGV")',
      139,
    ],
  ])('is reported with %s', async (_, code, exitCode) => {
    startTask([script(code)]);
    await exited();

    expect(exits).toEqual([{ containerName: 'app', exitCode }]);
    expect(runtime.processes()).toEqual([]);
  });

  test.each([
    ['that does not exist', ['no-such-program-anywhere'], /executable file not found in \$PATH/],
    ['without a name', [], /no command specified/],
    ['with a null byte', ['node', 'a\0b'], /null bytes/],
  ])('is exit 127 with a reason for a program %s', async (_, command, reason) => {
    startTask([{ command }]);
    expect(exits).toEqual([]); // Never while it is being started.
    await exited();

    expect(exits).toEqual([
      { containerName: 'app', exitCode: 127, reason: expect.stringMatching(reason) },
    ]);
  });

  test('comes by SIGTERM when the program gives in to it', async () => {
    startTask([{ command: ['node', HELLO] }]);
    await until(() => lines.some((line) => line.includes('listens')));
    const slow = get('127.11.0.1', '/slow?ms=300');
    await until(async () => (await get('127.11.0.1', '/health')) !== undefined);

    runtime.signal(TASK_ARN, 'app', 'SIGTERM');

    expect(await slow).toMatchObject({ app: 'hello' }); // In flight at the signal, and finished.
    await exited();
    expect(exits).toEqual([{ containerName: 'app', exitCode: 0 }]);
  });

  test('needs SIGKILL when the program ignores SIGTERM', async () => {
    startTask([{ environment: { IGNORE_SIGTERM: '1' } }]);
    await listening();

    runtime.signal(TASK_ARN, 'app', 'SIGTERM');
    await until(() => lines.some((line) => line.endsWith('SIGTERM ignored')));
    expect(exits).toEqual([]);
    runtime.signal(TASK_ARN, 'app', 'SIGKILL');

    await exited();
    expect(exits).toEqual([{ containerName: 'app', exitCode: 137 }]);
  });

  test('takes along what the program has started', async () => {
    startTask([{ environment: { SPAWN_CHILD: '1', EXIT_AFTER_MS: '200', EXIT_CODE: '5' } }]);
    await until(() => lines.some((line) => line.includes(' child ')));
    const childPid = Number(lines.find((line) => line.includes(' child '))?.split(' child ')[1]);
    expect(isRunning(childPid)).toBe(true);

    await exited();

    expect(exits).toEqual([{ containerName: 'app', exitCode: 5 }]);
    await until(() => !isRunning(childPid));
  });

  test('of one container leaves the others of the task alone', async () => {
    startTask([{}, { ...script('process.exit(4)'), name: 'sidecar' }]);
    await exited();
    await listening();

    expect(exits).toEqual([{ containerName: 'sidecar', exitCode: 4 }]);
    expect(await get('127.11.0.1')).toMatchObject({ version: 'none' });
  });

  test('comes without a start when the signal is faster', async () => {
    startTask([{}], { addressMode: 'mapped' });
    runtime.signal(TASK_ARN, 'app', 'SIGTERM');
    await exited();

    expect(exits).toEqual([{ containerName: 'app', exitCode: 143 }]);
    expect(lines).toEqual([]);
  });
});

test('closing leaves no process, and refuses later starts', async () => {
  startTask([
    { environment: { IGNORE_SIGTERM: '1', SPAWN_CHILD: '1' } },
    { ...script('setInterval(() => {}, 1000)'), name: 'sidecar' },
  ]);
  await listening();
  const childPid = Number(lines.find((line) => line.includes(' child '))?.split(' child ')[1]);
  const pids = [...runtime.processes().map(({ pid }) => pid), childPid];
  expect(pids.map(isRunning)).toEqual([true, true, true]);

  await runtime.close();

  await until(() => !pids.some(isRunning));
  expect(exits.map(({ exitCode }) => exitCode)).toEqual([137, 137]);
  const late: ContainerExit[] = [];
  const container = { name: 'late', image: 'i', command: ['node'], environment: {}, ports: [] };
  runtime.start({ taskArn: 'late', address: '127.11.0.9', containers: [container] }, (exit) =>
    late.push(exit),
  );
  await until(() => late.length > 0);
  expect(late).toEqual([{ containerName: 'late', exitCode: 137 }]);
});
