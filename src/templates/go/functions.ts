import { compare, isEqual } from './compare.ts';
import { indexInto, lengthOf, sliceOf } from './collections.ts';
import { escapeHtml, escapeJavaScript, escapeQuery } from './escape.ts';
import { printAll, printLine } from './format.ts';
import { type Budget, TEXT_MAX, tooLong } from './limits.ts';
import { printf } from './printf.ts';
import { Refusal } from './refusal.ts';
import { type LookUpReference, referenceName } from './reference.ts';
import { bool, int, isTrue, string, type Value } from './value.ts';
import { type FunctionName, isReferenceKind, type ReferenceKind } from './words.ts';

/** An argument is worked out only when it is needed: `and` and `or` stop early. */
export interface LazyArgument {
  readonly text: string;
  value(): Value;
}

/** What a function knows besides its arguments. */
export interface Call {
  readonly name: string;
  readonly index: number;
  /** The arguments as they stand in the template. */
  readonly texts: readonly string[];
}

interface Function {
  readonly min: number;
  readonly max: number;
  /** It prints its arguments, so that none may be absent; the others may ask about what is. */
  readonly prints?: boolean;
  apply(args: readonly Value[], call: Call): Value;
}

const asked = (apply: (args: readonly Value[], call: Call) => Value, min: number, max = min) => ({
  min,
  max,
  apply,
});
const printing = (apply: (args: readonly Value[], call: Call) => string, min = 0) => ({
  min,
  max: Infinity,
  prints: true,
  apply: (args: readonly Value[], call: Call) => string(apply(args, call)),
});

/** Go's functions. `and`, `or` and `call` are not among them: see `callFunction`. */
const FUNCTIONS: Readonly<
  Record<Exclude<FunctionName, 'and' | 'or' | 'call' | ReferenceKind>, Function>
> = {
  eq: asked((args, call) => bool(isEqual(args, call)), 2, Infinity),
  ne: asked((args, call) => bool(!isEqual(args, call)), 2),
  lt: asked((args, call) => bool(compare(args, call) < 0), 2),
  le: asked((args, call) => bool(compare(args, call) <= 0), 2),
  gt: asked((args, call) => bool(compare(args, call) > 0), 2),
  ge: asked((args, call) => bool(compare(args, call) >= 0), 2),
  not: asked(([value]) => bool(value === undefined || !isTrue(value)), 1),
  len: asked(([value], call) => int(lengthOf(value, call)), 1),
  index: asked(([of, ...keys], call) => indexInto(of, keys, call), 1, Infinity),
  slice: asked(([of, ...bounds], call) => sliceOf(of, bounds, call), 1, 4),
  print: printing((args, { index }) => printAll(args, index)),
  println: printing((args, { index }) => printLine(args, index)),
  printf: printing(([format, ...args], call) => printf(format, args, call), 1),
  html: printing((args, { index }) => escapeHtml(printAll(args, index))),
  js: printing((args, { index }) => escapeJavaScript(printAll(args, index))),
  urlquery: printing((args, { index }) => escapeQuery(printAll(args, index), index)),
};

/** Where a function is called. */
interface CallPlace {
  readonly index: number;
  readonly budget: Budget;
  readonly lookUpReference: LookUpReference;
}

/**
 * Calls a function by the rules of Go's text/template.
 * @throws {Refusal} for arguments that it can't take
 * @see Functions, package text/template, Go standard library
 */
export function callFunction(
  name: FunctionName,
  lazy: readonly LazyArgument[],
  { index, budget, lookUpReference }: CallPlace,
): Value {
  if (name === 'call') throw new Error('The parser refuses call.');
  const call = { name, index, texts: lazy.map(({ text }) => text) };
  if (name === 'and' || name === 'or') {
    assertCount(lazy.length, { min: 1, max: Infinity }, call);
    return firstThatDecides(lazy, name === 'or');
  }
  if (isReferenceKind(name)) {
    assertCount(lazy.length, { min: 1, max: 1 }, call);
    const text = lookUpReference(
      { kind: name, name: referenceName(lazy[0]?.value(), call) },
      index,
    );
    budget.read(text.length, index);
    return string(text);
  }
  const called = FUNCTIONS[name];
  assertCount(lazy.length, called, call);
  const given = lazy.map((arg) => arg.value());
  const args = given.map((value) => takenBy(called, value));
  for (const arg of args) budget.read(sizeOf(arg), index);
  const result = applied(called, args, call, given);
  if (sizeOf(result) > TEXT_MAX) throw tooLong(index);
  budget.read(sizeOf(result), index);
  return result;
}

/** `and` is its first false argument or the last one, `or` its first true one or the last one. */
function firstThatDecides(lazy: readonly LazyArgument[], wanted: boolean): Value {
  let value: Value = bool(false);
  for (const arg of lazy) {
    value = arg.value();
    if (isTrue(value) === wanted) break;
  }
  return value;
}

function applied(
  called: Function,
  args: readonly Value[],
  call: Call,
  given: readonly Value[],
): Value {
  try {
    return called.apply(args, call);
  } catch (error) {
    // What is not there might be, and then be of another kind.
    const dependsOnValues = given.some(({ kind }) => kind === 'absent');
    if (!(error instanceof Refusal) || !dependsOnValues) throw error;
    const { hint, index, message } = error;
    throw new Refusal(message, { index, hint, dependsOnValues });
  }
}

function takenBy(called: Function, value: Value): Value {
  if (value.kind !== 'absent') return value;
  if (called.prints) throw value.refusal;
  return value.actsAs;
}

function sizeOf(value: Value): number {
  return value.kind === 'string' ? value.is.length : 1;
}

function assertCount(
  count: number,
  { min, max }: { readonly min: number; readonly max: number },
  { name, index }: Call,
): void {
  if (count >= min && count <= max) return;
  const wanted = min === max ? `${min}` : count < min ? `at least ${min}` : `at most ${max}`;
  throw new Refusal(
    `${name} takes ${wanted} ${wanted.endsWith(' 1') || wanted === '1' ? 'argument' : 'arguments'}, found ${count}`,
    {
      index,
      hint: 'Arguments stand behind the function with spaces between them; one that is an expression of its own stands in parentheses.',
    },
  );
}
