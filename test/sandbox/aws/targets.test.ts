import { expect, test } from '@jest/globals';
import { type ProbeResult, reportProbe } from '../../../sandbox/world/elb/health.ts';
import { GREEN, PORT, type Shop, failureOf, startShop, taskSetSpec } from './aws-scene.ts';

test('a group without targets has none', async () => {
  const { aws } = await startShop();

  expect(await aws.targets.describe(GREEN)).toEqual([]);
});

test('targets are described from their registration to their end', async () => {
  const shop = await startShop();
  const { id } = await shop.aws.service.createTaskSet(await taskSetSpec(shop));
  await shop.pass(60);
  const [first, second] = await shop.aws.tasks.running(id);
  const states = async () =>
    (await shop.aws.targets.describe(GREEN)).map(({ state }) => state).sort();
  expect(await states()).toEqual(['initial', 'initial']);

  probe(shop, first?.address, { statusCode: 200 });
  for (let failed = 0; failed < 3; failed++) probe(shop, second?.address, { statusCode: 502 });

  const targets = await shop.aws.targets.describe(GREEN);
  expect(targets).toHaveLength(2);
  expect(targets).toContainEqual({ address: first?.address, port: PORT, state: 'healthy' });
  expect(targets).toContainEqual({
    address: second?.address,
    port: PORT,
    state: 'unhealthy',
    description: 'Health checks failed with these codes: [502]',
  });

  await shop.aws.service.deleteTaskSet(id);
  await shop.pass(15);
  expect(await states()).toEqual(['draining', 'draining']);
});

test('a group that does not exist is an error', async () => {
  const { aws } = await startShop();

  expect(await failureOf(aws.targets.describe(`${GREEN.slice(0, -1)}0`))).toMatchObject({
    operation: 'elasticloadbalancing:DescribeTargetHealth',
    code: 'TargetGroupNotFoundException',
    isTransient: false,
  });
});

test('an empty answer is not taken for an empty group', async () => {
  const { aws } = await startShop({
    faults: [
      { operation: 'elasticloadbalancing.DescribeTargetHealth', do: { kind: 'garble', body: '' } },
    ],
  });

  expect(await failureOf(aws.targets.describe(GREEN))).toMatchObject({
    code: 'IncompleteAnswer',
    isTransient: true,
  });
});

/** Both nodes check it. */
function probe({ world, region }: Shop, address: string | undefined, result: ProbeResult): void {
  for (const node of [0, 1]) {
    reportProbe(world, region, GREEN, { address: address ?? '', port: PORT }, node, result);
  }
}
