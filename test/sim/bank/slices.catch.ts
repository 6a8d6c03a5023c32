/**
 * Small parts of the simulation's suites, one test each, for the bank of bugs: what a bug breaks is
 * seen by the same scenarios and the same invariants as in the suites. Jest doesn't run them by
 * themselves: the suites do all that they do.
 */
import { expect, test } from '@jest/globals';
import { Campaign } from '../engine/campaign.ts';
import { printScenario } from '../engine/scenario.ts';
import { SLICES } from './slices.ts';

test.each(Object.entries(SLICES))('%s', async (_, slice) => {
  const campaign = new Campaign();

  await slice(campaign);

  const found = campaign.findings.map(
    ({ scenario, seed, violation }) =>
      `${violation.invariant}: ${violation.text} SIM_SEED=${seed} SIM_PLAN='${printScenario(scenario)}'`,
  );
  expect(found).toEqual([]);
});
