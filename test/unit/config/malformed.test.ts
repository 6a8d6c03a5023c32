/**
 * Goal: no config, however wrong, ends in anything but a ConfigError that names the place.
 * Method: put a wrong value in the place of any value of a config in use, take any required key
 * away, or cut the text anywhere, and look at what is thrown.
 */
import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { formatPath, type Path } from '../../../src/config/problems.ts';
import { parseConfig } from '../../../src/config/parse.ts';
import { ConfigError } from '../../../src/errors.ts';
import { TWO_APPS } from './fixtures/two-apps.ts';

/** Of no kind that any key takes. */
const WRONG = fc.constantFrom<unknown>(-0.5, [-0.5], [[null]]);

const PATHS = pathsIn(JSON.parse(TWO_APPS));

function pathsIn(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  const inside = Object.entries(value).flatMap(([key, child]: [string, unknown]) =>
    pathsIn(child, [...path, Array.isArray(value) ? Number(key) : key]),
  );
  return path.length === 0 ? inside : [path, ...inside];
}

function replaced(path: Path, wrong: unknown): string {
  const file: unknown = JSON.parse(TWO_APPS);
  let here = file as Record<string | number, unknown>;
  for (const key of path.slice(0, -1)) here = here[key] as typeof here;
  here[path.at(-1)!] = wrong;
  return JSON.stringify(file);
}

function errorOf(text: string): ConfigError {
  try {
    parseConfig(text, 'f');
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return error as ConfigError;
  }
  throw new Error(`Accepted: ${text}`);
}

test('a wrong value anywhere is refused with the path to it', () => {
  fc.assert(
    fc.property(fc.constantFrom(...PATHS), WRONG, (path, wrong) => {
      const { message } = errorOf(replaced(path, wrong));

      // The path may go on into the wrong value, and its keys are in the schema's spelling.
      expect(message.toLowerCase()).toContain(formatPath(path).toLowerCase());
      expect(message).toMatch(/\nf:1:\d+: .+/);
    }),
    { numRuns: 250 },
  );
});

test('any value anywhere is accepted or refused, and nothing else', () => {
  fc.assert(
    fc.property(fc.constantFrom(...PATHS), fc.jsonValue(), (path, value) => {
      try {
        parseConfig(replaced(path, value), 'f');
      } catch (error) {
        expect(error).toBeInstanceOf(ConfigError);
        expect((error as ConfigError).message).toMatch(/^The config f has \d+ errors?:\nf:1:\d+: /);
      }
    }),
    { numRuns: 250 },
  );
});

test('a text that breaks off anywhere is refused with line and column', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: TWO_APPS.trimEnd().length - 1 }), (end) => {
      expect(errorOf(TWO_APPS.slice(0, end)).message).toMatch(/\nf:\d+:\d+: not JSON: .+/);
    }),
    { numRuns: 300 },
  );
});

test('a text with any character changed is accepted or refused, and nothing else', () => {
  const index = fc.integer({ min: 0, max: TWO_APPS.length - 1 });
  fc.assert(
    fc.property(index, fc.string({ maxLength: 2 }), (index, insert) => {
      try {
        parseConfig(TWO_APPS.slice(0, index) + insert + TWO_APPS.slice(index + 1), 'f');
      } catch (error) {
        expect(error).toBeInstanceOf(ConfigError);
      }
    }),
    { numRuns: 250 },
  );
});
