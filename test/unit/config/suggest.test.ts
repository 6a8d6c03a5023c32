import { expect, test } from '@jest/globals';
import { suggest } from '../../../src/config/suggest.ts';

test.each([
  ['Subnetz', 'Subnets'],
  ['sbunets', 'Subnets'],
  ['Regoin', 'Region'],
  ['cpus', 'CPU'],
  ['Comment', undefined],
  ['x', undefined],
])('for %s it suggests %s', (wrong, expected) => {
  expect(suggest(wrong, ['Region', 'Subnets', 'CPU', 'Cluster'])).toBe(expected);
});
