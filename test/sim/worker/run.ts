import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { build } from 'esbuild';
import type { Task, TaskResult } from './main.ts';

const ENTRY = fileURLToPath(new URL('main.ts', import.meta.url));
/** Where the bundle finds its packages, and three folders deep, as the files that it is made of. */
const FOLDER = fileURLToPath(new URL('../../../node_modules/.cache/ecs-deploy/', import.meta.url));

let bundled: Promise<string> | undefined;
let workers = 0;

/**
 * Runs a suite, or a part of it, in a thread of its own and as one plain script. Under Jest every
 * promise is watched and every module is a sandbox of its own, which makes a simulated deploy take
 * twice as long.
 */
export async function inWorker(task: Task): Promise<TaskResult> {
  const file = `${FOLDER}sim-${process.pid}-${++workers}.mjs`;
  mkdirSync(FOLDER, { recursive: true });
  bundled ??= bundle();
  writeFileSync(file, await bundled);
  const worker = new Worker(file, { workerData: task });
  try {
    return await new Promise((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
      worker.once('exit', (code) => reject(new Error(`The simulation exited with ${code}.`)));
    });
  } finally {
    await worker.terminate();
    rmSync(file, { force: true });
  }
}

async function bundle(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [ENTRY],
    bundle: true,
    format: 'esm',
    packages: 'external',
    platform: 'node',
    target: 'node20',
    sourcemap: 'inline',
    logLevel: 'silent',
    write: false,
  });
  return outputFiles[0]?.text ?? '';
}
