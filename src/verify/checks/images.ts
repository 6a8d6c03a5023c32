import { type EcrImage, parseEcrImage } from '../../image-reference.ts';
import { MALFORMED_HINT } from '../../deploy/images.ts';
import type { Check } from '../check.ts';
import { containersOf } from '../containers.ts';
import type { Facts } from '../facts.ts';
import { type Finding, ok, problem, unknown } from '../finding.ts';
import type { FoundImage, Platform } from '../ports.ts';
import { all, lookedAt, unreadable } from '../unread.ts';

/**
 * What tasks run on: their definitions name no runtime platform.
 * @see RuntimePlatform, Amazon ECS API Reference: X86_64 and LINUX unless given.
 */
const NEEDED: Platform = { os: 'linux', architecture: 'amd64' };

/** Every container's image is in its registry, and runs on the tasks' processors. */
export const images: Check = {
  name: 'images',
  title: 'Images',
  reads: ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
  run: (facts) =>
    lookedAt('images', async () => {
      const containers = containersOf(await facts.rendered());
      const references = [...new Set(containers.map(({ image }) => image))];
      return all(references.map((reference) => image(facts, reference)));
    }),
};

function image(facts: Facts, reference: string): Promise<readonly Finding[]> {
  return lookedAt(reference, async () => {
    const parsed = parseEcrImage(reference);
    if (!parsed) {
      return unknown(reference, 'is in a registry other than ECR, which is not asked');
    }
    if (parsed === 'malformed') {
      return problem(reference, 'is no name that an image in ECR can have', {
        hint: MALFORMED_HINT,
      });
    }
    const { repository, accountId, region } = parsed;
    const where = `${repository} in account ${accountId}, ${region}`;
    const found = await facts.ports.images.find(parsed);
    if (found === 'no-repository') {
      return problem(reference, `there is no repository ${where}`, {
        hint: "Create it, or correct the image's template.",
      });
    }
    if (found === 'no-image') {
      return problem(reference, `is not in repository ${where}`, {
        hint: "Push it to this account's registry, or deploy another artifact.",
      });
    }
    return platform(facts, reference, parsed, found);
  });
}

/** An image is there even when nobody may know what it runs on. */
async function platform(
  facts: Facts,
  reference: string,
  parsed: EcrImage,
  found: FoundImage,
): Promise<readonly Finding[]> {
  const exists = `is there (${found.digest.slice(0, 19)}…)`;
  const subject = `architecture of ${reference}`;
  let platforms: readonly Platform[] | undefined;
  try {
    platforms = await platformsOf(facts, parsed, found);
  } catch (error) {
    return [ok(reference, exists), unreadable(subject, error)];
  }
  if (!platforms) {
    return [ok(reference, exists), unknown(subject, 'its config does not say what it runs on')];
  }
  const names = platforms.map(({ os, architecture }) => `${os}/${architecture}`).join(', ');
  if (platforms.some(isNeeded)) return [ok(reference, `${exists}, for ${names}`)];
  return [
    problem(reference, `${exists}, but runs on ${names} only; tasks are linux/amd64`, {
      hint: 'Build it with --platform linux/amd64.',
    }),
  ];
}

async function platformsOf(
  { ports }: Facts,
  parsed: EcrImage,
  { platforms, configDigest }: FoundImage,
): Promise<readonly Platform[] | undefined> {
  if (platforms) return platforms;
  if (configDigest === undefined) return undefined;
  const platform = await ports.images.platformOf(parsed, configDigest);
  return platform && [platform];
}

function isNeeded({ os, architecture }: Platform): boolean {
  return os === NEEDED.os && architecture === NEEDED.architecture;
}
