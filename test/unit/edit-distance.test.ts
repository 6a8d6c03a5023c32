import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { editDistance } from '../../src/edit-distance.ts';

test.each([
  ['', '', 0],
  ['', 'abc', 3],
  ['abc', '', 3],
  ['abcd', 'abcd', 0],
  ['abcd', 'abxd', 1],
  ['abcd', 'abd', 1],
  ['abcd', 'bacd', 1],
  ['kitten', 'sitting', 3],
])('from "%s" to "%s" it is %i', (from, to, distance) => {
  expect(editDistance(from, to)).toBe(distance);
});

const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 8 });

test('is the same both ways, and 0 only between equal words', () => {
  fc.assert(
    fc.property(word, word, (a, b) => {
      expect(editDistance(a, b)).toBe(editDistance(b, a));
      expect(editDistance(a, b) === 0).toBe(a === b);
    }),
  );
});
