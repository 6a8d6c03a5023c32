import { expect, test } from '@jest/globals';
import { toGoJson, toListLine } from '../../../cmd/commands/artifact-output.ts';
import type { Artifact } from '../../../src/artifactdb/artifact.ts';

function artifact(parts: Partial<Artifact>): Artifact {
  return {
    projectName: 'hello',
    buildNumber: 1,
    value: 'v',
    tags: null,
    containedArtifacts: [],
    ...parts,
  };
}

test('JSON has strings as Go writes them', () => {
  const value = '<a href="x">&\u2028\u2029\b\f\n\t\u0001\\b\u007f é 😀';

  const json = toGoJson({ artifact: artifact({ value }), contained: [] });

  expect(json).toContain(
    String.raw`"\u003ca href=\"x\"\u003e\u0026\u2028\u2029\u0008\u000c\n\t\u0001\\b` +
      '\u007f é 😀"',
  );
  expect(JSON.parse(json)).toMatchObject({ Value: value });
});

test('JSON has tags in the order of their bytes, whatever they are called', () => {
  const tags = Object.fromEntries(
    ['b', '10', '9', '__proto__', '\u{1F600}', '\uFFFD', 'B'].map((key) => [key, 'x']),
  );

  const json = toGoJson({ artifact: artifact({ tags }), contained: [] });

  const keys = Array.from(json.matchAll(/^ {8}"(.*)": "x",?$/gm), ([, key]) => key);
  expect(keys).toEqual(['10', '9', 'B', '__proto__', 'b', '\uFFFD', '\u{1F600}']);
});

test('JSON tells no tags from none that were given', () => {
  expect(toGoJson({ artifact: artifact({ tags: {} }), contained: [] })).toContain('"Tags": {},');
  expect(toGoJson({ artifact: artifact({}), contained: [] })).toContain('"Tags": null,');
});

test('JSON nests what is contained with deeper indentation', () => {
  const inner = { artifact: artifact({ projectName: 'inner', tags: { a: '1' } }), contained: [] };
  const tree = { artifact: artifact({}), contained: [{ ...inner, contained: [inner, inner] }] };

  const json = toGoJson(tree);

  expect(json).toBe(JSON.stringify(JSON.parse(json), undefined, 4));
  expect(JSON.parse(json)).toMatchObject({
    ContainedArtifacts: [{ ContainedArtifacts: [{ ProjectName: 'inner' }, { Tags: { a: '1' } }] }],
  });
});

test('a list has one line for each artifact, without controls', () => {
  const line = toListLine(
    artifact({ value: 'a\nb\u001B[31m\tc', tags: { 'k\n': 'v\r\nw', SHA: '1\u202E2' } }),
  );

  expect(line).toBe('1\ta b  c\tSHA=12 k =v w');
});
