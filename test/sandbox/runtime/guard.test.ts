/**
 * Goal: tasks die with the sandbox, whatever kills it. Method: kill a real one with SIGKILL; its
 * task ignores SIGTERM and has started a process of its own.
 */
import { afterEach, expect, test } from '@jest/globals';
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { isRunning, until } from './processes.ts';

const FIXTURE = fileURLToPath(new URL('../../support/fixture-app.mjs', import.meta.url));
const LONE_SANDBOX = fileURLToPath(new URL('lone-sandbox.ts', import.meta.url));

interface Started {
  sandbox: ChildProcess;
  guard: number;
  /** The task and the process that it has started. */
  tasks: number[];
}

let running: number[] = [];

afterEach(() => {
  for (const pid of running) {
    if (isRunning(pid)) process.kill(pid, 'SIGKILL');
  }
  running = [];
});

async function startSandbox(address: string): Promise<Started> {
  const sandbox = spawn(process.execPath, ['--import', 'tsx', LONE_SANDBOX, FIXTURE, address], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  running.push(sandbox.pid ?? 0);
  const tasks = new Set<number>();
  for await (const line of createInterface({ input: sandbox.stdout })) {
    const said = JSON.parse(line) as { line: string; tasks: number[]; guard: number };
    for (const pid of said.tasks) tasks.add(pid);
    if (said.line.startsWith('child ')) tasks.add(Number(said.line.slice('child '.length)));
    running.push(...tasks, said.guard);
    if (said.line === 'listening') return { sandbox, guard: said.guard, tasks: [...tasks] };
  }
  throw new Error('The sandbox ended before its task listened.');
}

test('a sandbox that is killed takes its tasks and its guard with it', async () => {
  const { sandbox, guard, tasks } = await startSandbox('127.11.1.1');
  expect(tasks.map(isRunning)).toEqual([true, true]);

  sandbox.kill('SIGKILL');

  await until(() => ![...tasks, guard].some(isRunning));
});

test('a guard that is killed is replaced, and the new one knows the tasks', async () => {
  const { sandbox, guard, tasks } = await startSandbox('127.11.1.2');

  process.kill(guard, 'SIGKILL');
  await until(() => !isRunning(guard));
  expect(tasks.map(isRunning)).toEqual([true, true]);
  // The sandbox replaces the guard when it hears of its end, which is after the end.
  await new Promise((resolve) => {
    setTimeout(resolve, 200);
  });
  sandbox.kill('SIGKILL');

  await until(() => !tasks.some(isRunning));
});
