/**
 * The thread that tests run in: one bundle after the other, for as long as nothing of the one before
 * is left. Their packages are loaded only once that way.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { parentPort } from 'node:worker_threads';

const env = { ...process.env };
let isRunning = false;

parentPort.on('message', async (task) => {
  isRunning = true;
  parentPort.unref(); // From now on only the tests keep this thread alive.
  const run = await runBundle(task);
  isRunning = false;
  parentPort.ref();
  tell({ type: 'ended', run, isClean: await isClean() });
});

// Nothing is left that could end the test which is under way.
process.on('beforeExit', () => {
  if (isRunning) tell({ type: 'stuck' });
});

function tell(report) {
  parentPort.postMessage(report, []); // Copied, nothing of it moved.
}

async function runBundle({ module, ...options }) {
  try {
    const { runCollected } = await import(module);
    return await runCollected(options, (test) => tell({ type: 'started', test }));
  } catch (error) {
    return { tests: [], errors: [String(error)] }; // The test file could not even be loaded.
  }
}

/** Waits a moment for what is being closed, and sets the environment back. */
async function isClean() {
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, env);
  for (let waits = 0; waits < 20; waits++) {
    // The thread's own port is one.
    if (process.getActiveResourcesInfo().length <= 1) return true;
    await sleep(5);
  }
  return false;
}
