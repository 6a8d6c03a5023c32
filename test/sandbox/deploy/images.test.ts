/**
 * Goal: what was never pushed to the environment's registry is refused before anything is touched,
 * and all tasks of a deploy run the same image, wherever its tag goes meanwhile.
 * Method: the hello app against the sandbox's ECR, through the real adapter.
 */
import { describe, expect, test } from '@jest/globals';
import { DeployError, EXIT } from '../../../src/errors.ts';
import { DeployScene, type Run } from '../../support/deploy-scene.ts';
import { sdkError } from '../../support/direct-client.ts';

const TAGGED_V2 = '111111111111.dkr.ecr.us-east-1.amazonaws.com/hello:v2';

type Container = { Image: string; Name: string; PortMappings?: unknown };

/** The containers' templates, to be changed in place. */
function containersOf(scene: DeployScene): Container[] {
  const { ContainerDefinitionTemplates } = scene.appConfig() as unknown as {
    ContainerDefinitionTemplates: Container[];
  };
  return ContainerDefinitionTemplates;
}

/** The images of the task definition that was registered last. */
function registered(scene: DeployScene): string[] {
  const { input } = scene.client.calls.findLast(
    ({ operation }) => operation === 'RegisterTaskDefinition',
  ) ?? { input: {} };
  const { containerDefinitions } = input as { containerDefinitions: { image: string }[] };
  return containerDefinitions.map(({ image }) => image);
}

function expectRefused(scene: DeployScene, { changes, error }: Run, message: RegExp): void {
  const exitCode = error instanceof DeployError ? error.exitCode : undefined;
  expect({ exitCode, changes }).toEqual({ exitCode: EXIT.refused, changes: [] });
  expect(error?.message).toMatch(message);
  expect(scene.lockStore.updates).toBe(0);
}

const told = ({ events }: Run, type: 'note' | 'warning') =>
  events.flatMap((event) => (event.type === type ? [event.message] : []));

/** As ECR answers somebody who may not ask. */
function deny(operation = 'BatchGetImage') {
  return (asked: { operation: string }) => {
    if (asked.operation === operation) {
      throw sdkError('AccessDeniedException', 'User is not authorized to perform it', 400);
    }
  };
}

describe('a tag that moves', () => {
  test('after it was looked up changes nothing: tasks are started by the digest', async () => {
    const scene = await DeployScene.create();
    const v2 = scene.imageOf('v2');
    scene.client.onCall = ({ operation }) => {
      if (operation === 'RegisterTaskDefinition') scene.retag('v2', 'v3');
    };

    const run = await scene.deploy('bbbb2222');

    expect(run.error).toBeUndefined();
    expect(registered(scene)).toEqual([v2]);
    expect(scene.runtime.running().map(({ containers }) => containers[0]?.image)).toEqual([v2, v2]);
  });

  test('between a crash and the resume changes nothing either, and nobody asks again', async () => {
    const scene = await DeployScene.create();
    const v2 = scene.imageOf('v2');
    await scene.crashAt('RegisterTaskDefinition', 'bbbb2222');
    scene.retag('v2', 'v3');
    scene.asked.length = 0;

    const run = await scene.deploy(undefined, { mode: 'resume' });

    expect(run.error).toBeUndefined();
    expect(registered(scene)).toEqual([v2]);
    expect(scene.asked).toEqual([]);
  });

  test('counts for a start-over, which is another deploy', async () => {
    const scene = await DeployScene.create();
    await scene.crashAt('RegisterTaskDefinition', 'bbbb2222');
    scene.retag('v2', 'v3');

    const run = await scene.deploy('bbbb2222', { mode: 'start-over' });

    expect(run.error).toBeUndefined();
    expect(registered(scene)).toEqual([scene.imageOf('v3')]);
  });

  test('is looked up by a resume of a deploy that recorded no digests', async () => {
    const scene = await DeployScene.create();
    await scene.crashAt('RegisterTaskDefinition', 'bbbb2222');
    const item = scene.lockStore.item('hello-dev');
    const { X, ...rest } = JSON.parse(new TextDecoder().decode(item['data']?.B)) as {
      X: { Images?: unknown };
    };
    delete X.Images;
    const data = { B: new TextEncoder().encode(JSON.stringify({ ...rest, X })) };
    scene.lockStore.put('hello-dev', { ...item, data });

    const run = await scene.deploy(undefined, { mode: 'resume' });

    expect(run.error).toBeUndefined();
    expect(registered(scene)).toEqual([scene.imageOf('v2')]);
  });
});

test.each([
  ['pinned', {}],
  ['named by its tag', { PinDigest: false }],
])('a resume of what is registered already, %s, needs no registry', async (_, setting) => {
  const scene = await DeployScene.create();
  Object.assign(scene.environmentConfig(), setting);
  await scene.crashAt('CreateTaskSet', 'bbbb2222');
  scene.asked.length = 0;

  const run = await scene.deploy(undefined, { mode: 'resume' });

  expect(run.error).toBeUndefined();
  expect(scene.asked).toEqual([]);
});

describe('an image that is not there is refused before the lock is taken', () => {
  test('naming the image, the registry and what is there instead', async () => {
    const scene = await DeployScene.create();
    await scene.artifacts.create('hello', { value: 'hello:v9', tags: { SHA: 'dddd4444' } });

    const run = await scene.deploy('dddd4444');

    expectRefused(
      scene,
      run,
      /^The image hello:v9 is not in ECR of account 111111111111, us-east-1\. Similar tags are there: v1, v2, v3\.$/,
    );
    expect(run.error).toMatchObject({ hint: expect.stringMatching(/^Push it to/) });
  });

  test('whether or not its tags may be listed', async () => {
    const scene = await DeployScene.create();
    scene.deleteImage('v2');
    scene.onImage = deny('ListImages');

    const run = await scene.deploy('bbbb2222');

    expectRefused(
      scene,
      run,
      /^The image hello:v2 is not in ECR of account 111111111111, us-east-1\.$/,
    );
  });

  test.each(['hello:v1:v2', 'Hello:v1', 'hello:v 1', "hello:'v1'"])(
    'because ECR can have none that is named %s',
    async (value) => {
      const scene = await DeployScene.create();
      await scene.artifacts.create('hello', { value, tags: { SHA: 'dddd4444' } });

      const run = await scene.deploy('dddd4444');

      expectRefused(scene, run, /^No image in ECR can be named 1{12}\.dkr\.ecr\.\S+\/[Hh]ello:/);
      expect(scene.asked).toEqual([]);
    },
  );

  test('in the registry that it names, of whichever account and region', async () => {
    const scene = await DeployScene.create();
    const [hello] = containersOf(scene);
    containersOf(scene).push(
      { ...hello!, Name: 'a', Image: '222222222222.dkr.ecr.eu-west-1.amazonaws.com/side/car:7' },
      {
        ...hello!,
        Name: 'b',
        Image: '333333333333.dkr.ecr.cn-north-1.amazonaws.com.cn/other@sha256:' + 'a'.repeat(64),
      },
    );

    const run = await scene.deploy('bbbb2222');

    expectRefused(
      scene,
      run,
      /^The image side\/car:7 is not in ECR of account 222222222222, eu-west-1\.\nThe image other@sha256:a{64} is not in ECR of account 333333333333, cn-north-1\.$/,
    );
    expect(scene.asked).toContainEqual({
      operation: 'BatchGetImage',
      region: 'eu-west-1',
      input: expect.objectContaining({ registryId: '222222222222', repositoryName: 'side/car' }),
    });
  });

  test('also when PinDigest is off', async () => {
    const scene = await DeployScene.create();
    scene.environmentConfig()['PinDigest'] = false;
    scene.deleteImage('v2');

    expectRefused(scene, await scene.deploy('bbbb2222'), /hello:v2 is not in ECR/);
  });
});

describe('PinDigest', () => {
  test('off names images by their tags', async () => {
    const scene = await DeployScene.create();
    scene.environmentConfig()['PinDigest'] = false;

    const run = await scene.deploy('bbbb2222');

    expect(run.error).toBeUndefined();
    expect(registered(scene)).toEqual([TAGGED_V2]);
    expect(scene.checkpoint('hello-dev').own?.imageDigests).toBeUndefined();
  });

  test.each([
    [
      undefined,
      /could not be looked up: ecr:BatchGetImage: .* deployed by its tag, which may move/,
    ],
    [false, /could not be looked up: ecr:BatchGetImage: .*\. Allow ecr:BatchGetImage/],
  ])('%s, without permission to read, is a warning and the tag', async (pinDigest, warning) => {
    const scene = await DeployScene.create();
    if (pinDigest !== undefined) scene.environmentConfig()['PinDigest'] = pinDigest;
    scene.onImage = deny();

    const run = await scene.deploy('bbbb2222');

    expect(run.error).toBeUndefined();
    expect(told(run, 'warning')).toEqual([expect.stringMatching(warning)]);
    expect(registered(scene)).toEqual([TAGGED_V2]);
  });

  test('true, without permission to read, is refused', async () => {
    const scene = await DeployScene.create();
    scene.environmentConfig()['PinDigest'] = true;
    scene.onImage = deny();

    const run = await scene.deploy('bbbb2222');

    expectRefused(scene, run, /The digest of \S+hello:v2 can't be read, and PinDigest asks for it/);
  });

  test('does not depend on luck: when ECR throttles, nothing is deployed', async () => {
    const scene = await DeployScene.create();
    scene.onImage = () => {
      throw sdkError('ThrottlingException', 'Rate exceeded', 400);
    };

    const run = await scene.deploy('bbbb2222');

    expect(run.error).toMatchObject({ exitCode: EXIT.failedBeforeSwap });
    expect(run.error?.message).toMatch(/ThrottlingException.* Nothing was changed/);
    expect(scene.lockStore.updates).toBe(0);
  });

  test.each([
    [true, ['docker.io/library/envoy:1 is not in ECR: it is deployed as it is named.']],
    [undefined, []],
  ])('%s: an image of another registry stays as it is', async (pinDigest, notes) => {
    const scene = await DeployScene.create();
    if (pinDigest !== undefined) scene.environmentConfig()['PinDigest'] = pinDigest;
    const { PortMappings: _ports, ...sidecar } = containersOf(scene)[0]!;
    containersOf(scene).push({ ...sidecar, Name: 'envoy', Image: 'docker.io/library/envoy:1' });

    const run = await scene.deploy('bbbb2222');

    expect(registered(scene)).toEqual([scene.imageOf('v2'), 'docker.io/library/envoy:1']);
    expect(told(run, 'note')).toEqual(notes);
  });
});

test('an image of several containers is asked for once', async () => {
  const scene = await DeployScene.create();
  const { PortMappings: _ports, ...worker } = containersOf(scene)[0]!;
  containersOf(scene).push({ ...worker, Name: 'worker' });

  const run = await scene.deploy('bbbb2222');

  expect(run.error).toBeUndefined();
  expect(scene.asked).toHaveLength(1);
  expect(registered(scene)).toEqual([scene.imageOf('v2'), scene.imageOf('v2')]);
});
