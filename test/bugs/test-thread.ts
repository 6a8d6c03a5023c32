import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Bug } from './bug.ts';
import { bundleTests, ROOT } from './bundle-tests.ts';

/** Which tests to run, and on which sources. */
export interface RunOptions {
  /** The test file, from the root of the repository. */
  readonly file: string;
  /** The full names of the tests; all of them when left out. */
  readonly tests?: readonly string[] | undefined;
  /** What is brought back into a copy of the sources. */
  readonly bug?: Bug | undefined;
  /** A test that has not ended after so long never will. 20,000 by default. */
  readonly limitMs?: number | undefined;
}

/** What the thread is told: to run the tests of a bundle. */
export interface WorkerTask extends Pick<RunOptions, 'tests'> {
  /** The address of the bundle. */
  readonly module: string;
  readonly limitMs: number;
}

/** What came of a run. */
export interface TestRun {
  /** Those that ended, in order. */
  readonly tests: readonly TestResult[];
  /** The test that could not end, or did not when the time was up. */
  readonly hung?: string;
  /** What went wrong outside of every test. */
  readonly errors: readonly string[];
}

/** One test, and how it ended. */
interface TestResult {
  readonly name: string;
  /** None if it passed. */
  readonly failures: readonly Failure[];
}

/** One thing that made a test fail. */
export interface Failure {
  readonly message: string;
  /** Whether an expectation was not met; otherwise something was thrown that nobody expected. */
  readonly isAssertion: boolean;
}

/** What the thread tells. */
type Report =
  | { readonly type: 'started'; readonly test: string }
  /** Nothing is left that could end the test. */
  | { readonly type: 'stuck' }
  | ({ readonly type: 'ended' } & Outcome);

interface Outcome {
  readonly run: TestRun;
  /** Whether the thread is as it was before. */
  readonly isClean: boolean;
}

const DEFAULT_LIMIT_MS = 20_000;
const LOAD_LIMIT_MS = 20_000;

/**
 * Runs test files outside of Jest, one after the other, in a thread that lives on while it stays as
 * it was. So a run takes less than a tenth of a second, where Jest needs one to start.
 */
export class TestThread {
  #worker: Worker | undefined;
  #folder: string | undefined;
  #runs = 0;

  /** @throws {Error} as `bundleTests` does. */
  async run({ file, tests, bug, limitMs = DEFAULT_LIMIT_MS }: RunOptions): Promise<TestRun> {
    const code = await bundleTests(file, bug);
    this.#folder ??= await newFolder();
    const path = join(this.#folder, `${++this.#runs}.mjs`);
    await writeFile(path, code);
    this.#worker ??= newWorker();
    const module = pathToFileURL(path).href;
    const { run, isClean } = await outcomeOf(this.#worker, { module, tests, limitMs });
    if (!isClean) await this.#stop();
    return run;
  }

  /** Ends the thread, and removes what it ran. */
  async close(): Promise<void> {
    await this.#stop();
    if (this.#folder) await rm(this.#folder, { recursive: true });
    this.#folder = undefined;
  }

  async #stop(): Promise<void> {
    await this.#worker?.terminate();
    this.#worker = undefined;
  }
}

/** Under node_modules, for packages are looked up from where a module lies. */
async function newFolder(): Promise<string> {
  const cache = join(ROOT, 'node_modules/.cache');
  await mkdir(cache, { recursive: true });
  return mkdtemp(join(cache, 'bugs-'));
}

function newWorker(): Worker {
  return new Worker(new URL('worker.mjs', import.meta.url), {
    execArgv: [], // The tests need none of what Jest is started with.
    // Read by nobody: what sources with a bug in them print is of no interest.
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: 512 },
  });
}

/** Has the thread do this, and waits for what comes of it. */
function outcomeOf(worker: Worker, task: WorkerTask): Promise<Outcome> {
  return new Promise((resolve) => {
    let current: string | undefined;
    let timer: NodeJS.Timeout | undefined;
    const end = (outcome: Outcome) => {
      clearTimeout(timer);
      // Not all at once: the worker has others of its own.
      for (const event of ['message', 'error', 'exit']) worker.removeAllListeners(event);
      resolve(outcome);
    };
    const broke = (error: string) => end({ run: { tests: [], errors: [error] }, isClean: false });
    const hung = () => {
      if (current === undefined) broke('The test file was never loaded.');
      else end({ run: { tests: [], errors: [], hung: current }, isClean: false });
    };
    const limit = (ms: number) => {
      clearTimeout(timer);
      timer = setTimeout(hung, ms);
    };
    worker.on('message', (report: Report) => {
      if (report.type === 'ended') return end(report);
      if (report.type === 'stuck') return hung();
      current = report.test;
      limit(task.limitMs);
    });
    worker.on('error', (error) => broke(String(error)));
    worker.on('exit', (code) => broke(`The thread ended with ${code}.`));
    limit(LOAD_LIMIT_MS);
    worker.postMessage(task, []); // Copied, nothing of it moved.
  });
}
