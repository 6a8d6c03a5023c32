import { createHash } from 'node:crypto';
import { digestOf } from '../world/ecr/manifest.ts';
import { COMMAND_ANNOTATION, ENVIRONMENT_ANNOTATION } from '../world/ecr/resolve-image.ts';
import type { ImageEntry } from './world-file.ts';

/** What is pushed for an entry. */
export interface PushedImage {
  /** In the order to push them; the last one gets the tags. */
  readonly manifests: readonly string[];
  /** Configs by digest. */
  readonly blobs: ReadonlyMap<string, Uint8Array>;
}

const OCI = 'application/vnd.oci.image';

/**
 * The image of an entry: a manifest without layers, whose annotations name its program. For one
 * architecture it has a config, as a build writes it; several make an index of such images.
 */
export function imageOf(entry: ImageEntry): PushedImage {
  const { architectures = [] } = entry;
  if (architectures.length === 0) return { manifests: [manifestOf(entry)], blobs: new Map() };
  const images = architectures.map((architecture) => {
    const config = Buffer.from(JSON.stringify({ architecture, os: 'linux' }));
    const digest = `sha256:${createHash('sha256').update(config).digest('hex')}`;
    return { architecture, config, digest, manifest: manifestOf(entry, { digest, config }) };
  });
  const manifests = images.map(({ manifest }) => manifest);
  const index = JSON.stringify({
    schemaVersion: 2,
    mediaType: `${OCI}.index.v1+json`,
    manifests: images.map(({ manifest, architecture }) => ({
      mediaType: `${OCI}.manifest.v1+json`,
      digest: digestOf(manifest),
      size: Buffer.byteLength(manifest),
      platform: { architecture, os: 'linux' },
    })),
  });
  return {
    manifests: images.length === 1 ? manifests : [...manifests, index],
    blobs: new Map(images.map(({ digest, config }) => [digest, config])),
  };
}

function manifestOf(
  { command, environment }: ImageEntry,
  config?: { readonly digest: string; readonly config: Uint8Array },
): string {
  return JSON.stringify({
    schemaVersion: 2,
    mediaType: `${OCI}.manifest.v1+json`,
    ...(config
      ? {
          config: {
            mediaType: `${OCI}.config.v1+json`,
            digest: config.digest,
            size: config.config.byteLength,
          },
        }
      : {}),
    annotations: {
      [COMMAND_ANNOTATION]: JSON.stringify(command),
      ...(environment ? { [ENVIRONMENT_ANNOTATION]: JSON.stringify(environment) } : {}),
    },
  });
}
