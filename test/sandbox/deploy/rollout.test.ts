/**
 * Goal: no version gets traffic that has not proved itself, and one that can't is found out early.
 * Method: each test takes away one of the things that steps 7 to 9 ask for, and would see traffic
 * move if that question were not asked.
 */
import { expect, test } from '@jest/globals';
import { EXIT } from '../../../src/errors.ts';
import { DeployScene, type Run } from '../../support/deploy-scene.ts';

const SERVICE = { cluster: 'hello-dev', service: 'hello-dev' };

/** A scene in which v1 serves on green. */
async function servingV1(options: Parameters<typeof DeployScene.create>[0] = {}) {
  const scene = await DeployScene.create(options);
  await scene.deploy('aaaa1111');
  return scene;
}

/** The new version must not have got any traffic, and the ending must say which one serves. */
function expectTrafficStays(run: Run): void {
  expect(run.changes).not.toContain('SetRulePriorities');
  expect(run.error).toMatchObject({ exitCode: EXIT.failedBeforeSwap });
  expect(run.events.at(-1)).toMatchObject({
    type: 'deploy.failed',
    serving: { artifact: 'hello:v1', color: 'green', runningCount: 2 },
  });
}

test('an image that does not exist fails the rollout early, with the reason', async () => {
  const scene = await servingV1();
  // The deploy had looked for it.
  scene.client.onCall = ({ operation }) => {
    if (operation === 'RegisterTaskDefinition') scene.deleteImage('v2');
  };
  const startMs = scene.clock.monotonicMs();

  const run = await scene.deploy('bbbb2222');

  expectTrafficStays(run);
  expect(run.error?.message).toMatch(/2 tasks stopped.*CannotPullContainerError.*hello@sha256:/);
  expect(scene.clock.monotonicMs() - startMs).toBeLessThan(5 * 60_000);
});

test('a crash loop fails the rollout early, with the exit code', async () => {
  const scene = await servingV1();
  scene.runtime.script(
    { image: scene.imageOf('v2') },
    {
      exits: {
        afterMs: 3_000,
        exitCode: 137,
        reason: 'OutOfMemoryError: Container killed due to memory usage',
      },
    },
  );

  const run = await scene.deploy('bbbb2222');

  expectTrafficStays(run);
  expect(run.error?.message).toMatch(/container hello exit code 137 OutOfMemoryError/);
});

test('a version that never gets healthy fails at the deadline, saying what was missing', async () => {
  const scene = await servingV1();
  const old = addressesOf(scene);
  scene.environmentConfig()['Timeouts'] = { RolloutSeconds: 90 };
  scene.healthOf = (address) => ({ statusCode: old.has(address) ? 200 : 503 });
  await scene.thirdParty('UpdateService', { ...SERVICE, healthCheckGracePeriodSeconds: 3600 });

  const run = await scene.deploy('bbbb2222');

  expectTrafficStays(run);
  expect(run.error?.message).toMatch(
    /After 90 s still waiting: 2 of 2 tasks running, 0 of 2 targets healthy/,
  );
  expect(run.error).toMatchObject({ hint: expect.stringMatching(/RolloutSeconds.*\n?.*-resume/) });
});

test('one of several targets that is not healthy keeps traffic where it is', async () => {
  const scene = await servingV1();
  const old = addressesOf(scene);
  scene.environmentConfig()['Timeouts'] = { RolloutSeconds: 60 };
  await scene.thirdParty('UpdateService', { ...SERVICE, healthCheckGracePeriodSeconds: 3600 });
  let sick: string | undefined;
  scene.healthOf = (address) => {
    if (!old.has(address)) sick ??= address;
    return { statusCode: address === sick ? 500 : 200 };
  };

  const run = await scene.deploy('bbbb2222');

  expectTrafficStays(run);
  expect(waitsOf(run).join('\n')).toMatch(/1 of 2 targets healthy/);
});

test('a steady state that is left over from before a scale-out is not believed', async () => {
  const scene = await servingV1({ settings: { staleSteadySeconds: 30 } });
  let isScaled = false;
  let runningAtSwap = 0;
  scene.client.onCall = ({ operation }) => {
    if (operation === 'SetRulePriorities') runningAtSwap = scene.runningTasksOf('v2');
    // The new set is steady with 2 tasks when auto scaling asks for 4.
    if (isScaled || operation !== 'DescribeTaskSets' || scene.runningTasksOf('v2') < 2) return;
    isScaled = true;
    void scene.thirdParty('UpdateService', { ...SERVICE, desiredCount: 4 });
  };

  const run = await scene.deploy('bbbb2222');

  expect(run.error).toBeUndefined();
  expect(isScaled).toBe(true);
  expect(runningAtSwap).toBe(4);
});

test('a service that is scaled to 0 during the rollout never gets the swap', async () => {
  const scene = await servingV1();
  scene.environmentConfig()['Timeouts'] = { RolloutSeconds: 60 };
  scene.client.onCall = ({ operation }) => {
    if (operation === 'CreateTaskSet') {
      void scene.thirdParty('UpdateService', { ...SERVICE, desiredCount: 0 });
    }
  };

  const run = await scene.deploy('bbbb2222');

  expect(run.changes).not.toContain('SetRulePriorities');
  expect(run.error).toMatchObject({ exitCode: EXIT.failedBeforeSwap });
  expect(run.error?.message).toMatch(/desired count is 0/);
});

test('a target that turns unhealthy between the rollout and the swap stops the swap', async () => {
  const scene = await servingV1();
  const old = addressesOf(scene);

  const run = await scene.deploy('bbbb2222', {
    onEvent: (event) => {
      if (event.type !== 'step.started' || event.number !== 9) return;
      scene.healthOf = (address) => ({ statusCode: old.has(address) ? 200 : 500 });
      scene.probeNow();
      scene.probeNow();
    },
  });

  expectTrafficStays(run);
  expect(run.error?.message).toMatch(
    /no longer ready for traffic.*Health checks failed with these codes: \[500\]/,
  );
});

test('rules that a person moved before the swap are left alone', async () => {
  const scene = await servingV1();
  const [active, idle] = await scene.rules();

  const run = await scene.deploy('bbbb2222', {
    onEvent: (event) => {
      if (event.type !== 'step.started' || event.number !== 8) return;
      void scene.thirdParty('SetRulePriorities', {
        RulePriorities: [
          { RuleArn: active?.ruleArn, Priority: 30 },
          { RuleArn: idle?.ruleArn, Priority: 40 },
        ],
      });
    },
  });

  expect(run.changes).not.toContain('SetRulePriorities');
  expect(run.error).toMatchObject({ exitCode: EXIT.needsHuman });
  expect(run.error?.message).toMatch(/Somebody changed the rules/);
  expect((await scene.rules()).map(({ priority }) => priority)).toEqual([30, 40]);
});

test('a stranger in the idle target group stops the swap', async () => {
  const scene = await servingV1();
  scene.environmentConfig()['Timeouts'] = { RolloutSeconds: 60 };
  const { TargetGroupARNs } = scene.environmentConfig() as {
    TargetGroupARNs: Record<string, string>;
  };

  const run = await scene.deploy('bbbb2222', {
    onEvent: (event) => {
      if (event.type !== 'step.started' || event.number !== 7) return;
      void scene.thirdParty('RegisterTargets', {
        TargetGroupArn: TargetGroupARNs['blue'],
        Targets: [{ Id: '10.0.0.99', Port: 8080 }],
      });
    },
  });

  expect(run.changes).not.toContain('SetRulePriorities');
  expect(run.error?.message).toMatch(/10\.0\.0\.99:8080 .* no running task of the new task set/);
});

test('a task set that somebody creates on the idle colour stops the deploy before it creates its own', async () => {
  const scene = await servingV1();
  const { TargetGroupARNs } = scene.environmentConfig() as {
    TargetGroupARNs: Record<string, string>;
  };

  const run = await scene.deploy('bbbb2222', {
    onEvent: (event) => {
      if (event.type !== 'step.started' || event.number !== 6) return;
      void scene.thirdParty('CreateTaskSet', {
        ...SERVICE,
        taskDefinition: 'hello-dev:1',
        launchType: 'FARGATE',
        loadBalancers: [
          { targetGroupArn: TargetGroupARNs['blue'], containerName: 'hello', containerPort: 8080 },
        ],
        networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
      });
    },
  });

  expect(run.changes).not.toContain('SetRulePriorities');
  expect(run.error).toMatchObject({ exitCode: EXIT.needsHuman });
  expect(run.error?.message).toMatch(/appeared on the blue target group/);
});

test('a version that sickens during the bake time fails after the swap, and says that it serves', async () => {
  const scene = await servingV1();
  scene.environmentConfig()['Monitor'] = { BakeSeconds: 120 };
  const old = addressesOf(scene);

  const run = await scene.deploy('bbbb2222', {
    onEvent: (event) => {
      if (event.type !== 'wait.progressed' || !event.waitingFor.includes('bake time')) return;
      scene.healthOf = (address) => ({ statusCode: old.has(address) ? 200 : 500 });
    },
  });

  expect(run.error).toMatchObject({ exitCode: EXIT.failedAfterSwap });
  expect(run.error?.message).toMatch(/does not stay healthy/);
  expect(run.events.at(-1)).toMatchObject({ serving: { artifact: 'hello:v2', color: 'blue' } });
});

test('the bake time passes before the success is recorded', async () => {
  const scene = await servingV1();
  scene.environmentConfig()['Monitor'] = { BakeSeconds: 120 };

  const run = await scene.deploy('bbbb2222');

  const baked = run.events.find((event) => event.type === 'step.finished' && event.number === 11);
  expect(baked).toMatchObject({ type: 'step.finished' });
  expect((baked as { durationMs: number }).durationMs).toBeGreaterThanOrEqual(120_000);
});

function addressesOf(scene: DeployScene): Set<string> {
  return new Set(scene.runtime.running().map(({ address }) => address));
}

function waitsOf(run: Run): string[] {
  return run.events.flatMap((event) =>
    event.type === 'wait.progressed' ? [event.waitingFor] : [],
  );
}
