import { constants } from 'node:os';
import { execa, ExecaError } from 'execa';
import {
  type Command,
  CommandFailedError,
  type CommandOptions,
  type CommandRunner,
} from '../deploy/ports.ts';

/** Between asking a process group to end and killing it. */
const GRACE_MS = 5_000;

/** Kept of what a command prints, so that one that prints for ever can't fill the memory. */
const LINE_LENGTH_MAX = 10_000;

/**
 * Runs commands as child processes without a shell: an argument is passed as it is, whatever it
 * contains. They inherit the environment and standard input, as with the original tool, and get a
 * process group of their own, so that what they have started can be stopped with them.
 */
export const runCommandAsProcess: CommandRunner = {
  async run(command, options) {
    options.signal.throwIfAborted();
    const child = execa(command.program, [...command.arguments], {
      stdin: 'inherit',
      stdout: 'pipe',
      stderr: 'pipe',
      buffer: false,
      detached: true,
      // The group is killed below; execa itself would reach only the child.
      cleanup: false,
      env: options.environment,
    });
    const group = new ProcessGroup(child.pid);
    const stop = () => group.stop();
    const timer = setTimeout(() => {
      isTimedOut = true;
      stop();
    }, options.timeoutMs);
    let isTimedOut = false;
    options.signal.addEventListener('abort', stop, { once: true });
    const lines = printLines(child, options);
    try {
      await child;
      await lines;
    } catch (error) {
      await group.ended();
      await lines.catch(() => {});
      options.signal.throwIfAborted();
      throw failure(command, options, error, isTimedOut);
    } finally {
      clearTimeout(timer);
      options.signal.removeEventListener('abort', stop);
    }
  },
};

async function printLines(
  child: { iterable(options: { from: 'stdout' | 'stderr' }): AsyncIterable<unknown> },
  { onLine }: CommandOptions,
): Promise<void> {
  const print = async (from: 'stdout' | 'stderr') => {
    for await (const line of child.iterable({ from }))
      onLine(String(line).slice(0, LINE_LENGTH_MAX));
  };
  await Promise.all([print('stdout'), print('stderr')]);
}

function failure(
  { program }: Command,
  { timeoutMs }: CommandOptions,
  error: unknown,
  isTimedOut: boolean,
): Error {
  const options = { cause: error };
  if (isTimedOut) {
    return new CommandFailedError(
      `${program} did not end within ${Math.round(timeoutMs / 1000)} s and was stopped.`,
      options,
    );
  }
  if (!(error instanceof ExecaError))
    return error instanceof Error ? error : new Error(String(error));
  if (error.signal !== undefined) {
    return new CommandFailedError(`${program} was killed by ${error.signal}.`, options);
  }
  if (error.exitCode !== undefined) {
    return new CommandFailedError(`${program} exited with code ${error.exitCode}.`, options);
  }
  const code = error.code === 'ENOENT' ? 'it is not in PATH' : error.originalMessage;
  return new CommandFailedError(`${program} could not be started: ${code}.`, options);
}

/** A child that leads its own process group, and all that it has started. */
class ProcessGroup {
  readonly #pid: number | undefined;
  #killed: Promise<void> = Promise.resolve();

  constructor(pid: number | undefined) {
    this.#pid = pid;
  }

  /** Asks the group to end, and kills what is left of it after a while. */
  stop(): void {
    this.#signal('SIGTERM');
    this.#killed = new Promise((resolve) => {
      const startedMs = performance.now();
      const check = setInterval(() => {
        const isOver = performance.now() - startedMs >= GRACE_MS;
        if (isOver) this.#signal('SIGKILL');
        if (isOver || !this.#isAlive()) {
          clearInterval(check);
          resolve();
        }
      }, 50);
    });
  }

  /** Resolves once nothing of a stopped group runs any more. */
  ended(): Promise<void> {
    return this.#killed;
  }

  #isAlive(): boolean {
    return this.#signal(0);
  }

  #signal(signal: 'SIGTERM' | 'SIGKILL' | 0): boolean {
    if (this.#pid === undefined) return false;
    try {
      return process.kill(-this.#pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).errno === -constants.errno.ESRCH) return false;
      throw error;
    }
  }
}
