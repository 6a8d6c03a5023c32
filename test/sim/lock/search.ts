import { canonical } from './canonical.ts';
import {
  type Client,
  mayChange,
  type Protocol,
  START,
  type State,
  type Step,
  type Violation,
} from './protocol.ts';
import { clientSteps } from './protocol-client.ts';
import { breakLock, mayBreak, networkSteps } from './protocol-store.ts';

/** What a search of all runs has found. */
export interface Search {
  /** How many states there are that differ in more than names. */
  readonly states: number;
  readonly steps: number;
  /** The shortest run to something that must not be, if there is one. */
  readonly counterexample?: { readonly violation: Violation; readonly run: readonly string[] };
}

/** How to search. */
export interface SearchOptions {
  /**
   * Counts states as one in which only the clients have changed about. Half the work, but a run that
   * is found then changes their names on its way.
   */
  readonly isUnified?: boolean;
  /** What to look for, if not for everything that must not be. */
  readonly only?: Violation;
}

/** Visits every state that any run can reach, the near ones first, until something is violated. */
export function search(
  protocol: Protocol,
  { isUnified = false, only }: SearchOptions = {},
): Search {
  const states: State[] = [START];
  const parents: number[] = [-1];
  const seen = new Set([canonical(START, protocol, isUnified).key]);
  let steps = 0;
  for (let at = 0; at < states.length; at++) {
    for (const { state, label, violation } of stepsFrom(states[at] as State, protocol)) {
      steps++;
      if (violation && violation === (only ?? violation)) {
        const run = [...runTo(at, states, parents, protocol), label];
        return { states: states.length, steps, counterexample: { violation, run } };
      }
      const next = canonical(state, protocol, isUnified);
      if (seen.has(next.key)) continue;
      seen.add(next.key);
      states.push(next.state());
      parents.push(at);
    }
  }
  return { states: states.length, steps };
}

/** Everything that may happen next. */
function stepsFrom(state: State, protocol: Protocol): Step[] {
  const steps = [
    { label: 'time passes', state: later(state, protocol) },
    ...clientSteps(state, protocol, 0),
    ...clientSteps(state, protocol, 1),
    ...networkSteps(state, protocol),
  ];
  if (mayBreak(state, protocol)) steps.push(breakLock(state, protocol));
  return steps.map((step) => (bothMayChange(step.state, protocol) ? twoOwners(step) : step));
}

function bothMayChange({ clients: [a, b] }: State, protocol: Protocol): boolean {
  return mayChange(a, protocol) && mayChange(b, protocol);
}

function twoOwners({ label, state }: Step): Step {
  return { label, state, violation: 'two clients may both change something' };
}

function later({ item, clients: [a, b], writes, next }: State, { leaseTicks }: Protocol): State {
  const older = (age: number) => (age < leaseTicks ? age + 1 : age);
  const olderClient = ({ mode, me, age, candidates }: Client): Client => ({
    mode,
    me,
    age: older(age),
    candidates: candidates.map(({ version, age, isEnd }) => ({ version, age: older(age), isEnd })),
  });
  const clients = [olderClient(a), olderClient(b)] as const;
  return { item: { ...item, age: older(item.age) }, clients, writes, next };
}

/** What happened on the way to a state. */
function runTo(
  at: number,
  states: readonly State[],
  parents: readonly number[],
  protocol: Protocol,
): string[] {
  const parent = parents[at] ?? -1;
  if (parent < 0) return [];
  const { key } = canonical(states[at] as State, protocol, false);
  const step = stepsFrom(states[parent] as State, protocol).find(
    ({ state }) => canonical(state, protocol, false).key === key,
  );
  return [...runTo(parent, states, parents, protocol), step?.label ?? '?'];
}
