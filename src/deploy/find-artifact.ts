import { type Artifact, tagOf } from '../artifactdb/artifact.ts';
import { RefusedError } from '../errors.ts';
import type { DeployRequest, DeployTools } from './request.ts';

/**
 * The artifact that the request means: the newest with that very SHA, else the one whose SHA is the
 * same commit in another length, which is said aloud.
 * @throws {RefusedError} when there is none, with what may have been meant, or when it may be several
 */
export async function findArtifact(
  { app, sha = '' }: DeployRequest,
  { artifacts, report }: Pick<DeployTools, 'artifacts' | 'report'>,
): Promise<Artifact> {
  const project = app.artifactDbProjectName;
  const search = await artifacts.findBySha(project, sha);
  switch (search.kind) {
    case 'found':
      if (search.matched === 'prefix') {
        report({ type: 'note', message: `${sha} is taken for ${describe(search.artifact)}` });
      }
      return search.artifact;
    case 'ambiguous':
      throw new RefusedError(
        `Several artifacts of project ${project} have a SHA that ${sha} may stand for: ${search.candidates.map(describe).join('; ')}.`,
        { hint: 'Give more characters of the SHA.' },
      );
    case 'none': {
      const { buildsRead, isWholeProject, nearMisses } = search;
      const among = isWholeProject ? '' : ` among its newest ${buildsRead} builds`;
      const meant =
        nearMisses.length > 0
          ? `Perhaps meant: ${nearMisses.map(describe).join('; ')}.`
          : 'The project has no artifacts with a SHA.';
      throw new RefusedError(
        `No artifact of project ${project} is tagged SHA=${sha}${among}. ${meant}`,
        { hint: 'Check the SHA, or wait until CI has registered the artifact.' },
      );
    }
  }
  throw new Error('Unknown search result.');
}

function describe(artifact: Artifact): string {
  return `${artifact.value} (SHA ${tagOf(artifact, 'SHA') ?? '-'}, build ${artifact.buildNumber})`;
}
