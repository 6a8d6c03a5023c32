import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SliceName } from '../../sim/bank/slices.ts';
import type { Bug } from '../bug.ts';
import { ROOT } from '../bundle-tests.ts';

const SLICES = fromRoot(new URL('../../sim/bank/slices.catch.ts', import.meta.url));
const DIRECTED = fromRoot(new URL('../../sim/bank/directed.catch.ts', import.meta.url));

function fromRoot(url: URL): string {
  return relative(ROOT, fileURLToPath(url));
}

/** A part of the simulation's suites catches it: some scenario there violates an invariant. */
export function slice(name: SliceName): Bug['caughtBy'] {
  return { file: SLICES, test: name };
}

/** One scenario that none of the suites comes to catches it. */
export function directed(test: string): Bug['caughtBy'] {
  return { file: DIRECTED, test };
}

/** A test of a whole deploy in the sandbox catches it, for the simulation does not. */
export function sandbox(file: string, test: string): Bug['caughtBy'] {
  return { file: `test/sandbox/deploy/${file}.test.ts`, test };
}
