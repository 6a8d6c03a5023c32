import { expect, test } from '@jest/globals';
import { assert, integer, property } from 'fast-check';
import { formatLeaseDuration, parseLeaseDuration } from '../../../src/lock/lease-duration.ts';

test.each([
  ['10s', 10_000],
  ['1m0s', 60_000],
  ['500ms', 500],
  ['1.5s', 1_500],
  ['.5s', 500],
  ['2.s', 2_000],
  ['1h0m0.25s', 3_600_250],
  ['250us', 0.25],
  ['250\u00B5s', 0.25],
  ['250\u03BCs', 0.25],
  ['1000000ns', 1],
  ['0s', 0],
])("reads Go's %s as %d ms", (text, durationMs) => {
  expect(parseLeaseDuration(text)).toBeCloseTo(durationMs, 9);
});

test.each([
  ['10000', 10_000],
  ['0', 0],
])("reads Java's %s as %d ms", (text, durationMs) => {
  expect(parseLeaseDuration(text)).toBe(durationMs);
});

test.each([
  '',
  ' 10s',
  '10 s',
  '10S',
  's',
  '.s',
  '1..5s',
  '-10s',
  '+10s',
  '1.5',
  '1e3',
  '10s5',
  'PT10S',
  '10d',
  '٣s',
  '9223372036854775808ns',
  '99999999999999999999',
])('does not guess what "%s" may mean', (text) => {
  expect(parseLeaseDuration(text)).toBeUndefined();
});

test.each([
  [0, '0'],
  [1, '1ms'],
  [999, '999ms'],
  [1_000, '1s'],
  [1_500, '1.5s'],
  [10_000, '10s'],
  [60_000, '1m0s'],
  [3_600_000, '1h0m0s'],
  [90_061_001, '25h1m1.001s'],
])('writes %d ms as Go does: %s', (durationMs, text) => {
  expect(formatLeaseDuration(durationMs)).toBe(text);
});

test('reads whatever it writes', () => {
  assert(
    property(integer({ min: 0, max: 10 ** 12 }), (durationMs) => {
      const read = parseLeaseDuration(formatLeaseDuration(durationMs));

      expect(Math.round(read ?? Number.NaN)).toBe(durationMs);
    }),
  );
});

test.each([-1, 0.5, Number.NaN, Infinity])('refuses to write a duration of %d ms', (durationMs) => {
  expect(() => formatLeaseDuration(durationMs)).toThrow(RangeError);
});
