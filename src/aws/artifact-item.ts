import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Artifact, Tags } from '../artifactdb/artifact.ts';
import { InvalidProjectNameError, MalformedArtifactError } from '../artifactdb/errors.ts';

type Item = Record<string, AttributeValue>;

/**
 * Arguments of a program end at their first NUL, on every system: no name that was ever given on a
 * command line begins with one, whichever tool it was. DynamoDB takes it like any other character.
 */
const NO_PROJECT = '\0';

/**
 * The hash key of a project's artifacts: its name.
 * @throws {InvalidProjectNameError} for one that begins with NUL: what is there is no artifact
 */
export function projectHashKey(projectName: string): string {
  if (projectName.startsWith(NO_PROJECT)) throw new InvalidProjectNameError(projectName);
  return projectName;
}

/** The hash key of a journal's records, which is no project's. */
export function journalHashKey(journal: string): string {
  return `${NO_PROJECT}journal: ${journal}`;
}

/** The artifact as the table keeps it. Part of the contract with the old tool. */
export function itemOf(artifact: Artifact): Item {
  return {
    ProjectName: { S: projectHashKey(artifact.projectName) },
    BuildNumber: { N: String(artifact.buildNumber) },
    Value: { S: artifact.value },
    Tags:
      artifact.tags === null
        ? { NULL: true }
        : { M: mapValues(artifact.tags, (value) => ({ S: value })) },
    ContainedArtifacts: { L: artifact.containedArtifacts.map((id) => ({ S: id })) },
  };
}

/**
 * Reads what any version of any tool wrote: what is empty may be NULL or missing.
 * @throws {MalformedArtifactError} when the item is no artifact
 */
export function artifactOf(item: Item): Artifact {
  const projectName = item['ProjectName']?.S ?? '';
  const id = `${projectName}:${item['BuildNumber']?.N}`;
  const buildNumber = Number(item['BuildNumber']?.N);
  if (!Number.isSafeInteger(buildNumber)) {
    throw new MalformedArtifactError(id, 'BuildNumber is not a whole number below 2^53');
  }
  return {
    projectName,
    buildNumber,
    value: item['Value'] === undefined ? '' : text(item['Value'], id, 'Value'),
    tags: tagsOf(item['Tags'], id),
    containedArtifacts: containedIn(item['ContainedArtifacts'], id),
  };
}

function tagsOf(attribute: AttributeValue | undefined, id: string): Tags | null {
  if (isAbsent(attribute)) return null;
  if (!attribute?.M) throw new MalformedArtifactError(id, 'Tags is not a map');
  return mapValues(attribute.M, (value, key) => text(value, id, `Tags.${key}`));
}

function containedIn(attribute: AttributeValue | undefined, id: string): string[] {
  if (isAbsent(attribute)) return [];
  if (!attribute?.L) throw new MalformedArtifactError(id, 'ContainedArtifacts is not a list');
  return attribute.L.map((value) => text(value, id, 'ContainedArtifacts'));
}

function isAbsent(attribute: AttributeValue | undefined): boolean {
  return attribute === undefined || attribute.NULL === true;
}

/**
 * The old tool writes NULL for an empty string. People who tag by hand in the console pick the wrong
 * type: a number is as good as its text.
 */
function text(attribute: AttributeValue | undefined, id: string, name: string): string {
  const value = attribute?.S ?? attribute?.N ?? (attribute?.NULL ? '' : undefined);
  if (value === undefined) throw new MalformedArtifactError(id, `${name} is not a string`);
  return value;
}

function mapValues<From, To>(
  values: Readonly<Record<string, From>>,
  map: (value: From, key: string) => To,
): Record<string, To> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, map(value, key)]));
}
