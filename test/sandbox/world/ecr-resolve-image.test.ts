/** Goal: a task finds its program through the registry, or stops for the reason that ECS gives. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { createRepository } from '../../../sandbox/world/ecr/operations/create-repository.ts';
import { putImage } from '../../../sandbox/world/ecr/operations/put-image.ts';
import { resolveImage } from '../../../sandbox/world/ecr/resolve-image.ts';
import { ElbWorld } from '../../support/elb-world.ts';

const REGISTRY = '111111111111.dkr.ecr.us-east-1.amazonaws.com';
const repositoryName = 'team/web';

let sandbox: ElbWorld;

beforeEach(() => {
  sandbox = new ElbWorld();
  sandbox.do(createRepository, { repositoryName });
});

function put(manifest: object, imageTag?: string): string {
  const imageManifest = JSON.stringify({ mediaType: 'application/json', ...manifest });
  const { image } = sandbox.do(putImage, { repositoryName, imageManifest, imageTag });
  return image?.imageId?.imageDigest ?? '';
}

function program(command: unknown, environment?: unknown): object {
  return {
    annotations: {
      'ecs-deploy.sandbox/command': command,
      'ecs-deploy.sandbox/environment': environment,
    },
  };
}

const NODE = '["node","server.mjs"]';

test('a tag leads to the program of its image', () => {
  const digest = put(program(NODE, '{"PORT":"80","DEBUG":1}'), 'v1');

  expect(resolveImage(sandbox.world, `${REGISTRY}/team/web:v1`)).toEqual({
    command: ['node', 'server.mjs'],
    environment: { PORT: '80', DEBUG: '1' },
    digest,
  });
});

test('a digest leads to its image, also when a tag beside it has moved on', () => {
  const digest = put(program(NODE), 'v1');
  put(program('["other"]'), 'v1');

  for (const reference of [`@${digest}`, `:v1@${digest}`]) {
    const found = resolveImage(sandbox.world, `${REGISTRY}/team/web${reference}`);
    expect(found).toMatchObject({ digest, environment: {} });
  }
});

test('without a tag it is the latest', () => {
  const digest = put(program(NODE), 'latest');

  expect(resolveImage(sandbox.world, `${REGISTRY}/team/web`)).toMatchObject({ digest });
});

test('an index leads to the image for a plain machine', () => {
  put(program('["arm"]'));
  const x86 = put(program('["x86"]'));
  const manifests = [
    { digest: put(program('["s390x"]')), platform: { os: 'linux', architecture: 's390x' } },
    { digest: x86, platform: { os: 'linux', architecture: 'amd64' } },
  ];
  put({ manifests }, 'multi');

  expect(resolveImage(sandbox.world, `${REGISTRY}/team/web:multi`)).toMatchObject({
    command: ['x86'],
    digest: x86,
  });
});

test('other accounts, Regions and partitions have registries of their own', () => {
  const china = sandbox.world.region('222222222222', 'cn-north-1');
  const caller = { accountId: '222222222222', principalArn: 'arn' };
  const call = { world: sandbox.world, region: china, caller };
  createRepository.handle({ repositoryName: 'api' }, call);
  const imageManifest = JSON.stringify({ mediaType: 'a/b', ...program(NODE) });
  putImage.handle({ repositoryName: 'api', imageManifest, imageTag: 'v1' }, call);

  const reference = '222222222222.dkr.ecr.cn-north-1.amazonaws.com.cn/api:v1';
  expect(resolveImage(sandbox.world, reference)).toMatchObject({ command: ['node', 'server.mjs'] });
  expect(resolveImage(sandbox.world, `${REGISTRY}/api:v1`)).toHaveProperty('notFound');
});

describe('what cannot be pulled', () => {
  test('says that a tag or digest is not found', () => {
    const reference = `${REGISTRY}/team/web:gone`;

    expect(resolveImage(sandbox.world, reference)).toEqual({
      notFound: `pull image manifest has been retried 5 time(s): failed to resolve ref ${reference}: ${reference}: not found`,
    });
  });

  test('says that a repository may not exist', () => {
    const reference = `${REGISTRY}/gone:v1`;

    expect(resolveImage(sandbox.world, reference)).toEqual({
      notFound: `inspect image has been retried 1 time(s): failed to resolve ref "${reference}": pull access denied, repository does not exist or may require authorization`,
    });
  });

  test('says that other registries are not in the sandbox', () => {
    expect(resolveImage(sandbox.world, 'nginx:1')).toEqual({
      notFound:
        'inspect image has been retried 1 time(s): failed to resolve ref "nginx:1": the sandbox has only its own ECR to pull from',
    });
  });

  test.each([
    ['no command', {}, 'ecs-deploy.sandbox/command'],
    ['a command that is no list', program('"node"'), 'ecs-deploy.sandbox/command'],
    ['an empty command', program('[]'), 'ecs-deploy.sandbox/command'],
    ['a command of numbers', program('[1]'), 'ecs-deploy.sandbox/command'],
    ['variables that are no object', program(NODE, '[]'), 'ecs-deploy.sandbox/environment'],
  ])('names the annotation of an image with %s', (_, manifest, annotation) => {
    put(manifest, 'v1');

    expect(resolveImage(sandbox.world, `${REGISTRY}/team/web:v1`)).toEqual({
      notFound: expect.stringContaining(annotation),
    });
  });
});
