/**
 * Goal: what the sandbox can't be brought to answer is judged as well.
 * Method: one check with a port that answers it, and no other.
 */
import { expect, test } from '@jest/globals';
import { parseConfig } from '../../../src/config/parse.ts';
import { selectEnvironment } from '../../../src/config/select.ts';
import type { Service } from '../../../src/deploy/model.ts';
import { lock } from '../../../src/verify/checks/lock.ts';
import { service as serviceCheck } from '../../../src/verify/checks/service.ts';
import { targetGroups } from '../../../src/verify/checks/target-groups.ts';
import { Facts } from '../../../src/verify/facts.ts';
import type { TargetGroup, VerifyPorts } from '../../../src/verify/ports.ts';
import { readFileSync } from 'node:fs';

const EXAMPLE = new URL('../../../examples/hello/deploy-config.json', import.meta.url);

function factsFrom(ports: Partial<VerifyPorts>): Facts {
  const { config } = parseConfig(readFileSync(EXAMPLE, 'utf8'), 'deploy-config.json');
  const named = { config, ...selectEnvironment(config, 'hello', 'dev'), flags: [] };
  return new Facts(named, ports as VerifyPorts);
}

const GROUP: TargetGroup = {
  arn: 'arn',
  name: 'blue',
  targetType: 'ip',
  protocol: 'HTTP',
  port: 8080,
  vpcId: 'vpc-1',
  loadBalancerArns: ['arn'],
  healthCheck: {
    isEnabled: true,
    protocol: 'HTTP',
    port: undefined,
    path: '/health',
    intervalSeconds: 10,
    timeoutSeconds: 5,
    healthyThreshold: 2,
    unhealthyThreshold: 2,
  },
};

test.each([
  ['checks no health', { healthCheck: { ...GROUP.healthCheck, isEnabled: false } }],
  ['speaks TCP', { protocol: 'TCP' }],
])('a target group that %s is a problem', async (message, different) => {
  const facts = factsFrom({
    targetGroups: {
      find: async () => ({ ...GROUP, ...different }),
      deregistrationDelaySeconds: async () => 30,
    },
    network: {
      subnets: async () => [{ id: 'subnet-1', vpcId: 'vpc-1', freeAddresses: 9 }],
      securityGroups: async () => [],
    },
  });

  const found = await targetGroups.run(facts);

  expect(found.filter(({ verdict }) => verdict === 'problem')).toEqual([
    expect.objectContaining({
      subject: 'blue target group',
      message: expect.stringContaining(message),
    }),
    expect.objectContaining({ subject: 'green target group' }),
  ]);
});

test('a deploy that is at work is a warning: it ends by itself', async () => {
  const holder = {
    owner: 'somebody',
    data: new TextEncoder().encode('{}'),
    leaseDurationMs: 10_000,
    recordVersionNumber: 'two',
    isReleased: false,
    item: {},
  };
  const facts = factsFrom({ lock: { read: async () => ({ state: 'live', holder }) } });

  expect(await lock.run(facts)).toEqual([
    {
      verdict: 'warning',
      subject: 'lock hello-dev',
      message: 'Another deploy is at work: an unknown deploy of somebody.',
      hint: expect.stringMatching(/^Wait until it has ended/),
    },
  ]);
});

const SERVICE: Service = {
  arn: 'arn',
  status: 'ACTIVE',
  controller: 'EXTERNAL',
  desiredCount: 1,
  taskSets: [],
};

test.each([
  [{ status: 'DRAINING' }, /^is DRAINING$/],
  [{ controller: 'ECS' }, /^has the deployment controller ECS; task sets need EXTERNAL$/],
])('a service with %p is a problem', async (different, message) => {
  const facts = factsFrom({ service: { describe: async () => ({ ...SERVICE, ...different }) } });

  const [found] = await serviceCheck.run(facts);

  expect(found).toMatchObject({ verdict: 'problem', message: expect.stringMatching(message) });
});
