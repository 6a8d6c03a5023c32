/**
 * Goal: each fault that a deploy must survive has a test, and stays covered when tests are renamed.
 */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { FAULTS } from './faults.ts';

/** Crashes, lost answers, stale reads and other people: without these there is no promise to keep. */
const MUST_HAVE_A_TEST = [
  ...range(1, 10),
  ...range(20, 30),
  33,
  34,
  ...range(42, 46),
  51,
  53,
  60,
] as const;

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

test('lists every fault once', () => {
  expect(Object.keys(FAULTS).map(Number)).toEqual(range(1, 60));
});

test.each(MUST_HAVE_A_TEST)('fault %d has a test', (number) => {
  expect(FAULTS[number]).toHaveProperty('tests');
});

describe('the test that the catalogue names', () => {
  const named = Object.values(FAULTS).flatMap((fault) => ('tests' in fault ? fault.tests : []));
  const unique = new Map(named.map((ref) => [ref.join(), ref]));

  test.each([...unique.values()])('in %s exists: %s', (file, title) => {
    const path = new URL(`../${file}`, import.meta.url);

    expect(existsSync(path)).toBe(true);
    const source = readFileSync(path, 'utf8').replaceAll("\\'", "'");
    const isThere = ["'", '"', '`'].some((quote) => source.includes(quote + title + quote));
    expect({ title, isThere }).toEqual({ title, isThere: true });
  });
});
