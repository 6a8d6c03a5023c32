import type { ECRClient } from '@aws-sdk/client-ecr';
import {
  BatchGetImageCommand,
  GetDownloadUrlForLayerCommand,
  ListImagesCommand,
} from '@aws-sdk/client-ecr';
import { CallFailedError, type ImagesPort as DeployImagesPort } from '../deploy/ports.ts';
import type { EcrImage } from '../image-reference.ts';
import type { FoundImage, ImagesPort, Platform } from '../verify/ports.ts';
import { call, isNamed, required } from './errors.ts';

const BATCH_GET_IMAGE = 'ecr:BatchGetImage';
const GET_DOWNLOAD_URL = 'ecr:GetDownloadUrlForLayer';

/** All that a tag may stand for: an index that is not asked for is answered by one of its images. */
const MEDIA_TYPES = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
];

/** Fetches what stands at an address, without credentials. Rejects unless it could be had. */
export type Download = (address: string) => Promise<string>;

type Json = Readonly<Record<string, unknown>>;

/**
 * Images in ECR, of any registry that the credentials may read.
 * @see Image manifest format support, Amazon ECR User Guide
 */
export function imagesPort(
  clientFor: (region: string) => Promise<ECRClient>,
  download: Download = fetchText,
): ImagesPort & DeployImagesPort {
  return {
    someTags: async (image) => someTags(await clientFor(image.region), image),
    find: async (image) => findImage(await clientFor(image.region), image),
    platformOf: async (image, configDigest) =>
      platformOf(await clientFor(image.region), { image, configDigest, download }),
  };
}

async function findImage(
  client: ECRClient,
  image: EcrImage,
): Promise<Awaited<ReturnType<ImagesPort['find']>>> {
  return call(BATCH_GET_IMAGE, async () => {
    try {
      const { images, failures } = await client.send(
        new BatchGetImageCommand({
          ...registryOf(image),
          imageIds: [image.digest ? { imageDigest: image.digest } : { imageTag: image.tag }],
          acceptedMediaTypes: MEDIA_TYPES,
        }),
      );
      const [failure] = failures ?? [];
      if (failure?.failureCode === 'ImageNotFound') return 'no-image';
      if (failure) throw failed(BATCH_GET_IMAGE, failure.failureCode, failure.failureReason);
      const [found] = required(BATCH_GET_IMAGE, 'images', images);
      const digest = required(BATCH_GET_IMAGE, 'imageDigest', found?.imageId?.imageDigest);
      const manifest = required(BATCH_GET_IMAGE, 'imageManifest', found?.imageManifest);
      return {
        digest,
        ...readManifest(required(BATCH_GET_IMAGE, 'manifest in JSON', parse(manifest))),
      };
    } catch (error) {
      if (isNamed(error, 'RepositoryNotFound')) return 'no-repository';
      throw error;
    }
  });
}

/** The first page: whoever wants more tags than that has other ways to find one. */
async function someTags(client: ECRClient, image: EcrImage): Promise<string[]> {
  const { imageIds } = await call('ecr:ListImages', () =>
    client.send(
      new ListImagesCommand({
        ...registryOf(image),
        filter: { tagStatus: 'TAGGED' },
        maxResults: 1_000,
      }),
    ),
  );
  return (imageIds ?? []).flatMap(({ imageTag }) => imageTag ?? []);
}

async function platformOf(
  client: ECRClient,
  options: { image: EcrImage; configDigest: string; download: Download },
): Promise<Platform | undefined> {
  const { image, configDigest, download } = options;
  const { downloadUrl } = await call(GET_DOWNLOAD_URL, () =>
    client.send(
      new GetDownloadUrlForLayerCommand({ ...registryOf(image), layerDigest: configDigest }),
    ),
  );
  const address = required(GET_DOWNLOAD_URL, 'downloadUrl', downloadUrl);
  try {
    return readPlatform(parse(await download(address)) ?? {});
  } catch (error) {
    // The address is a secret for an hour: the error must not repeat it.
    const reason = error instanceof Error ? error.name : 'no answer';
    throw failed(GET_DOWNLOAD_URL, reason, `the image's config can't be downloaded`, true);
  }
}

function registryOf({ accountId, repository }: EcrImage) {
  return { registryId: accountId, repositoryName: repository };
}

/** An index lists attestations as well, which run on nothing. */
function readManifest({ manifests, config }: Json): Omit<FoundImage, 'digest'> {
  if (Array.isArray(manifests)) {
    const platforms = manifests.flatMap((entry) => readPlatform(objectOf(entry)['platform']) ?? []);
    return { platforms: platforms.filter(({ os }) => os !== 'unknown') };
  }
  const { digest } = objectOf(config);
  return typeof digest === 'string' ? { configDigest: digest } : {};
}

function readPlatform(value: unknown): Platform | undefined {
  const { os, architecture } = objectOf(value);
  if (typeof os !== 'string' || typeof architecture !== 'string') return undefined;
  return { os, architecture };
}

/** A JSON object; undefined for anything else. */
function parse(text: string): Json | undefined {
  try {
    return objectOf(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function objectOf(value: unknown): Json {
  return typeof value === 'object' && value !== null ? (value as Json) : {};
}

function failed(
  operation: string,
  code = 'no reason given',
  message: string = code,
  isTransient = false,
): CallFailedError {
  return new CallFailedError({ operation, code, message, isTransient, isOutcomeUnknown: false });
}

const DOWNLOAD_TIMEOUT_MS = 10_000;

async function fetchText(address: string): Promise<string> {
  const response = await fetch(address, { signal: AbortSignal.timeout(DOWNLOAD_TIMEOUT_MS) });
  if (response.ok) return response.text();
  await response.body?.cancel();
  throw new Error(`HTTP ${response.status}`);
}
