import { expect, test } from '@jest/globals';
import type { ECSClient } from '@aws-sdk/client-ecs';
import { planReads } from '../../../src/aws/plan-reads.ts';
import { SERVICE, servingV1 } from '../deploy/serving-v1.ts';

async function readsOfV1() {
  const { scene, original } = await servingV1();
  return { scene, original, reads: planReads(scene.client as unknown as ECSClient, SERVICE) };
}

test('a task set tells what it has beside its definition', async () => {
  const { original, reads } = await readsOfV1();

  expect(await reads.taskSets([original])).toEqual(
    new Map([
      [
        original,
        {
          tags: { 'config-sha': 'cfg00001', 'artifact-build-number': '1' },
          network: {
            subnets: ['subnet-0a1b2c3d4e5f60718', 'subnet-1b2c3d4e5f6071829'],
            securityGroups: ['sg-0a1b2c3d4e5f60718'],
            assignPublicIp: false,
            servedBy: ['hello:8080'],
          },
        },
      ],
    ]),
  );
});

test('task sets that are gone are left out, and none are asked for without a call', async () => {
  const { original, reads, scene } = await readsOfV1();

  const some = await reads.taskSets([original, 'ecs-svc/0000000000000000001']);
  const before = scene.client.calls.length;
  const none = await reads.taskSets([]);

  expect([...some.keys()]).toEqual([original]);
  expect({ none, calls: scene.client.calls.length }).toEqual({ none: new Map(), calls: before });
});

test('a definition comes with its tags and its state; one that never was is undefined', async () => {
  const { reads, scene } = await readsOfV1();
  await scene.thirdParty('DeregisterTaskDefinition', { taskDefinition: 'hello-dev:1' });

  expect(await reads.taskDefinition('hello-dev:1')).toMatchObject({
    status: 'INACTIVE',
    tags: { 'config-sha': 'cfg00001' },
    definition: { family: 'hello-dev', containerDefinitions: [{ name: 'hello', cpu: 0 }] },
  });
  expect(await reads.taskDefinition('hello-dev:7')).toBeUndefined();
});

test('what may not be read is an error, and never taken for gone', async () => {
  const { original, reads, scene } = await readsOfV1();
  scene.client.faultFor = () => 'denied';

  await expect(reads.taskSets([original])).rejects.toMatchObject({
    operation: 'ecs:DescribeTaskSets',
  });
  await expect(reads.taskDefinition('hello-dev:1')).rejects.toMatchObject({
    operation: 'ecs:DescribeTaskDefinition',
  });
});
