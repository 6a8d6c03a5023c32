/** Goal: the registry answers a retagging client as ECR does, errors word for word. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { ECR_OPERATIONS } from '../../../sandbox/world/ecr/index.ts';
import { batchDeleteImage } from '../../../sandbox/world/ecr/operations/batch-delete-image.ts';
import { batchGetImage } from '../../../sandbox/world/ecr/operations/batch-get-image.ts';
import { createRepository } from '../../../sandbox/world/ecr/operations/create-repository.ts';
import { deleteRepository } from '../../../sandbox/world/ecr/operations/delete-repository.ts';
import { describeImages } from '../../../sandbox/world/ecr/operations/describe-images.ts';
import { describeRepositories } from '../../../sandbox/world/ecr/operations/describe-repositories.ts';
import { getAuthorizationToken } from '../../../sandbox/world/ecr/operations/get-authorization-token.ts';
import { listImages } from '../../../sandbox/world/ecr/operations/list-images.ts';
import { putImage } from '../../../sandbox/world/ecr/operations/put-image.ts';
import { putImageTagMutability } from '../../../sandbox/world/ecr/operations/put-image-tag-mutability.ts';
import { ElbWorld } from '../../support/elb-world.ts';

const IMAGE_TYPE = 'application/vnd.oci.image.manifest.v1+json';
const INDEX_TYPE = 'application/vnd.oci.image.index.v1+json';
const repositoryName = 'team/web';

let sandbox: ElbWorld;

beforeEach(() => {
  sandbox = new ElbWorld();
  sandbox.do(createRepository, { repositoryName });
});

function manifest(version: string): string {
  return JSON.stringify({
    schemaVersion: 2,
    mediaType: IMAGE_TYPE,
    config: { mediaType: 'application/vnd.oci.image.config.v1+json', size: 100 },
    layers: [{ size: 20 }, { size: 3 }],
    annotations: { version },
  });
}

function sha256(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}

function put(imageManifest: string, imageTag?: string): string {
  const { image } = sandbox.do(putImage, { repositoryName, imageManifest, imageTag });
  return image?.imageId?.imageDigest ?? '';
}

function tags(): Record<string, string[] | undefined> {
  const { imageDetails = [] } = sandbox.do(describeImages, { repositoryName });
  return Object.fromEntries(imageDetails.map((image) => [image.imageDigest, image.imageTags]));
}

test('the table names each operation once', () => {
  const names = ECR_OPERATIONS.map((operation) => operation.name);

  expect(names).toContain('BatchGetImage');
  expect(new Set(names).size).toBe(names.length);
});

describe('repositories', () => {
  test('are created mutable, at the address of their registry', () => {
    const { repository } = sandbox.do(createRepository, { repositoryName: 'api' });

    expect(repository).toMatchObject({
      repositoryArn: 'arn:aws:ecr:us-east-1:111111111111:repository/api',
      registryId: '111111111111',
      repositoryName: 'api',
      repositoryUri: '111111111111.dkr.ecr.us-east-1.amazonaws.com/api',
      imageTagMutability: 'MUTABLE',
      createdAt: sandbox.world.now(),
    });
  });

  test('exist once', () => {
    expect(sandbox.refusal(createRepository, { repositoryName })).toEqual({
      code: 'RepositoryAlreadyExistsException',
      message:
        "The repository with name 'team/web' already exists in the registry with id '111111111111'",
      httpStatus: 400,
    });
  });

  test.each(['Upper', 'a', 'a//b', '-a', 'a'.repeat(257)])('may not be named %j', (name) => {
    const refusal = sandbox.refusal(createRepository, { repositoryName: name });

    expect(refusal.code).toBe('InvalidParameterException');
  });

  test('are described by name and page by page', () => {
    for (const name of ['api', 'jobs']) sandbox.do(createRepository, { repositoryName: name });
    const names = (input: object) =>
      sandbox.do(describeRepositories, input).repositories?.map((one) => one.repositoryName);

    expect(names({ repositoryNames: ['jobs'] })).toEqual(['jobs']);
    const { nextToken } = sandbox.do(describeRepositories, { maxResults: 2 });
    expect(names({ maxResults: 2 })).toEqual([repositoryName, 'api']);
    expect(names({ maxResults: 2, nextToken })).toEqual(['jobs']);
    const invalid = sandbox.refusal(describeRepositories, { nextToken: 'x' });
    expect(invalid.code).toBe('InvalidParameterException');
  });

  test('that are missing are named', () => {
    const refusal = sandbox.refusal(describeRepositories, { repositoryNames: ['gone'] });

    expect(refusal).toEqual({
      code: 'RepositoryNotFoundException',
      message:
        "The repository with name 'gone' does not exist in the registry with id '111111111111'",
      httpStatus: 400,
    });
  });

  test('are deleted with their images only when forced', () => {
    put(manifest('1'));

    expect(sandbox.refusal(deleteRepository, { repositoryName })).toMatchObject({
      code: 'RepositoryNotEmptyException',
      message:
        "The repository with name 'team/web' in registry with id '111111111111' cannot be deleted because it still contains images",
    });
    sandbox.do(deleteRepository, { repositoryName, force: true });
    expect(sandbox.refusal(listImages, { repositoryName }).code).toBe(
      'RepositoryNotFoundException',
    );
  });

  test('of another account are reached by its registry id', () => {
    const input = { repositoryName: 'shared', registryId: '222222222222' };

    const { repository } = sandbox.do(createRepository, input);

    expect(repository?.repositoryUri).toBe('222222222222.dkr.ecr.us-east-1.amazonaws.com/shared');
    expect(sandbox.do(listImages, input).imageIds).toEqual([]);
    expect(sandbox.refusal(listImages, { repositoryName: 'shared' }).code).toBe(
      'RepositoryNotFoundException',
    );
  });

  test('with exclusions from immutability are refused by name', () => {
    const input = { repositoryName, imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION' as const };

    expect(sandbox.refusal(putImageTagMutability, input).message).toBe(
      'imageTagMutability=IMMUTABLE_WITH_EXCLUSION is not implemented by the sandbox',
    );
  });
});

describe('PutImage', () => {
  test('stores the manifest under the digest of its bytes', () => {
    const imageManifest = manifest('1');

    const { image } = sandbox.do(putImage, { repositoryName, imageManifest, imageTag: 'dev' });

    expect(image).toEqual({
      registryId: '111111111111',
      repositoryName,
      imageId: { imageDigest: sha256(imageManifest), imageTag: 'dev' },
      imageManifest,
      imageManifestMediaType: IMAGE_TYPE,
    });
  });

  test('takes the same JSON with another space for another image', () => {
    const first = put(manifest('1'));

    expect(put(`${manifest('1')} `)).not.toBe(first);
  });

  test('moves a tag to another image, which leaves the old one untagged', () => {
    const first = put(manifest('1'), 'dev');
    const second = put(manifest('2'), 'dev');

    expect(tags()).toEqual({ [first]: undefined, [second]: ['dev'] });
  });

  test('adds a tag to an image that is there, which stays as old as it is', () => {
    const digest = put(manifest('1'), 'dev');
    const pushedAt = sandbox.world.now();
    sandbox.pass(60);

    put(manifest('1'), 'prod');

    expect(tags()).toEqual({ [digest]: ['dev', 'prod'] });
    const { imageDetails } = sandbox.do(describeImages, { repositoryName });
    expect(imageDetails?.[0]?.imagePushedAt).toEqual(pushedAt);
  });

  test('refuses what is there already under that tag', () => {
    const digest = put(manifest('1'), 'dev');

    const input = { repositoryName, imageManifest: manifest('1'), imageTag: 'dev' };
    expect(sandbox.refusal(putImage, input)).toEqual({
      code: 'ImageAlreadyExistsException',
      message: `Image with digest '${digest}' and tag 'dev' already exists in the repository with name 'team/web' in registry with id '111111111111'`,
      httpStatus: 400,
    });
  });

  test('refuses to move a tag of an immutable repository', () => {
    sandbox.do(putImageTagMutability, { repositoryName, imageTagMutability: 'IMMUTABLE' });
    const digest = put(manifest('1'), 'v1');

    const input = { repositoryName, imageManifest: manifest('2'), imageTag: 'v1' };
    expect(sandbox.refusal(putImage, input)).toEqual({
      code: 'ImageTagAlreadyExistsException',
      message:
        "The image tag 'v1' already exists in the 'team/web' repository and cannot be overwritten because the repository is immutable.",
      httpStatus: 400,
    });
    expect(tags()).toEqual({ [digest]: ['v1'] });
    const same = { ...input, imageManifest: manifest('1') };
    expect(sandbox.refusal(putImage, same).code).toBe('ImageAlreadyExistsException');
  });

  test('refuses a manifest that does not have the digest given with it', () => {
    const imageDigest = `sha256:${'0'.repeat(64)}`;
    const input = { repositoryName, imageManifest: manifest('1'), imageDigest };

    expect(sandbox.refusal(putImage, input).code).toBe('ImageDigestDoesNotMatchException');
    expect(tags()).toEqual({});
  });

  test('needs a media type from the manifest or beside it', () => {
    const imageManifest = JSON.stringify({ schemaVersion: 2 });
    const input = { repositoryName, imageManifest };

    expect(sandbox.refusal(putImage, input).code).toBe('InvalidParameterException');
    const { image } = sandbox.do(putImage, { ...input, imageManifestMediaType: IMAGE_TYPE });
    expect(image?.imageManifestMediaType).toBe(IMAGE_TYPE);
    const contradiction = {
      repositoryName,
      imageManifest: manifest('1'),
      imageManifestMediaType: INDEX_TYPE,
    };
    expect(sandbox.refusal(putImage, contradiction).code).toBe('InvalidParameterException');
  });

  test.each([
    ['what is no JSON', { imageManifest: '{' }, /Invalid JSON syntax/],
    ['a tag with a slash', { imageManifest: manifest('1'), imageTag: 'a/b' }, /imageTag/],
    ['no manifest', { imageManifest: undefined }, /imageManifest/],
  ])('refuses %s', (_, input, message) => {
    const refusal = sandbox.refusal(putImage, { repositoryName, ...input });

    expect(refusal.code).toBe('InvalidParameterException');
    expect(refusal.message).toMatch(message);
  });

  test('refuses an index of images that are not there', () => {
    const manifests = [{ digest: sha256('no') }];
    const imageManifest = JSON.stringify({ mediaType: INDEX_TYPE, manifests });

    expect(sandbox.refusal(putImage, { repositoryName, imageManifest })).toMatchObject({
      code: 'ReferencedImagesNotFoundException',
      message: expect.stringContaining(sha256('no')),
    });
  });
});

describe('BatchGetImage', () => {
  test('gives back what was put, so that it can be put again under another tag', () => {
    const spaced = `${manifest('1')}\n`;
    const digest = put(spaced, 'dev');

    const { images } = sandbox.do(batchGetImage, {
      repositoryName,
      imageIds: [{ imageTag: 'dev' }],
    });
    put(images?.[0]?.imageManifest ?? '', 'prod');

    expect(images?.[0]).toMatchObject({
      imageId: { imageTag: 'dev', imageDigest: digest },
      imageManifestMediaType: IMAGE_TYPE,
    });
    expect(tags()).toEqual({ [digest]: ['dev', 'prod'] });
  });

  test('lists what is missing or wrong, and throws for none of it', () => {
    const digest = put(manifest('1'), 'dev');
    const other = put(manifest('2'), 'prod');
    const failures = sandbox.do(batchGetImage, {
      repositoryName,
      imageIds: [
        { imageTag: 'gone' },
        { imageDigest: sha256('gone') },
        { imageTag: 'gone', imageDigest: digest },
        { imageTag: 'dev', imageDigest: other },
        { imageDigest: 'md5:1' },
        { imageTag: '!' },
        {},
      ],
    }).failures;

    expect(failures?.map((failure) => failure.failureCode)).toEqual([
      'ImageNotFound',
      'ImageNotFound',
      'ImageNotFound',
      'ImageTagDoesNotMatchDigest',
      'InvalidImageDigest',
      'InvalidImageTag',
      'MissingDigestAndTag',
    ]);
    expect(failures?.[0]).toEqual({
      imageId: { imageTag: 'gone' },
      failureCode: 'ImageNotFound',
      failureReason: 'Requested image not found',
    });
  });

  test('answers an index by tag with the index only when its media type is accepted', () => {
    const arm = put(manifest('arm'));
    const x86 = put(manifest('x86'));
    const platform = (architecture: string) => ({ os: 'linux', architecture });
    const manifests = [
      { digest: arm, platform: platform('arm64') },
      { digest: x86, platform: platform('amd64') },
    ];
    const index = put(JSON.stringify({ mediaType: INDEX_TYPE, manifests }), 'multi');
    const got = (imageId: object, acceptedMediaTypes?: string[]) =>
      sandbox.do(batchGetImage, { repositoryName, imageIds: [imageId], acceptedMediaTypes })
        .images?.[0]?.imageId?.imageDigest;

    expect(got({ imageTag: 'multi' })).toBe(x86);
    expect(got({ imageTag: 'multi' }, [INDEX_TYPE])).toBe(index);
    expect(got({ imageDigest: index })).toBe(index);
  });

  test.each([0, 101])('refuses %d images at once', (length) => {
    const imageIds = Array.from({ length }, () => ({ imageTag: 'dev' }));

    expect(sandbox.refusal(batchGetImage, { repositoryName, imageIds }).code).toBe(
      'InvalidParameterException',
    );
  });
});

describe('DescribeImages', () => {
  test('shows sizes, types, tags and times', () => {
    const imageDigest = put(manifest('1'), 'dev');

    expect(sandbox.do(describeImages, { repositoryName }).imageDetails).toEqual([
      {
        registryId: '111111111111',
        repositoryName,
        imageDigest,
        imageTags: ['dev'],
        imageSizeInBytes: 123,
        imagePushedAt: sandbox.world.now(),
        imageManifestMediaType: IMAGE_TYPE,
        artifactMediaType: 'application/vnd.oci.image.config.v1+json',
        imageStatus: 'ACTIVE',
      },
    ]);
  });

  test('throws when any of the images is missing', () => {
    put(manifest('1'), 'dev');

    const input = { repositoryName, imageIds: [{ imageTag: 'dev' }, { imageTag: 'x' }] };
    expect(sandbox.refusal(describeImages, input)).toEqual({
      code: 'ImageNotFoundException',
      message:
        "The image with imageId {imageDigest:'null', imageTag:'x'} does not exist within the repository with name 'team/web' in the registry with id '111111111111'",
      httpStatus: 400,
    });
  });

  test('filters by whether there is a tag, and gives pages', () => {
    const untagged = put(manifest('0'));
    const tagged = ['1', '2', '3'].map((version) => put(manifest(version), `v${version}`));
    const digests = (input: object) =>
      sandbox
        .do(describeImages, { repositoryName, ...input })
        .imageDetails?.map((image) => image.imageDigest);

    expect(digests({ filter: { tagStatus: 'UNTAGGED' } })).toEqual([untagged]);
    expect(digests({ filter: { tagStatus: 'TAGGED' } })).toEqual(tagged);
    const { nextToken } = sandbox.do(describeImages, { repositoryName, maxResults: 3 });
    expect(digests({ maxResults: 3, nextToken })).toEqual([tagged[2]]);
  });
});

test('ListImages lists each tag with its digest, and untagged digests', () => {
  const first = put(manifest('1'), 'a');
  put(manifest('1'), 'b');
  const second = put(manifest('2'));

  expect(sandbox.do(listImages, { repositoryName }).imageIds).toEqual([
    { imageDigest: first, imageTag: 'a' },
    { imageDigest: first, imageTag: 'b' },
    { imageDigest: second },
  ]);
});

describe('BatchDeleteImage', () => {
  const remove = (...imageIds: object[]) =>
    sandbox.do(batchDeleteImage, { repositoryName, imageIds });

  test('by tag takes the tag, and the image with its last tag', () => {
    const digest = put(manifest('1'), 'a');
    put(manifest('1'), 'b');

    expect(remove({ imageTag: 'a' }).imageIds).toEqual([{ imageDigest: digest, imageTag: 'a' }]);
    expect(tags()).toEqual({ [digest]: ['b'] });
    remove({ imageTag: 'b' });
    expect(tags()).toEqual({});
  });

  test('by digest takes the image and all its tags', () => {
    const imageDigest = put(manifest('1'), 'a');
    put(manifest('1'), 'b');

    expect(remove({ imageDigest }).imageIds).toEqual([
      { imageDigest, imageTag: 'a' },
      { imageDigest, imageTag: 'b' },
    ]);
    expect(tags()).toEqual({});
  });

  test('leaves an image that an index names, and lists what is missing', () => {
    const imageDigest = put(manifest('1'));
    put(JSON.stringify({ mediaType: INDEX_TYPE, manifests: [{ digest: imageDigest }] }), 'multi');

    const { failures } = remove({ imageDigest }, { imageTag: 'gone' });

    expect(failures?.map((failure) => failure.failureCode)).toEqual([
      'ImageReferencedByManifestList',
      'ImageNotFound',
    ]);
    expect(Object.keys(tags())).toContain(imageDigest);
  });
});

test('GetAuthorizationToken gives a password for 12 hours', () => {
  const { authorizationData } = sandbox.do(getAuthorizationToken, {});

  const [data] = authorizationData ?? [];
  expect(Buffer.from(data?.authorizationToken ?? '', 'base64').toString()).toMatch(/^AWS:.{32,}$/);
  expect(data?.expiresAt?.getTime()).toBe(sandbox.clock.wallMs() + 12 * 3_600_000);
  expect(data?.proxyEndpoint).toBe('https://111111111111.dkr.ecr.us-east-1.amazonaws.com');
});
