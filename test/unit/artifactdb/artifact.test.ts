import { describe, expect, test } from '@jest/globals';
import {
  type Artifact,
  deployTag,
  hasTags,
  outcomeIn,
  parseArtifactId,
  tagOf,
  type Tags,
} from '../../../src/artifactdb/artifact.ts';
import { InvalidArtifactIdError } from '../../../src/artifactdb/errors.ts';

function tagged(tags: Tags | null): Artifact {
  return { projectName: 'hello', buildNumber: 1, value: 'v', tags, containedArtifacts: [] };
}

test('the tag of a deployment names the environment and the configuration', () => {
  expect(deployTag('dev', '0012abcd')).toBe('deploy-dev-0012abcd');
});

describe('project:build', () => {
  test('is read', () => {
    expect(parseArtifactId('base-image:12')).toEqual({
      projectName: 'base-image',
      buildNumber: 12,
    });
  });

  test.each(['hello', 'hello:', ':1', 'a:b:1', 'hello:1.5', 'hello:-1', 'hello:9007199254740993'])(
    '"%s" is refused',
    (id) => {
      expect(() => parseArtifactId(id)).toThrow(InvalidArtifactIdError);
    },
  );
});

describe('the tags asked for', () => {
  const artifact = tagged({ SHA: 'abcd', branch: 'main' });

  test('are all there', () => {
    expect(hasTags(artifact, { SHA: 'abcd', branch: 'main' })).toBe(true);
    expect(hasTags(artifact, {})).toBe(true);
  });

  test('are not all there', () => {
    expect(hasTags(artifact, { SHA: 'abcd', branch: 'other' })).toBe(false);
    expect(hasTags(artifact, { SHA: 'ABCD' })).toBe(false);
    expect(hasTags(tagged(null), { SHA: 'abcd' })).toBe(false);
  });

  test('are there when they are empty and missing, as for the old tool', () => {
    expect(hasTags(artifact, { label: '' })).toBe(true);
    expect(hasTags(artifact, { SHA: '' })).toBe(false);
  });

  test('are never what every object has', () => {
    expect(tagOf(artifact, 'constructor')).toBeUndefined();
  });
});

test.each([
  ['success', 'success'],
  ['failure', 'failure'],
  ['Success', undefined],
  [undefined, undefined],
] as const)('the tag %s means the outcome %s', (value, outcome) => {
  const artifact = tagged(value === undefined ? null : { 'deploy-dev-c0ffee': value });

  expect(outcomeIn(artifact, 'dev', 'c0ffee')).toBe(outcome);
  expect(outcomeIn(artifact, 'prod', 'c0ffee')).toBeUndefined();
});
