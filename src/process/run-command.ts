import { execa } from 'execa';
import {
  type Command,
  CommandFailedError,
  type CommandOptions,
  type CommandRunner,
} from '../deploy/ports.ts';
import { printLines } from './print-lines.ts';
import { ProcessGroup } from './process-group.ts';

/** Between asking a process group to end and killing it. */
const GRACE_MS = 3_000;

/** How long a command that has ended may keep its output open. */
const OUTPUT_GRACE_MS = 1_000;

/**
 * Runs commands as child processes without a shell: an argument is passed as it is, whatever it
 * contains. They inherit the environment and standard input, as with the original tool, and get a
 * process group of their own, so that what they have started can be stopped with them: when they
 * fail, when they run out of time, and when this process exits before they do.
 *
 * A command that succeeds is over when its own program has exited, as with the original tool. What
 * it has left running in the background is left alone, but its output is no longer shown.
 *
 * @param options.graceMs Between asking a process group to end and killing it.
 * @param options.outputGraceMs How long a command that has ended may keep its output open.
 */
export function commandRunner({
  graceMs = GRACE_MS,
  outputGraceMs = OUTPUT_GRACE_MS,
}: { readonly graceMs?: number; readonly outputGraceMs?: number } = {}): CommandRunner {
  return {
    async run(command, options) {
      options.signal.throwIfAborted();
      const child = start(command, options);
      const group = new ProcessGroup(child.pid);
      const output = printLines([child.stdout, child.stderr], options.onLine);
      const stop = stopRequest(command, options);
      try {
        await Promise.race([success(child, command), stop.requested]);
      } catch (error) {
        await group.stop(graceMs);
        throw error;
      } finally {
        stop.cancel();
        group.release();
        await output.end(outputGraceMs);
      }
    },
  };
}

/** The runner with the time-outs that users get. */
export const runCommandAsProcess: CommandRunner = commandRunner();

type Child = ReturnType<typeof start>;

function start({ program, arguments: args }: Command, { environment }: CommandOptions) {
  return execa(program, [...args], {
    stdin: 'inherit',
    // What it prints is passed on line by line, and kept nowhere.
    buffer: false,
    detached: true,
    // The whole group is stopped by ProcessGroup; execa itself would reach the child alone.
    cleanup: false,
    reject: false,
    env: environment,
  });
}

/**
 * Resolves when the program has exited with code 0. Does not wait for its output to be closed, as
 * execa's own promise does: a process that it left in the background may hold that for ever.
 * @throws {CommandFailedError} for any other end.
 */
function success(child: Child, command: Command): Promise<void> {
  const { program } = command;
  return new Promise((resolve, reject) => {
    child.once('exit', (exitCode, signal) => {
      if (exitCode === 0) resolve();
      else if (signal) reject(new CommandFailedError(`${program} was killed by ${signal}.`));
      else reject(new CommandFailedError(`${program} exited with code ${exitCode}.`));
    });
    void child.then(({ cause, exitCode, isTerminated }) => {
      // Without either it has never run.
      if (exitCode === undefined && !isTerminated) reject(notStarted(command, cause));
    });
  });
}

function notStarted({ program }: Command, error: unknown): CommandFailedError {
  const { code, message } = error as NodeJS.ErrnoException;
  const missing = program.includes('/') ? 'there is no such file' : 'it is not in PATH';
  const reasons: Readonly<Record<string, string>> = {
    ENOENT: missing,
    EACCES: 'it may not be executed',
  };
  const why = reasons[code ?? ''] ?? message;
  return new CommandFailedError(`${program} could not be started: ${why}.`, { cause: error });
}

/** Rejects with what to throw when the command has to be stopped: at its time-out, or when aborted. */
function stopRequest({ program }: Command, { signal, timeoutMs }: CommandOptions) {
  const { promise: requested, reject } = promiseWithReject();
  const onAbort = () => reject(signal.reason as Error);
  signal.addEventListener('abort', onAbort, { once: true });
  const timer = setTimeout(() => {
    const message = `${program} did not end within ${timeoutMs / 1000} s and was stopped.`;
    reject(new CommandFailedError(message));
  }, timeoutMs);
  return {
    requested,
    cancel() {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    },
  };
}

function promiseWithReject() {
  let reject: (reason: Error) => void = () => {};
  const promise = new Promise<never>((_resolve, rejectPromise) => {
    reject = rejectPromise;
  });
  return { promise, reject };
}
