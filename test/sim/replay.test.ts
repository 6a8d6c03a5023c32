import { expect, test } from '@jest/globals';
import { Campaign } from './engine/campaign.ts';
import { parseScenario, printScenario } from './engine/scenario.ts';
import { simulate } from './engine/simulation.ts';
import { INVARIANTS } from './invariants/index.ts';
import { REGRESSIONS } from './regressions.ts';

const PLAN = process.env['SIM_PLAN'];
const SEED = Number(process.env['SIM_SEED'] ?? 1);

/** `SIM_SEED=… SIM_PLAN='…' npm run jest -- sim -t replay` runs one scenario again. */
(PLAN === undefined ? test.skip : test)('replay of SIM_PLAN', () => assertHolds(PLAN ?? '', SEED));

test.each(REGRESSIONS)('it once went wrong: %s', (_, plan, seed) => assertHolds(plan, seed));

async function assertHolds(plan: string, seed: number): Promise<void> {
  const campaign = new Campaign();
  await campaign.run(parseScenario(plan), { seed });
  await campaign.assertNothingFound();
}

test.each([
  'v1x2: deploy v2',
  'emptyx1~20?3000: deploy v2 ecs.CreateTaskSet#1:b;lock.update#3:c',
  'v1-v0x2: deploy v2 elb.SetRulePriorities#1:e300;db.setTag#1:G12000 | +500 start-over v3 clock#7:!SIGINT > resume',
])('a plan reads as it is written: %s', (text) => {
  expect(printScenario(parseScenario(text))).toBe(text);
});

test('a plan that makes no sense is refused', () => {
  expect(() => parseScenario('v1x2: deploy v2 ecs.CreateTaskSet#1:x')).toThrow(/Not a plan/);
});

test('the same plan and seed give the same run', async () => {
  const scenario = parseScenario(
    'v1x2~40: deploy v2 ecs.CreateTaskSet#1:b > resume | +10 start-over v3 > start-over v4',
  );

  const [first, again, other] = [
    await simulate(scenario, { seed: 5, isLogged: true }),
    await simulate(scenario, { seed: 5, isLogged: true }),
    await simulate(scenario, { seed: 6, isLogged: true }),
  ];

  expect(again.log).toEqual(first.log);
  expect(other.log).not.toEqual(first.log);
});

test('each invariant has its number and is looked at, here or elsewhere', () => {
  expect(INVARIANTS.map(({ number }) => number)).toEqual(
    Array.from({ length: 30 }, (_, number) => number),
  );
});
