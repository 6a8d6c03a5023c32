/**
 * Goal: to the official SDK, the sandbox's registry is AWS's.
 * Method: each operation is called with success and with its errors, through the real protocol.
 */
import { createHash } from 'node:crypto';
import { expect } from '@jest/globals';
import {
  BatchDeleteImageCommand,
  BatchGetImageCommand,
  CreateRepositoryCommand,
  DeleteRepositoryCommand,
  DescribeImagesCommand,
  DescribeRepositoriesCommand,
  GetAuthorizationTokenCommand,
  GetDownloadUrlForLayerCommand,
  ListImagesCommand,
  PutImageCommand,
  PutImageTagMutabilityCommand,
} from '@aws-sdk/client-ecr';
import { ECR_OPERATIONS } from '../../../sandbox/world/ecr/index.ts';
import { textOf, type WireResponse } from '../../../sandbox/wire/message.ts';
import { proveOperations, type Proofs } from './proofs.ts';
import { ACCOUNT, REGION, type Scene, START } from './scene.ts';

const MEDIA_TYPE = 'application/vnd.oci.image.manifest.v1+json';
/** With a space that a serialiser would not write: it is part of the image. */
const MANIFEST = `{ "schemaVersion":2,"mediaType":"${MEDIA_TYPE}","layers":[{"size":7}]}`;
const DIGEST = `sha256:${createHash('sha256').update(MANIFEST).digest('hex')}`;
const CONFIG = '{"architecture":"arm64","os":"linux"}';
const CONFIG_DIGEST = `sha256:${createHash('sha256').update(CONFIG).digest('hex')}`;
const UNKNOWN_DIGEST = `sha256:${'0'.repeat(64)}`;
const invalid = (message: string | RegExp) => ['InvalidParameterException', message] as const;
const NO_REPOSITORY = [
  'RepositoryNotFoundException',
  `The repository with name 'nothing' does not exist in the registry with id '${ACCOUNT}'`,
] as const;

const put = async ({ ecr }: Scene, imageTag?: string, imageManifest = MANIFEST) =>
  ecr.send(new PutImageCommand({ repositoryName: 'web', imageManifest, imageTag }));
/** The image that a tag points to; undefined when there is none. */
const tagged = async ({ ecr }: Scene, imageTag: string) => {
  const input = { repositoryName: 'web', imageIds: [{ imageTag }] };
  return (await ecr.send(new BatchGetImageCommand(input))).images?.[0];
};
/** What the config of an image says, put where a build would have put it. */
const putConfig = ({ world }: Scene) => {
  const { blobs } = world.region(ACCOUNT, REGION).ecr.repositories.get('web')!;
  blobs.set(CONFIG_DIGEST, Buffer.from(CONFIG));
};
/** Fetches as anybody may, without credentials. */
const fetched = async ({ front }: Scene, url: string): Promise<WireResponse> => {
  const path = new URL(url).pathname;
  const answer = await front.handle({ method: 'GET', path, headers: {}, body: Buffer.of() });
  return answer as WireResponse;
};
const freeze = async ({ ecr }: Scene) =>
  ecr.send(
    new PutImageTagMutabilityCommand({ repositoryName: 'web', imageTagMutability: 'IMMUTABLE' }),
  );

const IMAGES: Proofs = {
  PutImage: {
    command: PutImageCommand,
    works: {
      'answers the digest of the very bytes': async (scene) => {
        const { image } = await put(scene, 'v2');
        expect(image).toEqual({
          registryId: ACCOUNT,
          repositoryName: 'web',
          imageId: { imageDigest: DIGEST, imageTag: 'v2' },
          imageManifest: MANIFEST,
          imageManifestMediaType: MEDIA_TYPE,
        });
      },
      'moves a tag to another image without a pull, and keeps the time of its push': async (
        scene,
      ) => {
        await put(scene, 'v2');
        scene.pass(60);
        const source = await tagged(scene, 'v2');
        const { image } = await scene.ecr.send(
          new PutImageCommand({
            repositoryName: 'web',
            imageManifest: source!.imageManifest,
            imageManifestMediaType: source!.imageManifestMediaType,
            imageDigest: source!.imageId!.imageDigest,
            imageTag: 'v1',
          }),
        );
        const { imageDetails } = await scene.ecr.send(
          new DescribeImagesCommand({ repositoryName: 'web', imageIds: [{ imageTag: 'v1' }] }),
        );

        expect(image?.imageId).toEqual({ imageDigest: DIGEST, imageTag: 'v1' });
        expect(imageDetails).toMatchObject([
          { imageDigest: DIGEST, imageTags: ['v1', 'v2'], imagePushedAt: START },
        ]);
      },
    },
    refuses: {
      'when the tag points to it already': {
        input: async (scene) => {
          await put(scene, 'v2');
          return { repositoryName: 'web', imageManifest: MANIFEST, imageTag: 'v2' };
        },
        error: [
          'ImageAlreadyExistsException',
          `Image with digest '${DIGEST}' and tag 'v2' already exists in the repository with name 'web' in registry with id '${ACCOUNT}'`,
        ],
      },
      'when the tag may not move': {
        input: async (scene) => {
          await freeze(scene);
          return { repositoryName: 'web', imageManifest: MANIFEST, imageTag: 'v1' };
        },
        error: [
          'ImageTagAlreadyExistsException',
          "The image tag 'v1' already exists in the 'web' repository and cannot be overwritten because the repository is immutable.",
        ],
      },
      'when the digest is another': {
        input: { repositoryName: 'web', imageManifest: MANIFEST, imageDigest: UNKNOWN_DIGEST },
        error: ['ImageDigestDoesNotMatchException', /does not match/],
      },
      'when an index names what is not there': {
        input: {
          repositoryName: 'web',
          imageManifest: JSON.stringify({
            mediaType: 'application/vnd.oci.image.index.v1+json',
            manifests: [{ digest: UNKNOWN_DIGEST }],
          }),
        },
        error: ['ReferencedImagesNotFoundException', /required for pushing image .* do not exist$/],
      },
      'for a repository that is not there': {
        input: { repositoryName: 'nothing', imageManifest: MANIFEST },
        error: NO_REPOSITORY,
      },
      'for what is no JSON': {
        input: { repositoryName: 'web', imageManifest: 'x' },
        error: invalid(/Invalid JSON syntax/),
      },
    },
  },
  BatchGetImage: {
    command: BatchGetImageCommand,
    works: {
      'gives manifests byte for byte, and says which are missing': async (scene) => {
        await put(scene, 'v2');
        const { images, failures } = await scene.ecr.send(
          new BatchGetImageCommand({
            repositoryName: 'web',
            imageIds: [{ imageDigest: DIGEST }, { imageTag: 'nothing' }],
            acceptedMediaTypes: [MEDIA_TYPE],
          }),
        );

        expect(images).toMatchObject([
          { imageId: { imageDigest: DIGEST }, imageManifest: MANIFEST },
        ]);
        expect(failures).toEqual([
          {
            imageId: { imageTag: 'nothing' },
            failureCode: 'ImageNotFound',
            failureReason: 'Requested image not found',
          },
        ]);
      },
    },
    refuses: {
      'for a repository that is not there': {
        input: { repositoryName: 'nothing', imageIds: [{ imageTag: 'v1' }] },
        error: NO_REPOSITORY,
      },
      'for more than 100 images': {
        input: {
          repositoryName: 'web',
          imageIds: Array.from({ length: 101 }, () => ({ imageTag: 'v1' })),
        },
        error: invalid(/'imageIds' failed to satisfy constraint/),
      },
    },
  },
  BatchDeleteImage: {
    command: BatchDeleteImageCommand,
    works: {
      'takes a tag away, and the image with its last tag': async (scene) => {
        await put(scene, 'v2');
        await put(scene, 'v3');
        const remove = (imageTag: string) =>
          scene.ecr.send(
            new BatchDeleteImageCommand({ repositoryName: 'web', imageIds: [{ imageTag }] }),
          );

        expect(await remove('v2')).toMatchObject({
          imageIds: [{ imageDigest: DIGEST, imageTag: 'v2' }],
          failures: [],
        });
        expect(await tagged(scene, 'v3')).toBeDefined();
        expect(await remove('v3')).toMatchObject({ failures: [] });
        expect(await remove('v3')).toMatchObject({ failures: [{ failureCode: 'ImageNotFound' }] });
      },
    },
    refuses: {
      'for a repository that is not there': {
        input: { repositoryName: 'nothing', imageIds: [{ imageTag: 'v1' }] },
        error: NO_REPOSITORY,
      },
    },
  },
  GetDownloadUrlForLayer: {
    command: GetDownloadUrlForLayerCommand,
    works: {
      'says where to fetch it without credentials, for an hour': async (scene) => {
        putConfig(scene);
        const { downloadUrl, layerDigest } = await scene.ecr.send(
          new GetDownloadUrlForLayerCommand({
            repositoryName: 'web',
            layerDigest: CONFIG_DIGEST,
          }),
        );

        expect(layerDigest).toBe(CONFIG_DIGEST);
        expect(textOf(await fetched(scene, downloadUrl!))).toBe(CONFIG);
        scene.pass(3600);
        expect((await fetched(scene, downloadUrl!)).status).toBe(403);
      },
    },
    refuses: {
      'for a layer that is not there': {
        input: { repositoryName: 'web', layerDigest: UNKNOWN_DIGEST },
        error: ['LayersNotFoundException', /does not exist within the repository with name 'web'/],
      },
      'for a repository that is not there': {
        input: { repositoryName: 'nothing', layerDigest: UNKNOWN_DIGEST },
        error: NO_REPOSITORY,
      },
    },
  },
  DescribeImages: {
    command: DescribeImagesCommand,
    works: {
      'describes images with all their tags, page by page': async (scene) => {
        await put(scene, 'v2');
        await put(scene, 'latest');
        const describe = (more: object) =>
          scene.ecr.send(new DescribeImagesCommand({ repositoryName: 'web', ...more }));
        const first = await describe({ maxResults: 1 });
        const { nextToken } = first;
        const second = await describe({ maxResults: 1, nextToken });

        expect(first.imageDetails).toMatchObject([{ imageTags: ['v1'] }]);
        expect(second.imageDetails).toEqual([
          {
            registryId: ACCOUNT,
            repositoryName: 'web',
            imageDigest: DIGEST,
            imageTags: ['v2', 'latest'],
            imageSizeInBytes: 7,
            imagePushedAt: START,
            imageManifestMediaType: MEDIA_TYPE,
            imageStatus: 'ACTIVE',
          },
        ]);
        expect(second.nextToken).toBeUndefined();
      },
    },
    refuses: {
      'when any image is missing': {
        input: { repositoryName: 'web', imageIds: [{ imageTag: 'v1' }, { imageTag: 'nothing' }] },
        error: [
          'ImageNotFoundException',
          `The image with imageId {imageDigest:'null', imageTag:'nothing'} does not exist within the repository with name 'web' in the registry with id '${ACCOUNT}'`,
        ],
      },
      'for a repository that is not there': {
        input: { repositoryName: 'nothing' },
        error: NO_REPOSITORY,
      },
    },
  },
  ListImages: {
    command: ListImagesCommand,
    works: {
      'lists every tag, and images without one': async (scene) => {
        await put(scene);
        const list = async (filter?: { tagStatus: 'TAGGED' | 'UNTAGGED' }) =>
          (await scene.ecr.send(new ListImagesCommand({ repositoryName: 'web', filter }))).imageIds;

        expect(await list()).toMatchObject([{ imageTag: 'v1' }, { imageDigest: DIGEST }]);
        expect(await list({ tagStatus: 'UNTAGGED' })).toEqual([{ imageDigest: DIGEST }]);
      },
    },
    refuses: {
      'for a repository that is not there': {
        input: { repositoryName: 'nothing' },
        error: NO_REPOSITORY,
      },
    },
  },
};

const REPOSITORIES: Proofs = {
  CreateRepository: {
    command: CreateRepositoryCommand,
    works: {
      'creates a repository whose tags may move': async ({ ecr }) => {
        const { repository } = await ecr.send(
          new CreateRepositoryCommand({ repositoryName: 'team/new' }),
        );
        expect(repository).toEqual({
          repositoryArn: `arn:aws:ecr:${REGION}:${ACCOUNT}:repository/team/new`,
          registryId: ACCOUNT,
          repositoryName: 'team/new',
          repositoryUri: `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com/team/new`,
          createdAt: START,
          imageTagMutability: 'MUTABLE',
          imageScanningConfiguration: { scanOnPush: false },
          encryptionConfiguration: { encryptionType: 'AES256' },
        });
      },
    },
    refuses: {
      'when the name is in use': {
        input: { repositoryName: 'web' },
        error: [
          'RepositoryAlreadyExistsException',
          `The repository with name 'web' already exists in the registry with id '${ACCOUNT}'`,
        ],
      },
      'for a name that no repository may have': {
        input: { repositoryName: 'Web' },
        error: invalid(/'repositoryName' failed to satisfy constraint/),
      },
    },
  },
  DescribeRepositories: {
    command: DescribeRepositoriesCommand,
    works: {
      'finds them by name, and lists all': async ({ ecr }) => {
        for (const input of [{ repositoryNames: ['web'] }, {}]) {
          const { repositories } = await ecr.send(new DescribeRepositoriesCommand(input));
          expect(repositories).toMatchObject([{ repositoryName: 'web' }]);
        }
      },
    },
    refuses: {
      'when one is not there': { input: { repositoryNames: ['nothing'] }, error: NO_REPOSITORY },
    },
  },
  PutImageTagMutability: {
    command: PutImageTagMutabilityCommand,
    works: {
      'says whether tags may move': async (scene) => {
        expect(await freeze(scene)).toMatchObject({
          registryId: ACCOUNT,
          repositoryName: 'web',
          imageTagMutability: 'IMMUTABLE',
        });
      },
    },
    refuses: {
      'for a repository that is not there': {
        input: { repositoryName: 'nothing', imageTagMutability: 'MUTABLE' },
        error: NO_REPOSITORY,
      },
      'for a setting that the sandbox has not': {
        input: { repositoryName: 'web', imageTagMutability: 'MUTABLE_WITH_EXCLUSION' },
        error: invalid(/MUTABLE_WITH_EXCLUSION is not implemented by the sandbox/),
      },
    },
  },
  DeleteRepository: {
    command: DeleteRepositoryCommand,
    works: {
      'deletes one with its images when forced': async ({ ecr }) => {
        const { repository } = await ecr.send(
          new DeleteRepositoryCommand({ repositoryName: 'web', force: true }),
        );
        const { repositories } = await ecr.send(new DescribeRepositoriesCommand());

        expect(repository).toMatchObject({ repositoryName: 'web' });
        expect(repositories).toEqual([]);
      },
    },
    refuses: {
      'while it has images': {
        input: { repositoryName: 'web' },
        error: [
          'RepositoryNotEmptyException',
          `The repository with name 'web' in registry with id '${ACCOUNT}' cannot be deleted because it still contains images`,
        ],
      },
      'when it is not there': { input: { repositoryName: 'nothing' }, error: NO_REPOSITORY },
    },
  },
  GetAuthorizationToken: {
    command: GetAuthorizationTokenCommand,
    works: {
      'gives a password for 12 hours': async ({ ecr }) => {
        const { authorizationData } = await ecr.send(new GetAuthorizationTokenCommand());

        expect(authorizationData).toEqual([
          {
            authorizationToken: expect.any(String),
            expiresAt: new Date(START.getTime() + 12 * 3_600_000),
            proxyEndpoint: `https://${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com`,
          },
        ]);
        expect(atob(authorizationData![0]!.authorizationToken!)).toMatch(/^AWS:.+/);
      },
    },
    refuses: {
      'for what is no account': {
        input: { registryIds: ['x'] },
        error: invalid(/'registryId' failed to satisfy constraint/),
      },
    },
  },
};

proveOperations(
  {
    client: 'ecr',
    sdkPackage: '@aws-sdk/client-ecr',
    operations: ECR_OPERATIONS.map(({ name }) => name),
    commonErrors: [],
  },
  { ...IMAGES, ...REPOSITORIES },
);
