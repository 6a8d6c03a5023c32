import type { ArtifactRef } from './artifact.ts';

/** What ArtifactDB itself finds wrong, as against a store that can't be reached. */
export abstract class ArtifactDbError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
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

/** A name that can't be a project's. */
export class InvalidProjectNameError extends ArtifactDbError {
  constructor(projectName: string) {
    super(`${JSON.stringify(projectName)} is not the name of a project: it begins with NUL`);
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

/** The newest build of a project has a number that none can come after. */
export class BuildNumbersUsedUpError extends ArtifactDbError {
  constructor(projectName: string, buildNumber: number) {
    super(`No build of ${projectName} can come after number ${buildNumber}: it is the last one`);
  }
}

/** Others added and removed all tags of the artifact faster than this one could be changed. */
export class TagContentionError extends ArtifactDbError {
  constructor(id: string) {
    super(`The tags of ${id} were being changed by others all the time`);
  }
}

/** Others wrote to the same journal in the same moment, again and again. */
export class JournalContentionError extends ArtifactDbError {
  constructor(journal: string, tries: number) {
    super(`Could not write to the journal "${journal}": ${tries} others did in the same moment`);
  }
}

/** Something else wrote an item that is no record of a journal. */
export class MalformedJournalError extends ArtifactDbError {
  constructor(journal: string, sequence: number, cause?: unknown) {
    super(`Record ${sequence} of the journal "${journal}" is malformed`, { cause });
  }
}

/** Something else wrote an item that is no artifact. */
export class MalformedArtifactError extends ArtifactDbError {
  constructor(id: string, what: string) {
    super(`The stored artifact ${id} is malformed: ${what}`);
  }
}
