/**
 * Goal: whatever is in AWS, a look ahead tells it and what it means, changes nothing, and calls
 * nothing the same that it does not know.
 * Method: worlds with one thing that is special. That nothing is written is asserted by every look.
 */
import { describe, expect, test } from '@jest/globals';
import { EXIT } from '../../../src/errors.ts';
import { LockStoreError } from '../../../src/lock/store.ts';
import { DeployScene } from '../../support/deploy-scene.ts';
import type { DirectFault } from '../../support/direct-client.ts';
import { SERVICE, servingV1 } from '../deploy/serving-v1.ts';
import { check, lookAheadIn, step } from './plan-scene.ts';

function templatesOf(scene: DeployScene): { PortMappings?: unknown }[] {
  const { ContainerDefinitionTemplates } = scene.appConfig() as unknown as {
    ContainerDefinitionTemplates: { PortMappings?: unknown }[];
  };
  return ContainerDefinitionTemplates;
}

/** Lets one operation of AWS fail whenever it is called. */
function failing(scene: DeployScene, operation: string, fault: DirectFault = 'denied'): void {
  scene.client.faultFor = (call) => (call.operation === operation ? fault : undefined);
}

describe('what a deploy would change', () => {
  test('everything, when nothing serves yet', async () => {
    const scene = await DeployScene.create();

    const ahead = await lookAheadIn(scene, 'aaaa1111');

    expect(ahead).toMatchObject({ outcome: 'changes', removed: [], unknown: [], warnings: [] });
    expect(ahead.swap).toEqual({
      from: 'blue',
      to: 'green',
      before: { blue: 11, green: 12 },
      after: { blue: 12, green: 11 },
    });
    // There is nothing to compare with, which is not the same as no difference.
    expect(ahead).not.toHaveProperty('differences');
    expect(ahead).not.toHaveProperty('serving');
    expect(ahead.steps.map(({ number }) => number)).toEqual([
      1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13,
    ]);
  });

  test('nothing, when this version serves', async () => {
    const { scene } = await servingV1();

    const ahead = await lookAheadIn(scene, 'aaaa1111');

    expect(ahead).toMatchObject({ outcome: 'no-change', differences: [], unknown: [] });
    expect(ahead.checks.every(({ verdict }) => verdict === 'ok')).toBe(true);
  });

  test('nothing, when this version serves and the one before stands by', async () => {
    const { scene } = await servingV1();
    await scene.deploy('bbbb2222');

    const ahead = await lookAheadIn(scene, 'bbbb2222');

    expect(ahead).toMatchObject({
      outcome: 'no-change',
      serving: { artifact: 'hello:v2', color: 'blue' },
      warnings: [],
    });
  });

  test('the image, when it is another artifact', async () => {
    const { scene } = await servingV1();

    const { differences, outcome, serving, version } = await lookAheadIn(scene, 'bbbb2222');

    expect(outcome).toBe('changes');
    expect(differences).toEqual([
      {
        kind: 'changed',
        container: 'hello',
        path: 'image',
        before: scene.imageOf('v1'),
        after: scene.imageOf('v2'),
      },
    ]);
    expect({ serving, version }).toMatchObject({
      serving: { artifact: 'hello:v1', color: 'green', configSha: 'cfg00001', running: 2 },
      version: { artifact: 'hello:v2', buildNumber: 2, sha: 'bbbb2222', configSha: 'cfg00001' },
    });
  });

  test('only its name, when the configuration says the same under another one', async () => {
    const { scene } = await servingV1();

    const ahead = await lookAheadIn(scene, 'aaaa1111', { configSha: 'cfg00002' });

    expect(ahead).toMatchObject({ outcome: 'changes', differences: [] });
  });

  test('what the task set has beside its definition', async () => {
    const { scene } = await servingV1();
    Object.assign(scene.environmentConfig(), {
      Subnets: ['subnet-1b2c3d4e5f6071829'],
      AssignPublicIp: true,
    });

    const { differences, outcome } = await lookAheadIn(scene, 'aaaa1111');

    expect(outcome).toBe('changes');
    expect(differences).toEqual([
      {
        kind: 'changed',
        path: 'network.subnets',
        before: 'subnet-0a1b2c3d4e5f60718, subnet-1b2c3d4e5f6071829',
        after: 'subnet-1b2c3d4e5f6071829',
      },
      { kind: 'changed', path: 'network.assignPublicIp', before: 'false', after: 'true' },
    ]);
  });

  test('what is to be removed is named with its version, and takes its time to drain', async () => {
    const { scene, original } = await servingV1();
    await scene.deploy('bbbb2222');

    const { duration, removed, steps } = await lookAheadIn(scene, 'cccc3333');

    expect(removed).toEqual([
      {
        taskSetId: original,
        status: 'ACTIVE',
        color: 'green',
        taskDefinition: 'hello-dev:1',
        running: 2,
        pending: 0,
        artifact: 'hello:v1',
        buildNumber: 1,
        configSha: 'cfg00001',
      },
    ]);
    expect(steps.find(({ number }) => number === 4)?.details).toEqual([
      `removes ${original} (hello:v1, config cfg00001, 2 tasks)`,
    ]);
    expect(duration?.parts.find((part) => part.step === 4)).toMatchObject({
      least: 30,
      deadline: 1_800,
    });
  });
});

describe('what may be secret', () => {
  test('is not told, before or after, and neither are commands with it', async () => {
    const scene = await DeployScene.create();
    const [template] = scene.appConfig()['ContainerDefinitionTemplates'] as unknown as [
      { Environment: object[] },
    ];
    const password = { Name: 'DB_PASSWORD', Value: 'hunter2-old' };
    template.Environment.push(password);
    await scene.deploy('aaaa1111');
    password.Value = 'hunter2-new';
    Object.assign(scene.appConfig(), {
      PostDeployCommandTemplates: [{ Program: 'tell', Arguments: ['--token', 'hunter2-arg'] }],
    });

    const ahead = await lookAheadIn(scene, 'aaaa1111');

    expect(ahead.differences).toEqual([
      { kind: 'changed', container: 'hello', path: 'environment.DB_PASSWORD', isSecret: true },
    ]);
    expect(step(ahead, 12).details).toEqual(["tell --token '***'"]);
    expect(JSON.stringify(ahead)).not.toContain('hunter2');
  });

  test('what templates name outside of the config is listed, a parameter without its value', async () => {
    const { scene } = await servingV1();
    const [template] = scene.appConfig()['ContainerDefinitionTemplates'] as unknown as [
      { Environment: object[] },
    ];
    template.Environment.push({ Name: 'URL', Value: 'https://{{ssm "/hello/host"}}/' });
    template.Environment.push({ Name: 'BY', Value: '{{env "TEAM"}}' });
    const references = {
      resolve: async (asked: readonly { kind: string }[]) =>
        asked.map(({ kind }) => ({ value: kind === 'ssm' ? 'host-of-the-queue' : 'payments' })),
    };

    const ahead = await lookAheadIn(scene, 'aaaa1111', { tools: { references } });

    expect(ahead.references).toEqual([
      { reference: '{{ssm "/hello/host"}}', paths: [expect.any(String)], value: '***' },
      { reference: '{{env "TEAM"}}', paths: [expect.any(String)], value: 'payments' },
    ]);
    expect(ahead.differences).toEqual([
      { kind: 'added', container: 'hello', path: 'environment.BY', after: 'payments' },
      { kind: 'added', container: 'hello', path: 'environment.URL', isSecret: true },
    ]);
    expect(JSON.stringify(ahead)).not.toContain('host-of-the-queue');
  });
});

describe('what is odd in AWS', () => {
  test('a serving task set without tags: what it runs is unknown, and that is a change', async () => {
    const { scene } = await servingV1();
    const [serving] = await scene.taskSets();
    await scene.thirdParty('UntagResource', {
      resourceArn: serving?.arn,
      tagKeys: ['config-sha', 'artifact-build-number'],
    });

    const ahead = await lookAheadIn(scene, 'aaaa1111');

    expect(ahead).toMatchObject({ outcome: 'changes', differences: [] });
    expect(ahead.serving).not.toHaveProperty('artifact');
  });

  test('a serving task definition that was deregistered can be compared all the same', async () => {
    const { scene } = await servingV1();
    await scene.thirdParty('DeregisterTaskDefinition', { taskDefinition: 'hello-dev:1' });

    const ahead = await lookAheadIn(scene, 'aaaa1111');

    expect(ahead).toMatchObject({ outcome: 'no-change', differences: [] });
    expect(ahead.warnings).toEqual(['hello-dev:1, which serves, was deregistered.']);
  });

  test('two task sets that serve are warned of, and never no change', async () => {
    const { scene, original } = await servingV1();
    const [serving] = await scene.taskSets();
    await scene.thirdParty('CreateTaskSet', {
      ...SERVICE,
      taskDefinition: 'hello-dev:1',
      launchType: 'FARGATE',
      scale: { value: 100, unit: 'PERCENT' },
      networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
      loadBalancers: [
        {
          targetGroupArn: serving?.targetGroupArns[0],
          containerName: 'hello',
          containerPort: 8080,
        },
      ],
    });

    const ahead = await lookAheadIn(scene, 'aaaa1111');

    expect(ahead).toMatchObject({ outcome: 'changes', serving: { taskSetId: original } });
    expect(ahead.warnings[0]).toMatch(`serves beside ${original}: users may get several versions.`);
  });

  test('a PRIMARY that does not serve refuses a deploy, and a start-over puts it right first', async () => {
    const { scene, original } = await servingV1();
    await scene.crashAt('UpdateServicePrimaryTaskSet', 'bbbb2222');
    const { newTaskSetId } = scene.checkpoint('hello-dev');

    const deploy = await lookAheadIn(scene, 'cccc3333');
    const startOver = await lookAheadIn(scene, 'cccc3333', { mode: 'start-over' });

    expect(deploy.outcome).toBe('refused');
    expect(check(deploy, 'environment')).toMatchObject({
      verdict: 'refused',
      exitCode: EXIT.needsHuman,
    });
    expect(check(deploy, 'lock')).toMatchObject({ verdict: 'refused', exitCode: EXIT.locked });
    expect(startOver).toMatchObject({
      outcome: 'changes',
      first: [`makes ${newTaskSetId} PRIMARY`],
      removed: [{ taskSetId: original, artifact: 'hello:v1' }],
    });
  });

  test('a resume after somebody went back by hand says that it would stop', async () => {
    const { scene } = await servingV1();
    await scene.crashAt('UpdateServicePrimaryTaskSet', 'bbbb2222');
    await scene.swapByHand();

    const ahead = await lookAheadIn(scene, undefined, { mode: 'resume' });

    expect(ahead.outcome).toBe('refused');
    expect(check(ahead, 'deploy')).toMatchObject({
      verdict: 'refused',
      exitCode: EXIT.needsHuman,
      message: expect.stringContaining('Traffic went back to green after the swap'),
    });
    expect(ahead.steps.filter(({ state }) => state === 'ahead')).toMatchObject([{ number: 1 }]);
    expect(ahead).not.toHaveProperty('duration');
  });

  test('a service that wants no task is refused', async () => {
    const { scene } = await servingV1();
    await scene.thirdParty('UpdateService', { ...SERVICE, desiredCount: 0 });

    const ahead = await lookAheadIn(scene, 'bbbb2222');

    expect(check(ahead, 'environment')).toMatchObject({
      verdict: 'refused',
      message: expect.stringContaining('desired count of 0'),
    });
    // Compared all the same: only how it would go on is not known.
    expect(ahead.differences).toHaveLength(1);
    expect(ahead.steps).toEqual([]);
  });
});

describe('who may deploy', () => {
  test('with credentials of another account nothing else is looked at', async () => {
    const { scene } = await servingV1();
    scene.accountProblem = 'The credentials belong to account 222222222222.';
    const before = scene.client.calls.length;

    const ahead = await lookAheadIn(scene, 'bbbb2222');

    expect(ahead).toMatchObject({ outcome: 'refused', steps: [] });
    expect(ahead.checks).toEqual([
      {
        name: 'accounts',
        verdict: 'refused',
        message: 'The credentials belong to account 222222222222.',
        hint: 'Log in.',
        exitCode: EXIT.refused,
      },
    ]);
    expect(scene.client.calls).toHaveLength(before);
  });

  test('a closed gate refuses, and what a deploy would do is told all the same', async () => {
    const scene = await DeployScene.create();

    const ahead = await lookAheadIn(scene, 'aaaa1111', { environmentName: 'prod' });

    expect(ahead.outcome).toBe('refused');
    expect(check(ahead, 'gate')).toMatchObject({ verdict: 'refused', exitCode: EXIT.refused });
    expect(step(ahead, 9).details).toEqual(['from blue to green: blue 11 → 12, green 12 → 11']);
  });

  test('an open gate says by what, and one that is overridden why', async () => {
    const { scene } = await servingV1();
    const prod = { environmentName: 'prod' };

    const open = await lookAheadIn(scene, 'aaaa1111', prod);
    const overridden = await lookAheadIn(scene, 'bbbb2222', { ...prod, gateOverride: 'urgent' });

    expect(check(open, 'gate')).toEqual({
      name: 'gate',
      verdict: 'ok',
      message: 'to prod is open: deployed to dev with configuration cfg00001',
    });
    expect(check(overridden, 'gate')).toMatchObject({
      verdict: 'ok',
      message: 'to prod is closed, and overridden: urgent',
    });
    expect(overridden.outcome).toBe('changes');
  });

  test('an image that is missing refuses; a SHA that is taken for a longer one is said aloud', async () => {
    const { scene } = await servingV1();
    scene.deleteImage('v2');

    const missing = await lookAheadIn(scene, 'bbbb222');

    expect(check(missing, 'image')).toMatchObject({
      verdict: 'refused',
      message: expect.stringContaining('The image hello:v2 is not in ECR'),
    });
    expect(missing.notes).toEqual(['bbbb222 is taken for hello:v2 (SHA bbbb2222, build 2)']);
  });

  test('an image by a name that ECR can have none by refuses', async () => {
    const { scene } = await servingV1();
    await scene.artifacts.create('hello', { value: 'hello:v1:v2', tags: { SHA: 'dddd4444' } });

    const ahead = await lookAheadIn(scene, 'dddd4444');

    expect(ahead.outcome).toBe('refused');
    expect(check(ahead, 'image')).toMatchObject({
      verdict: 'refused',
      exitCode: EXIT.refused,
      message: expect.stringMatching(/^No image in ECR can be named \S+\/hello:v1:v2\.$/),
    });
  });

  test('an image of another registry is called unknown, beside one that was looked up', async () => {
    const { scene } = await servingV1();
    const [hello] = templatesOf(scene);
    const { PortMappings: _, ...rest } = hello!;
    const envoy = { ...rest, Name: 'envoy', Image: 'docker.io/library/envoy:1' };

    Object.assign(scene.appConfig(), { ContainerDefinitionTemplates: [hello, envoy] });
    const both = await lookAheadIn(scene, 'bbbb2222');
    const foreign = { ...hello, Image: envoy.Image };
    Object.assign(scene.appConfig(), { ContainerDefinitionTemplates: [foreign] });
    const alone = await lookAheadIn(scene, 'bbbb2222');

    const unknown = {
      what: 'the image docker.io/library/envoy:1',
      message: expect.stringContaining('another registry than ECR'),
    };
    expect(both).toMatchObject({ outcome: 'changes', unknown: [unknown] });
    expect(check(both, 'image')).toMatchObject({
      verdict: 'ok',
      message: expect.stringMatching(/^hello:v2 is sha256:\w+…$/),
    });
    expect(alone).toMatchObject({ outcome: 'changes', unknown: [unknown] });
    expect(check(alone, 'image')).toBeUndefined();
  });

  test('an unknown SHA refuses, with what may have been meant', async () => {
    const { scene } = await servingV1();

    const ahead = await lookAheadIn(scene, 'bbbb2223');

    expect(check(ahead, 'artifact')).toMatchObject({
      verdict: 'refused',
      message: expect.stringContaining('hello:v2 (SHA bbbb2222, build 2)'),
    });
    expect(ahead.serving).toMatchObject({ artifact: 'hello:v1' });
  });

  test('a deploy that is at work refuses every other one', async () => {
    const { scene } = await servingV1();
    const other = scene.deployConcurrently('bbbb2222');
    await scene.clock.advance(2_000);

    const options = { isTimeMoving: true };
    const deploy = await lookAheadIn(scene, 'cccc3333', options);
    await scene.clock.run(other);

    expect(deploy).toMatchObject({ outcome: 'refused', lock: { state: 'live' } });
    expect(check(deploy, 'lock')).toMatchObject({
      exitCode: EXIT.locked,
      message: expect.stringContaining('Another deploy is at work: hello:v2'),
    });
  });

  test('one that was cut off refuses a deploy with both ways on, and not a resume', async () => {
    const { scene } = await servingV1();
    await scene.crashAt('SetRulePriorities', 'bbbb2222');

    const deploy = await lookAheadIn(scene, 'cccc3333');
    const resume = await lookAheadIn(scene, undefined, { mode: 'resume' });

    expect(check(deploy, 'lock')).toMatchObject({
      verdict: 'refused',
      message: expect.stringContaining('A deploy was cut off: hello:v2'),
      hint: expect.stringMatching(/-resume.*\n.*-start-over/),
    });
    expect(resume).toMatchObject({
      outcome: 'changes',
      lock: { state: 'silent' },
      version: { artifact: 'hello:v2' },
    });
    expect(resume.duration?.parts[0]).toEqual({
      step: 1,
      least: 0,
      most: 10,
      why: 'the lock is taken over after 10 s of silence',
    });
  });

  test('what was begun without its commands goes on without them', async () => {
    const scene = await DeployScene.create();
    Object.assign(scene.appConfig(), { PostDeployCommandTemplates: [{ Program: 'start' }] });
    await scene.crashAt('SetRulePriorities', 'aaaa1111', { skipCommands: true });

    const ahead = await lookAheadIn(scene, undefined, { mode: 'resume' });
    const again = await lookAheadIn(scene, undefined, { mode: 'resume', rerunCommands: true });

    expect(step(ahead, 12)).toMatchObject({ state: 'done', details: ['-skip-pre-post'] });
    expect(step(again, 12)).toMatchObject({ state: 'ahead', details: ['start'] });
  });

  test.each([
    ['no checkpoint', { data: { B: new TextEncoder().encode('{}') } }],
    ['no record of any lock client', { leaseDuration: { S: 'long' } }],
  ])('a lock that holds %s needs a person, and is no crash', async (_what, broken) => {
    const { scene } = await servingV1();
    await scene.crashAt('CreateTaskSet', 'bbbb2222');
    scene.lockStore.put('hello-dev', { ...scene.lockStore.item('hello-dev'), ...broken });

    const ahead = await lookAheadIn(scene, undefined, { mode: 'resume' });

    expect(ahead.outcome).toBe('refused');
    expect(ahead.checks.filter(({ verdict }) => verdict === 'refused')).toMatchObject([
      { exitCode: EXIT.needsHuman },
    ]);
  });

  test('with nothing to resume, a resume is refused', async () => {
    const { scene } = await servingV1();

    const ahead = await lookAheadIn(scene, undefined, { mode: 'resume' });

    expect(ahead).toMatchObject({ outcome: 'refused', steps: [] });
    expect(check(ahead, 'artifact')?.message).toContain('There is nothing to resume');
  });
});

describe('what can not be read is unknown', () => {
  test('the definition that serves: no change is not claimed', async () => {
    const { scene } = await servingV1();
    failing(scene, 'DescribeTaskDefinition');

    const ahead = await lookAheadIn(scene, 'aaaa1111');

    expect(ahead.outcome).toBe('unknown');
    expect(ahead.unknown).toEqual([
      { what: 'what hello-dev:1 says, which serves', message: expect.stringContaining('Denied') },
    ]);
    expect(ahead).not.toHaveProperty('differences');
  });

  test('the versions that run: no change is not claimed, and steps are told', async () => {
    const { scene } = await servingV1();
    failing(scene, 'DescribeTaskSets');

    const ahead = await lookAheadIn(scene, 'aaaa1111');

    expect(ahead.outcome).toBe('unknown');
    expect(ahead.unknown[0]?.what).toBe('which versions run');
    expect(step(ahead, 6).state).toBe('ahead');
  });

  test('another version is a change, whatever else is unknown', async () => {
    const { scene } = await servingV1();
    failing(scene, 'DescribeTaskDefinition');

    const ahead = await lookAheadIn(scene, 'bbbb2222');

    expect(ahead.outcome).toBe('changes');
  });

  test('the target groups: how long it takes is open', async () => {
    const { scene } = await servingV1();
    failing(scene, 'DescribeTargetGroups');

    const { duration, outcome, unknown } = await lookAheadIn(scene, 'bbbb2222');

    expect(outcome).toBe('changes');
    expect(duration?.parts.find((part) => part.step === 7)).not.toHaveProperty('most');
    expect(unknown.map(({ what }) => what)).toEqual([
      'how long blue takes',
      'how long green takes',
    ]);
  });

  test.each(['DescribeServices', 'DescribeRules'])(
    '%s: what a deploy would do',
    async (operation) => {
      const { scene } = await servingV1();
      failing(scene, operation);

      const ahead = await lookAheadIn(scene, 'bbbb2222');

      expect(ahead).toMatchObject({ outcome: 'unknown', steps: [] });
      expect(check(ahead, 'environment')).toMatchObject({ verdict: 'unknown' });
    },
  );

  test('the lock', async () => {
    const { scene } = await servingV1();
    const lockStore = {
      read: async () => {
        throw new LockStoreError('denied', 'not authorized');
      },
      update: async () => {
        throw new Error('A look ahead wrote.');
      },
    };

    const ahead = await lookAheadIn(scene, 'bbbb2222', { tools: { lockStore } });

    expect(ahead).toMatchObject({ outcome: 'unknown', steps: [] });
    expect(check(ahead, 'lock')).toMatchObject({ verdict: 'unknown' });
    expect(ahead.differences).toHaveLength(1);
  });
});
