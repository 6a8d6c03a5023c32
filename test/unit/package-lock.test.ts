/**
 * Goal: `npm ci` works on every system and with every registry.
 * Method: npm refuses a lock file that leaves out an optional package, even one that is for another
 * system, and leaves one out by itself when a registry did not have it as the file was written.
 */
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';

interface LockedPackage {
  readonly version?: string;
  readonly resolved?: string;
  readonly link?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const { packages } = JSON.parse(
  readFileSync(new URL('../../package-lock.json', import.meta.url), 'utf8'),
) as { packages: Readonly<Record<string, LockedPackage>> };

/** Where node looks for a package from a folder: there, and in each one above. */
function isLocked(from: string, name: string): boolean {
  const at = `${from === '' ? '' : `${from}/`}node_modules/${name}`;
  if (packages[at]?.version !== undefined) return true;
  return (
    from !== '' && isLocked(from.slice(0, Math.max(0, from.lastIndexOf('/node_modules/'))), name)
  );
}

test('the lock file names every optional package with its version', () => {
  const missing = Object.entries(packages).flatMap(([from, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter((name) => !isLocked(from, name)),
  );

  expect(missing).toEqual([]);
});

test('the lock file holds no download address', () => {
  const resolved = Object.values(packages).filter((each) => each.resolved && !each.link);

  expect(resolved).toEqual([]);
});
