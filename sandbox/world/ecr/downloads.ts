import type { World } from '../world.ts';

/** A layer or a config that may be fetched for a while by whoever knows where it is. */
export interface Download {
  readonly bytes: Uint8Array;
  /** By the world's clock, in milliseconds since 1970. */
  readonly expiresAtMs: number;
}

/** What stands before a download's secret name, in the path of its address. */
export const DOWNLOAD_PATH = '/_layers/';

const GOOD_FOR_SECONDS = 3600;

/** @returns the path under which the bytes may be fetched without credentials for an hour. */
export function offerDownload(world: World, bytes: Uint8Array): string {
  const name = world.randomString(40);
  const expiresAtMs = world.clock.wallMs() + GOOD_FOR_SECONDS * 1000;
  world.downloads.set(name, { bytes, expiresAtMs });
  return `${DOWNLOAD_PATH}${name}`;
}

/** What is offered under a path; undefined when nothing is, or no longer. */
export function downloadAt(world: World, path: string): Uint8Array | undefined {
  const found = world.downloads.get(path.slice(DOWNLOAD_PATH.length));
  return found && world.clock.wallMs() < found.expiresAtMs ? found.bytes : undefined;
}
