import { createHash } from 'node:crypto';
import {
  COMMAND_ANNOTATION,
  ENVIRONMENT_ANNOTATION,
} from '../../../sandbox/world/ecr/resolve-image.ts';
import type { TaskSet } from '../../../sandbox/world/ecs/state.ts';
import type { ImagesPort } from '../../../src/deploy/ports.ts';
import { VERSIONS } from './hello.ts';

/** Every version that there is an image of. */
export const IMAGE_TAGS = ['v0', ...VERSIONS] as const;

/** The image of a version, as it was pushed. */
export function manifestOf(version: string): string {
  return JSON.stringify({
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    annotations: {
      [COMMAND_ANNOTATION]: JSON.stringify(['node', './server.mjs']),
      [ENVIRONMENT_ANNOTATION]: JSON.stringify({ VERSION: version }),
    },
  });
}

const DIGESTS: ReadonlyMap<string, string> = new Map(
  IMAGE_TAGS.map((tag) => [
    tag,
    `sha256:${createHash('sha256').update(manifestOf(tag)).digest('hex')}`,
  ]),
);
const TAGS: ReadonlyMap<string, string> = new Map(
  [...DIGESTS].map(([tag, digest]) => [digest, tag]),
);

/** The registry, which always answers: nothing but a refusal comes of it when it does not. */
export const IMAGES: ImagesPort = {
  find: async ({ tag = '' }) => {
    const digest = DIGESTS.get(tag);
    return digest === undefined ? 'no-image' : { digest };
  },
  someTags: async () => IMAGE_TAGS,
};

/** The first container's image as `repository:version`, whether the tool that named it pins or not. */
export function imageOf(set: Pick<TaskSet, 'taskDefinition'>): string {
  const image = set.taskDefinition.containers[0]?.image ?? '';
  const [name = '', digest] = image.split('@');
  return digest === undefined ? image : `${name}:${TAGS.get(digest)}`;
}
