import { createRequire } from 'node:module';
import type * as jestGlobals from '@jest/globals';

/*
 * What tests import from `@jest/globals`, outside of Jest: the runner and the matchers that Jest
 * itself uses, found along its own dependencies, so that a test means the same here and there.
 * Left out, and refused: mocks (`jest`) and snapshots.
 */
const CIRCUS = ['jest', '@jest/core', 'jest-config', 'jest-circus'];
const circus = withIdleTimers(() => load(...CIRCUS)) as Omit<typeof jestGlobals, 'expect'> & Circus;
const { jestExpect } = load(...CIRCUS, '@jest/expect') as {
  readonly jestExpect: typeof jestGlobals.expect;
};
circus.resetState(); // The tests of the bundle before are forgotten.

export const { afterAll, afterEach, beforeAll, beforeEach, describe, it, test } = circus;
export const expect = jestExpect;
/** Refused where it is used, so that the other tests of the same file can run. */
export const jest: object = new Proxy(
  {},
  {
    get(_, name) {
      throw new Error(`There is no jest.${String(name)} outside of Jest.`);
    },
  },
);

/** The part of the runner that tests don't see. */
interface Circus {
  addEventHandler(handler: CircusHandler): void;
  removeEventHandler(handler: CircusHandler): void;
  getState(): object;
  setState(state: object): void;
  resetState(): void;
  /** Runs the tests that were described until now. */
  run(): Promise<{
    readonly testResults: readonly CircusResult[];
    readonly unhandledErrorsDetailed: readonly Error[];
  }>;
}

/** Is waited for. */
type CircusHandler = (event: CircusEvent) => Promise<void>;

/** Something that happens in the course of a run. */
export interface CircusEvent {
  readonly name: string;
  readonly test?: CircusNode;
}

/** A test or the block that it is in. */
export interface CircusNode {
  readonly name: string;
  /** Absent from the outermost block, which is the file. */
  readonly parent?: CircusNode;
}

interface CircusResult {
  /** The names of the blocks, from the outermost one, and of the test. */
  readonly testPath: readonly string[];
  readonly status: 'done' | 'skip' | 'todo' | 'running';
  readonly errorsDetailed: readonly Error[];
}

export const runner: Circus = circus;

/** Loads the last of these packages, each of which is needed by the one before it. */
function load(...names: readonly string[]): unknown {
  let from = import.meta.url;
  for (const name of names) from = createRequire(from).resolve(name);
  return createRequire(import.meta.url)(from);
}

/**
 * The runner keeps the `setTimeout` that it finds when it is loaded, for the time limit of each test.
 * That limit must not keep the thread alive: a thread without anything else to do has a test that
 * will never end.
 */
function withIdleTimers<T>(loadRunner: () => T): T {
  const { setTimeout } = globalThis;
  const idle = (callback: () => void, delayMs?: number) => setTimeout(callback, delayMs).unref();
  try {
    globalThis.setTimeout = Object.assign(idle, setTimeout);
    return loadRunner();
  } finally {
    globalThis.setTimeout = setTimeout;
  }
}
