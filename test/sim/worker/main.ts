import { parentPort, workerData } from 'node:worker_threads';
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

const { suite, share, shares } = workerData as Task;
const campaign = new Campaign();
await SUITES[suite](campaign, { share, shares });
const finding = await campaign.firstFinding();
const result: TaskResult = {
  tally: campaign.tally,
  ...(finding === undefined ? {} : { finding }),
};
parentPort?.postMessage(result, []);
