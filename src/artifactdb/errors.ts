import type { ArtifactRef } from './artifact.ts';

/** What ArtifactDB itself finds wrong, as against a store that can't be reached. */
export abstract class ArtifactDbError extends Error {
  constructor(message: string) {
    super(message);
    this.name = new.target.name;
  }
}

/** There is no such build. */
export class ArtifactNotFoundError extends ArtifactDbError {
  constructor({ projectName, buildNumber }: ArtifactRef, containedIn?: string) {
    const where = containedIn === undefined ? '' : `, contained in ${containedIn},`;
    super(`Artifact ${projectName}:${buildNumber}${where} does not exist`);
  }
}

/** Not of the form `project:build`. */
export class InvalidArtifactIdError extends ArtifactDbError {
  constructor(id: string) {
    super(`"${id}" is not the name of an artifact: expected project:build, e.g. hello:12`);
  }
}

/** A tag needs a name. */
export class InvalidTagError extends ArtifactDbError {
  constructor() {
    super('A tag needs a name of at least one character');
  }
}

/** Artifacts that contain each other have no end. */
export class ArtifactCycleError extends ArtifactDbError {
  constructor(path: readonly string[]) {
    super(`Artifacts contain each other: ${path.join(' contains ')}`);
  }
}

/** Other builds of the project took every build number that was tried. */
export class BuildNumberContentionError extends ArtifactDbError {
  constructor(projectName: string, tries: number) {
    super(
      `Could not get a build number for ${projectName}: ${tries} in a row were taken by other builds being registered at the same time`,
    );
  }
}

/** Others added and removed all tags of the artifact faster than this one could be changed. */
export class TagContentionError extends ArtifactDbError {
  constructor(id: string) {
    super(`The tags of ${id} were being changed by others all the time`);
  }
}

/** Something else wrote an item that is no artifact. */
export class MalformedArtifactError extends ArtifactDbError {
  constructor(id: string, what: string) {
    super(`The stored artifact ${id} is malformed: ${what}`);
  }
}
