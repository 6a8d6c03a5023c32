/**
 * Goal: a target's health is what the two nodes have found, and the API shows the worse of them.
 * Method: report checks as a prober would, one node at a time.
 */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { targetsToProbe } from '../../../sandbox/world/elb/health.ts';
import { deregisterTarget } from '../../../sandbox/world/elb/targets.ts';
import { modifyTargetGroup } from '../../../sandbox/world/elb/operations/modify-target-group.ts';
import { ElbWorld } from '../../support/elb-world.ts';

const ADDRESS = '127.1.0.1';
const OK = { statusCode: 200 };
const NOT_FOUND = { statusCode: 404 };

let sandbox: ElbWorld;
let group: string;

beforeEach(() => {
  sandbox = new ElbWorld();
  group = sandbox.addTargetGroup('blue', { UnhealthyThresholdCount: 2, HealthyThresholdCount: 3 });
  const listener = sandbox.addListener(sandbox.addLoadBalancer());
  sandbox.addRule(listener, 10, group);
  sandbox.register(group, ADDRESS);
});

function report(node: number, ...results: Parameters<ElbWorld['probe']>[3][]): void {
  for (const result of results) sandbox.probe(group, ADDRESS, node, result);
}

function reportByBoth(...results: Parameters<ElbWorld['probe']>[3][]): void {
  report(0, ...results);
  report(1, ...results);
}

test('a new target is initial until it has been checked', () => {
  expect(sandbox.health(group, ADDRESS)).toEqual({
    state: 'initial',
    reason: 'Elb.RegistrationInProgress',
    description: 'Target registration is in progress',
  });
});

test('a new target is healthy after one passed check by each node', () => {
  report(0, OK);
  expect(sandbox.health(group, ADDRESS)).toEqual({
    state: 'initial',
    reason: 'Elb.InitialHealthChecking',
    description: 'Initial health checks in progress',
  });

  report(1, OK);
  expect(sandbox.health(group, ADDRESS)).toEqual({ state: 'healthy' });
});

test('a new target stays initial until the failures in a row reach the threshold', () => {
  report(0, NOT_FOUND);
  expect(sandbox.health(group, ADDRESS).state).toBe('initial');

  report(0, NOT_FOUND);
  expect(sandbox.health(group, ADDRESS).state).toBe('unhealthy');
});

test('a healthy target is unhealthy as soon as either node says so', () => {
  reportByBoth(OK);

  report(1, NOT_FOUND);
  expect(sandbox.health(group, ADDRESS).state).toBe('healthy');
  report(1, NOT_FOUND);
  expect(sandbox.health(group, ADDRESS).state).toBe('unhealthy');
});

test('a passed check in between starts the count of failures anew', () => {
  reportByBoth(OK);

  report(0, NOT_FOUND, OK, NOT_FOUND);

  expect(sandbox.health(group, ADDRESS).state).toBe('healthy');
});

test('an unhealthy target needs the whole healthy threshold on both nodes to come back', () => {
  reportByBoth(NOT_FOUND, NOT_FOUND);

  reportByBoth(OK, OK);
  expect(sandbox.health(group, ADDRESS).state).toBe('unhealthy');
  report(0, OK);
  expect(sandbox.health(group, ADDRESS).state).toBe('unhealthy');
  report(1, OK);
  expect(sandbox.health(group, ADDRESS).state).toBe('healthy');
});

test('a failed check in between starts the count of passes anew', () => {
  reportByBoth(NOT_FOUND, NOT_FOUND);

  reportByBoth(OK, OK, NOT_FOUND, OK, OK);

  expect(sandbox.health(group, ADDRESS).state).toBe('unhealthy');
});

test.each([
  [
    { statusCode: 404 },
    'Target.ResponseCodeMismatch',
    'Health checks failed with these codes: [404]',
  ],
  [{ failure: 'timeout' as const }, 'Target.Timeout', 'Request timed out'],
  [{ failure: 'refused' as const }, 'Target.FailedHealthChecks', 'Health checks failed'],
])('%j is explained as AWS does', (result, reason, description) => {
  report(0, result, result);

  expect(sandbox.health(group, ADDRESS)).toEqual({ state: 'unhealthy', reason, description });
});

test('an unhealthy target is explained by its latest failure', () => {
  report(0, NOT_FOUND, NOT_FOUND, { statusCode: 502 });

  expect(sandbox.health(group, ADDRESS).description).toContain('[502]');
});

describe('the world is told', () => {
  function told(): string[] {
    return sandbox.events.flatMap((event) =>
      event.type === 'target.healthChanged' ? [event.state] : [],
    );
  }

  test('once for each change of what the API shows', () => {
    reportByBoth(OK, OK, OK);
    reportByBoth(NOT_FOUND, NOT_FOUND, NOT_FOUND);

    expect(told()).toEqual(['healthy', 'unhealthy']);
  });

  test('nothing of checks that end when the target drains already', () => {
    reportByBoth(OK);
    deregisterTarget(sandbox.world, sandbox.region, group, { address: ADDRESS, port: 8080 });

    reportByBoth(NOT_FOUND, NOT_FOUND);

    expect(told()).toEqual(['healthy']);
    expect(sandbox.health(group, ADDRESS).state).toBe('draining');
  });
});

test.each([
  ['200', [200], [199, 201, 404]],
  ['200,202', [200, 202], [201]],
  ['200-299', [200, 250, 299], [300, 404]],
  ['200,300-302,404', [200, 301, 404], [201, 303]],
])('the matcher %s takes the codes it lists', (HttpCode, passing, failing) => {
  sandbox.do(modifyTargetGroup, { TargetGroupArn: group, Matcher: { HttpCode } });

  const stateAfter = (statusCode: number) => {
    const address = `127.2.0.${statusCode % 250}`;
    sandbox.register(group, address);
    for (const node of [0, 1]) {
      sandbox.probe(group, address, node, { statusCode });
      sandbox.probe(group, address, node, { statusCode });
    }
    return sandbox.health(group, address).state;
  };

  expect(passing.map(stateAfter)).toEqual(passing.map(() => 'healthy'));
  expect(failing.map(stateAfter)).toEqual(failing.map(() => 'unhealthy'));
});

describe('what is to be checked', () => {
  test('has the settings of its group, shortened by the time scale', () => {
    const scaled = new ElbWorld({ timeScale: 0.1 });
    const arn = scaled.addTargetGroup('green', {
      HealthCheckPath: '/health',
      HealthCheckPort: '9000',
      HealthCheckIntervalSeconds: 10,
      HealthCheckTimeoutSeconds: 4,
      Matcher: { HttpCode: '200-204' },
    });
    scaled.addRule(scaled.addListener(scaled.addLoadBalancer()), 1, arn);
    scaled.register(arn, ADDRESS);

    expect([...targetsToProbe(scaled.world, scaled.region)]).toEqual([
      {
        targetGroupArn: arn,
        address: ADDRESS,
        port: 8080,
        healthCheck: {
          protocol: 'HTTP',
          path: '/health',
          port: 9000,
          intervalMs: 1000,
          timeoutMs: 400,
          matcher: '200-204',
        },
      },
    ]);
  });

  test('is checked at its own port unless the group says otherwise', () => {
    const [probe] = targetsToProbe(sandbox.world, sandbox.region);

    expect(probe?.healthCheck.port).toBe(8080);
  });

  test('is in a group that some rule uses', () => {
    sandbox.register(sandbox.addTargetGroup('unused'), '127.1.0.9');

    const probes = [...targetsToProbe(sandbox.world, sandbox.region)];

    expect(probes.map((probe) => probe.address)).toEqual([ADDRESS]);
  });
});
