import type { Artifact } from './artifact.ts';
import type { ArtifactStore } from './store.ts';

/**
 * How many artifacts the first requests ask for. What is looked for is nearly always among the
 * first few, and a table read with 1 capacity unit pays for each artifact that comes along for
 * nothing. Two requests see the newest 1,000; after those, an answer is as full as DynamoDB makes
 * it (1 MB).
 */
const PAGE_LIMITS = [20, 980];

/** A project's artifacts from the newest to the oldest, a page at a time: take no more than needed. */
export async function* pagesOf(
  store: ArtifactStore,
  projectName: string,
): AsyncGenerator<readonly Artifact[], void, undefined> {
  const limits = PAGE_LIMITS.values();
  for (let olderThan: number | null | undefined; olderThan !== null;) {
    const page = await store.readPage(projectName, { olderThan, limit: limits.next().value });
    yield page.artifacts;
    olderThan = page.olderThan;
  }
}
