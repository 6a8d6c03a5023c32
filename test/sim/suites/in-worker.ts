import { availableParallelism } from 'node:os';
import { afterAll } from '@jest/globals';
import { describeTally, type Tally } from '../engine/campaign.ts';
import { endWorkers, inWorker } from '../worker/run.ts';
import type { SuiteName } from './index.ts';

/** More threads than cores would only take turns. */
const SHARES = Math.min(2, availableParallelism());

afterAll(endWorkers);

/**
 * Runs a suite to its end, in equal parts side by side, and prints what it came to where
 * `npm run test:sim` asks for it.
 * @throws {Error} with the first scenario in which an invariant does not hold, and how to replay it.
 */
export async function assertHolds(suite: SuiteName): Promise<void> {
  const before = process.cpuUsage();
  const parts = await Promise.all(
    Array.from({ length: SHARES }, (_, share) => inWorker({ suite, share, shares: SHARES })),
  );
  const { user, system } = process.cpuUsage(before);
  const sum = (of: (tally: Tally) => number) =>
    parts.reduce((total, { tally }) => total + of(tally), 0);
  const tally: Tally = {
    scenarios: sum(({ scenarios }) => scenarios),
    deploys: sum(({ deploys }) => deploys),
    events: sum(({ events }) => events),
    cpuMs: (user + system) / 1000,
  };
  if (process.env['SIM_STATS'] !== undefined) {
    process.stderr.write(`${suite}: ${describeTally(tally)}\n`);
  }
  for (const { finding } of parts) if (finding !== undefined) throw new Error(finding);
}
