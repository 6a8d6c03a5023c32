import { RefusedError } from '../errors.ts';
import { editDistance } from '../edit-distance.ts';
import { type EcrImage, parseEcrImage, withDigest } from '../image-reference.ts';
import type { DeployPlan } from './plan.ts';
import { CallFailedError, type ImagesPort } from './ports.ts';
import type { DeployRequest, DeployTools } from './request.ts';

type Digests = DeployPlan['imageDigests'];
type Tools = Pick<DeployTools, 'images' | 'report'>;

/** What to do about a name that no image in ECR can have. */
export const MALFORMED_HINT =
  "Correct the image's template, or the value that the artifact is registered with: a repository in lower case, then :tag or @sha256:digest.";

/** What came of looking for one image. */
type Looked =
  | { readonly reference: string; readonly digest: string }
  /** It is not where it has to be. */
  | { readonly reference: string; readonly isMissing: true; readonly image: EcrImage }
  /** It can be nowhere. */
  | { readonly reference: string; readonly isMalformed: true }
  /** Nobody can say whether it is there. */
  | { readonly reference: string; readonly unreadable: CallFailedError }
  | { readonly reference: string; readonly isElsewhere: true };

/**
 * Makes sure that the image of each container is in its registry, so that a deploy of something that
 * was never pushed there changes nothing, and names it by its digest, so that every task of the
 * deploy runs the same program, wherever its tag goes.
 *
 * @param known Digests that an earlier run of this deploy has found: these images are not looked for.
 * @returns the plan with the digests in the container definitions, unless `PinDigest` is off.
 * @throws {RefusedError} that names every image that is missing, or that ECR can't have
 * @throws {CallFailedError} when ECR does not answer for the moment
 */
export async function checkImages(
  plan: DeployPlan,
  { environment: { pinDigest } }: DeployRequest,
  tools: Tools,
  known: Digests = {},
): Promise<DeployPlan> {
  const references = new Set(plan.containerDefinitions.map(imageOf));
  const looked = await Promise.all(
    [...references].map((reference) => look(reference, known, pinDigest, tools.images)),
  );
  assertNoneIsMalformed(looked);
  await assertNoneIsMissing(looked, tools.images);
  for (const each of looked) tellUnpinned(each, pinDigest, tools);
  if (pinDigest === false) return plan;
  const found = looked.flatMap((each) => ('digest' in each ? [each] : []));
  return pinned(plan, Object.fromEntries(found.map((each) => [each.reference, each.digest])));
}

/** The plan with these digests in place of what its images are called. */
export function pinned(plan: DeployPlan, digests: Digests): DeployPlan {
  const containerDefinitions = plan.containerDefinitions.map((definition) => {
    const digest = digests[imageOf(definition)];
    if (digest === undefined) return definition;
    return { ...definition, image: withDigest(imageOf(definition), digest) };
  });
  return { ...plan, containerDefinitions, imageDigests: digests };
}

/** The image that a container definition names; empty when it names none. */
export function imageOf(definition: Readonly<Record<string, unknown>>): string {
  const { image } = definition;
  return typeof image === 'string' ? image : '';
}

async function look(
  reference: string,
  known: Digests,
  pinDigest: boolean | undefined,
  images: ImagesPort,
): Promise<Looked> {
  const digest = known[reference];
  if (digest !== undefined) return { reference, digest };
  const image = parseEcrImage(reference);
  if (!image) return { reference, isElsewhere: true };
  if (image === 'malformed') return { reference, isMalformed: true };
  try {
    const found = await images.find(image);
    if (typeof found === 'object') return { reference, digest: found.digest };
    return { reference, isMissing: true, image };
  } catch (error) {
    if (!(error instanceof CallFailedError)) throw error;
    // What passes by itself must not decide whether tasks are pinned.
    if (error.isTransient && pinDigest !== false) throw error;
    return { reference, unreadable: error };
  }
}

/** ECS would find that out as late as at step 7. */
function assertNoneIsMalformed(looked: readonly Looked[]): void {
  const malformed = looked.flatMap((each) => ('isMalformed' in each ? [each.reference] : []));
  if (malformed.length === 0) return;
  throw new RefusedError(
    malformed.map((name) => `No image in ECR can be named ${name}.`).join('\n'),
    {
      hint: MALFORMED_HINT,
    },
  );
}

async function assertNoneIsMissing(looked: readonly Looked[], images: ImagesPort): Promise<void> {
  const missing = looked.flatMap((each) => ('isMissing' in each ? [each] : []));
  if (missing.length === 0) return;
  const told = await Promise.all(missing.map(({ image }) => tellMissing(image, images)));
  throw new RefusedError(told.join('\n'), {
    hint: "Push it to this account's registry first (from some branches CI may not), or deploy another artifact.",
  });
}

async function tellMissing(image: EcrImage, images: ImagesPort): Promise<string> {
  const { accountId, digest, region, repository, tag = '' } = image;
  const name = digest === undefined ? `${repository}:${tag}` : `${repository}@${digest}`;
  const where = `The image ${name} is not in ECR of account ${accountId}, ${region}.`;
  if (digest !== undefined) return where;
  // For want of permission nothing is refused: it was only to help.
  const near = nearest(tag, await images.someTags(image).catch(() => []));
  return near.length === 0 ? where : `${where} Similar tags are there: ${near.join(', ')}.`;
}

const NEAR_DISTANCE_MAX = 2;
const NEAR_PREFIX_LENGTH = 4;
const NEAR_MAX = 3;

/** A slip of the fingers, or the same commit in another length. */
function nearest(tag: string, tags: readonly string[]): string[] {
  const start = tag.slice(0, NEAR_PREFIX_LENGTH);
  return tags
    .filter(
      (other) =>
        editDistance(other, tag) <= Math.min(NEAR_DISTANCE_MAX, tag.length - 1) ||
        (start.length === NEAR_PREFIX_LENGTH && other.startsWith(start)),
    )
    .sort((a, b) => editDistance(a, tag) - editDistance(b, tag))
    .slice(0, NEAR_MAX);
}

/** @throws {RefusedError} when digests are asked for, and this one can't be had. */
function tellUnpinned(looked: Looked, pinDigest: boolean | undefined, { report }: Tools): void {
  const { reference } = looked;
  if ('isElsewhere' in looked && pinDigest === true) {
    report({ type: 'note', message: `${reference} is not in ECR: it is deployed as it is named.` });
  }
  if (!('unreadable' in looked)) return;
  const why = looked.unreadable.message;
  if (pinDigest === true) {
    throw new RefusedError(
      `The digest of ${reference} can't be read, and PinDigest asks for it: ${why}`,
      {
        hint: 'Allow ecr:BatchGetImage on the repository, or take PinDigest out of the configuration.',
      },
    );
  }
  const consequence = pinDigest === false ? '' : ' It is deployed by its tag, which may move.';
  const message = `Whether ${reference} exists could not be looked up: ${why}.${consequence} Allow ecr:BatchGetImage on the repository.`;
  report({ type: 'warning', message });
}
