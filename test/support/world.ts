import type { Clock } from '../../src/clock.ts';
import { type AnyOperation, ApiError } from '../../sandbox/world/operation.ts';
import { ScriptedRuntime } from '../../sandbox/world/scripted-runtime.ts';
import type { Settings } from '../../sandbox/world/settings.ts';
import type { TaskRuntime } from '../../sandbox/world/task-runtime.ts';
import { World } from '../../sandbox/world/world.ts';

export const REGION = 'us-west-2';

/** A world that behaves alike in every run. Tasks run on the same clock unless a runtime is given. */
export function createWorld(options: {
  clock: Clock;
  settings?: Partial<Settings>;
  runtime?: TaskRuntime;
  seed?: number;
}): World {
  const { clock, settings = {}, runtime = new ScriptedRuntime(clock), seed = 1 } = options;
  return new World({ clock, random: seededRandom(seed), runtime, settings });
}

/**
 * Calls an operation as a user of the world's own account would, without a wire in between.
 * @returns the output; `OutputOf` knows its type.
 * @throws {ApiError} as the operation does.
 */
export function call(
  world: World,
  operations: readonly AnyOperation[],
  name: string,
  input: object,
  { accountId = world.settings.accountId, region = REGION } = {},
): unknown {
  const operation = byName(operations).get(name);
  if (!operation) throw new Error(`There is no operation ${name}.`);
  return operation.handle(input as Record<string, unknown>, {
    world,
    region: world.region(accountId, region),
    caller: { accountId, principalArn: `arn:aws:iam::${accountId}:user/sandbox` },
  });
}

const tables = new WeakMap<readonly AnyOperation[], ReadonlyMap<string, AnyOperation>>();

function byName(operations: readonly AnyOperation[]): ReadonlyMap<string, AnyOperation> {
  let table = tables.get(operations);
  if (!table) {
    table = new Map(operations.map((operation) => [operation.name, operation]));
    tables.set(operations, table);
  }
  return table;
}

/** The names of the operations of one of the SDK's clients, e.g. of `ECS`. */
export type OperationOf<Client> = Capitalize<keyof Client & string>;

/** What an operation answers, by the SDK's own types. */
export type OutputOf<Client, Name extends string> =
  Client extends Record<Uncapitalize<Name>, infer Method> ? Answer<Method> : never;

/** The SDK's methods have three forms; the one that returns a promise tells the output. */
type Answer<Method> = Method extends {
  (input: infer _1, options?: infer _2): Promise<infer Output>;
  (input: infer _3, done: infer _4): void;
  (input: infer _5, options: infer _6, done: infer _7): void;
}
  ? Output
  : never;

/** The error that an operation answers, as `code: message`; fails when it answers none. */
export function errorOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof ApiError) return `${error.code}: ${error.message}`;
    throw error;
  }
  throw new Error('No error was answered.');
}

/** Numbers in [0, 1), the same for the same seed: mulberry32. */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
