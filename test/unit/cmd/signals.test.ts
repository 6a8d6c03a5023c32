/** Method: a process of its own, as signals are for whole processes. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from '@jest/globals';
import { listenForSignals } from '../../../cmd/signals.ts';

const SCRIPT = fileURLToPath(new URL('listen-and-wait.ts', import.meta.url));

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/**
 * Sends each signal as soon as the one before has been heard, and kills the process if it goes on
 * after the last one.
 */
async function sendTo(signals: readonly NodeJS.Signals[], ...args: string[]) {
  const child = spawn(process.execPath, ['--import', 'tsx', SCRIPT, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  const exited = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  const heard: string[] = [];
  const left = [...signals];
  for await (const line of createInterface(child.stdout)) {
    heard.push(line);
    child.kill(left.shift() ?? 'SIGKILL');
  }
  const [exitCode, signal] = await exited;
  return { heard, end: exitCode ?? signal };
}

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  'the first %s asks for a stop, and ends nothing',
  async (signal) => {
    const { heard, end } = await sendTo([signal]);

    expect(heard).toEqual(['ready', `Interruption: Interrupted by ${signal}.`]);
    expect(end).toBe('SIGKILL');
  },
);

test.each([
  ['SIGINT', 'SIGINT', 130],
  ['SIGTERM', 'SIGTERM', 143],
  ['SIGINT', 'SIGTERM', 143],
  ['SIGTERM', 'SIGINT', 130],
] as const)('after %s, %s ends the process at once', async (first, second, exitCode) => {
  const { heard, end } = await sendTo([first, second]);

  expect(heard).toHaveLength(2);
  expect(end).toBe(exitCode);
});

test('whoever has closed it leaves signals to the system again', async () => {
  const { end } = await sendTo(['SIGINT', 'SIGTERM'], 'close');

  expect(end).toBe('SIGTERM');
});

test('the interruption is the reason of the abort, and closing takes every listener away', () => {
  const before = process.listenerCount('SIGTERM');
  const signals = listenForSignals();

  process.emit('SIGTERM', 'SIGTERM');

  expect(signals.interrupt.reason).toMatchObject({ name: 'Interruption', signal: 'SIGTERM' });
  signals.close();
  expect(process.listenerCount('SIGTERM')).toBe(before);
});
