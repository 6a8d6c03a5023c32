import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const DIST = new URL('../../dist/', import.meta.url);

/** How a run of an executable ended. */
export interface Finished {
  /** The exit code; null when a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Executable {
  readonly child: ChildProcess;
  /** Resolves once a line of its output matches; rejects when it ends before that. */
  sees(pattern: RegExp): Promise<void>;
  readonly finished: Promise<Finished>;
}

/** Starts one of the built executables as a process, with no variables but PATH and those given. */
export function start(
  program: 'artifact-db' | 'ecs-app-status' | 'ecs-deploy',
  args: readonly string[],
  options: { readonly env?: Readonly<Record<string, string>>; readonly cwd?: string } = {},
): Executable {
  const file = fileURLToPath(new URL(`${program}.js`, DIST));
  if (!existsSync(file)) throw new Error(`${file} is missing: run "npm run build" first.`);
  const child = spawn(process.execPath, [file, ...args], {
    cwd: options.cwd,
    env: { PATH: process.env['PATH'], ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  const watchers = new Set<() => void>();
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      output[name] += text;
      for (const watcher of watchers) watcher();
    });
  }
  const finished = new Promise<Finished>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, ...output }));
  });
  return { child, finished, sees: (pattern) => see(pattern, output, watchers, finished) };
}

function see(
  pattern: RegExp,
  output: { readonly stdout: string; readonly stderr: string },
  watchers: Set<() => void>,
  finished: Promise<Finished>,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const watcher = () => {
      if (!pattern.test(output.stdout) && !pattern.test(output.stderr)) return;
      watchers.delete(watcher);
      resolve();
    };
    watchers.add(watcher);
    watcher();
    void finished.then(() => {
      reject(new Error(`It ended without ${pattern}:\n${output.stdout}${output.stderr}`));
    });
  });
}

/** Runs one of the built executables to its end. */
export function run(...started: Parameters<typeof start>): Promise<Finished> {
  return start(...started).finished;
}
