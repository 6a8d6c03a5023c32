import { createHash } from 'node:crypto';

/** What the registry reads of an image's manifest, or of an index of several. */
export interface Manifest {
  readonly mediaType: string | undefined;
  readonly artifactMediaType: string | undefined;
  readonly annotations: Readonly<Record<string, unknown>>;
  /** The manifests that an index names; undefined for a single image. */
  readonly children: readonly Child[] | undefined;
  /** Of the config and all layers together. */
  readonly sizeInBytes: number;
}

export interface Child {
  readonly digest: string;
  readonly os: string;
  readonly architecture: string;
}

type Json = Record<string, unknown>;

/** Reads a manifest; undefined when it is no JSON object. */
export function readManifest(text: string): Manifest | undefined {
  const manifest = parseObject(text);
  if (!manifest) return undefined;
  const config = asObject(manifest['config']);
  const layers = asList(manifest['layers']).map(asObject);
  return {
    mediaType: asText(manifest['mediaType']),
    artifactMediaType: asText(manifest['artifactType']) ?? asText(config['mediaType']),
    annotations: asObject(manifest['annotations']),
    children: Array.isArray(manifest['manifests'])
      ? manifest['manifests'].map((child: unknown) => toChild(asObject(child)))
      : undefined,
    sizeInBytes: [config, ...layers].reduce((sum, part) => sum + sizeOf(part), 0),
  };
}

/** The digest of a manifest: of its bytes, so that a changed space is another image. */
export function digestOf(manifest: string): string {
  return `sha256:${createHash('sha256').update(manifest).digest('hex')}`;
}

/** The image of an index that a plain x86 machine runs, else the first one. */
export function defaultChild(manifest: Manifest): Child | undefined {
  const { children } = manifest;
  return (
    children?.find((child) => child.os === 'linux' && child.architecture === 'amd64') ??
    children?.[0]
  );
}

function toChild(child: Json): Child {
  const platform = asObject(child['platform']);
  return {
    digest: asText(child['digest']) ?? '',
    os: asText(platform['os']) ?? '',
    architecture: asText(platform['architecture']) ?? '',
  };
}

/** A JSON object from its text; undefined for anything else. */
export function parseObject(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function asObject(value: unknown): Json {
  return isObject(value) ? value : {};
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function asText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function sizeOf(part: Json): number {
  return typeof part['size'] === 'number' ? part['size'] : 0;
}
