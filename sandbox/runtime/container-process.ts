import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

/** How long after a program's exit its last output is waited for, in milliseconds. */
const OUTPUT_GRACE_MS = 200;

/** What ECS and Docker report for a program that could not be started. */
const NOT_STARTED_EXIT_CODE = 127;

/** How a program ended. */
interface ProcessExit {
  readonly exitCode: number;
  readonly reason?: string;
}

/** One program in a process group of its own. */
export interface ContainerProcess {
  /** Also the group's number. Undefined when the program could not be started. */
  readonly pid: number | undefined;
  /** Settles once, when the program has ended and the rest of its group is killed. Never rejects. */
  readonly exited: Promise<ProcessExit>;
  /** Signals the whole group. Does nothing once the program has ended. */
  signal(signal: 'SIGTERM' | 'SIGKILL'): void;
}

/**
 * Starts a program without a shell, with exactly these variables and no input. Output is passed on
 * line by line. Never throws.
 */
export function startContainerProcess(options: {
  command: readonly string[];
  environment: Readonly<Record<string, string>>;
  directory: string;
  onLine: (line: string) => void;
}): ContainerProcess {
  const [program, ...args] = options.command;
  if (program === undefined) return notStarted('no command specified');
  let child: ChildProcess;
  try {
    child = spawn(program, args, {
      cwd: options.directory,
      env: options.environment,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  } catch (error) {
    return notStarted(`exec: "${program}": ${(error as Error).message}`); // e.g. a null byte in a variable
  }
  readLines(child.stdout, options.onLine);
  readLines(child.stderr, options.onLine);
  return { pid: child.pid, exited: exitOf(child, program), signal: (name) => kill(child, name) };
}

function notStarted(cause: string): ContainerProcess {
  return { pid: undefined, exited: Promise.resolve(startFailure(cause)), signal: () => {} };
}

/** @see Stopped tasks error codes: CannotStartContainerError, Amazon ECS Developer Guide */
function startFailure(cause: string): ProcessExit {
  return { exitCode: NOT_STARTED_EXIT_CODE, reason: `CannotStartContainerError: ${cause}` };
}

function exitOf(child: ChildProcess, program: string): Promise<ProcessExit> {
  return new Promise((resolve) => {
    child.on('error', (error) => {
      if (child.pid === undefined) resolve(startFailure(`exec: "${program}": ${causeOf(error)}`));
    });
    child.on('exit', (code, signal) => {
      // A container ends with its first process: what that one has started does not outlive it.
      if (child.pid !== undefined) killGroup(child.pid, 'SIGKILL');
      const exitCode = code ?? 128 + (signal ? constants.signals[signal] : 0);
      // A descendant that left the group may hold the output open, so `close` may never come.
      const timer = setTimeout(() => resolve({ exitCode }), OUTPUT_GRACE_MS);
      child.on('close', () => {
        clearTimeout(timer);
        resolve({ exitCode });
      });
    });
  });
}

function causeOf(error: NodeJS.ErrnoException): string {
  return error.code === 'ENOENT' ? 'executable file not found in $PATH' : error.message;
}

function kill(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): void {
  const hasEnded = child.exitCode !== null || child.signalCode !== null;
  if (child.pid === undefined || hasEnded) return; // The number may be another process's by now.
  killGroup(child.pid, signal);
}

function killGroup(group: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-group, signal);
  } catch {
    // Nobody is left in the group.
  }
}

function readLines(stream: Readable | null, onLine: (line: string) => void): void {
  if (!stream) return;
  stream.on('error', () => {});
  createInterface({ input: stream }).on('line', onLine);
}
