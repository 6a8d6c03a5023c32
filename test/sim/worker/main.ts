import { parentPort } from 'node:worker_threads';
import { Campaign, type Tally } from '../engine/campaign.ts';
import { SUITES, type SuiteName } from '../suites/index.ts';

/** What a worker is asked for. */
export interface Task {
  readonly suite: SuiteName;
  readonly share: number;
  readonly shares: number;
}

/** What it answers. */
export interface TaskResult {
  readonly tally: Tally;
  /** Everything about the first finding; absent when there is none. */
  readonly finding?: string;
}

// A suite that throws ends the thread, as an error that its parent hears of.
parentPort?.on('message', (task: Task) => void run(task));

async function run({ suite, share, shares }: Task): Promise<void> {
  const campaign = new Campaign();
  await SUITES[suite](campaign, { share, shares });
  const { tally } = campaign;
  const finding = await campaign.firstFinding();
  const result: TaskResult = { tally, ...(finding === undefined ? {} : { finding }) };
  parentPort?.postMessage(result, []);
}
