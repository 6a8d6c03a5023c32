import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { build } from 'esbuild';
import { bareSdk } from './bare-sdk.ts';
import type { Task, TaskResult } from './main.ts';

const ENTRY = fileURLToPath(new URL('main.ts', import.meta.url));
const LIGHT_ABORT = fileURLToPath(new URL('light-abort.ts', import.meta.url));
/** Where the bundle finds its packages, and three folders deep, as the files that it is made of. */
const FOLDER = fileURLToPath(new URL('../../../node_modules/.cache/ecs-deploy/', import.meta.url));

/** A megabyte of garbage per deploy is collected less often, and little of it has to be copied. */
const YOUNG_GENERATION_MB = 96;

let bundled: Promise<string> | undefined;
let workers = 0;
const idle: Worker[] = [];

/**
 * Runs a suite, or a part of it, in a thread of its own and as one plain script. Under Jest every
 * promise is watched and every module is a sandbox of its own, which makes a simulated deploy take
 * twice as long. Threads are kept for the next suite, which then finds its code compiled; whoever
 * calls this has to call `endWorkers` when all is done.
 */
export async function inWorker(task: Task): Promise<TaskResult> {
  const worker = idle.pop() ?? (await startWorker());
  const result = await new Promise<TaskResult>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`The simulation exited with ${code}.`)));
    worker.postMessage(task, []);
  });
  worker.removeAllListeners('error').removeAllListeners('exit');
  idle.push(worker);
  return result;
}

/** Ends the threads that wait for another suite. */
export async function endWorkers(): Promise<void> {
  await Promise.all(idle.splice(0).map((worker) => worker.terminate()));
}

async function startWorker(): Promise<Worker> {
  bundled ??= bundle();
  const script = await bundled;
  const file = `${FOLDER}sim-${process.pid}-${++workers}.mjs`;
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(file, script);
  const worker = new Worker(file, {
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
  });
  // Its first answer proves that it has been read.
  worker.once('message', () => rmSync(file, { force: true }));
  worker.once('error', () => rmSync(file, { force: true }));
  return worker;
}

async function bundle(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [ENTRY],
    bundle: true,
    format: 'esm',
    inject: [LIGHT_ABORT],
    packages: 'external',
    platform: 'node',
    plugins: [bareSdk],
    target: 'node20',
    sourcemap: 'inline',
    logLevel: 'silent',
    write: false,
  });
  return outputFiles[0]?.text ?? '';
}
