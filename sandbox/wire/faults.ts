import type { FaultRule } from './fault-rules.ts';

/** A rule in force, and what has come of it. */
export interface FaultState {
  /** 1, 2, 3, … in the order in which rules were added; never used again. */
  readonly number: number;
  readonly rule: FaultRule;
  /** How many calls the rule has been asked about: its operation, its attempt. */
  seen: number;
  /** How often it fired. */
  fired: number;
}

/** One firing of one rule. */
export interface FaultMatch {
  readonly rule: number;
  readonly operation: string;
  readonly attempt: number;
  /** The call's number in the call log. */
  readonly call: number;
}

/** The faults of a sandbox: rules, and what they did. */
export class Faults {
  readonly #states: FaultState[] = [];
  readonly #matches: FaultMatch[] = [];
  #count = 0;

  constructor(rules: readonly FaultRule[] = []) {
    this.add(rules);
  }

  /** Puts rules in force, after those that are. */
  add(rules: readonly FaultRule[]): readonly FaultState[] {
    const added = rules.map((rule) => ({ number: ++this.#count, rule, seen: 0, fired: 0 }));
    this.#states.push(...added);
    return added;
  }

  /** Ends one rule, or all of them. Says whether there was any to end. */
  remove(number?: number): boolean {
    const before = this.#states.length;
    const kept = this.#states.filter((state) => number !== undefined && state.number !== number);
    this.#states.splice(0, before, ...kept);
    return kept.length < before;
  }

  rules(): readonly FaultState[] {
    return this.#states;
  }

  /** Every firing, oldest first, also of rules that have ended since. */
  matches(): readonly FaultMatch[] {
    return this.#matches;
  }

  /**
   * Counts a call in every rule that is about it, and returns the rules that fire.
   * @param call.operation e.g. `ecs.CreateTaskSet`.
   */
  match(call: { operation: string; attempt: number; number: number }): readonly FaultState[] {
    const firing = this.#states.filter((state) => {
      if (!concerns(state.rule, call)) return false;
      state.seen += 1;
      return fires(state);
    });
    for (const state of firing) {
      state.fired += 1;
      this.#matches.push({
        rule: state.number,
        operation: call.operation,
        attempt: call.attempt,
        call: call.number,
      });
    }
    return firing;
  }
}

function concerns(rule: FaultRule, call: { operation: string; attempt: number }): boolean {
  if (rule.attempt !== undefined && rule.attempt !== call.attempt) return false;
  if (rule.operation === '*' || rule.operation === call.operation) return true;
  return rule.operation.endsWith('.*') && call.operation.startsWith(rule.operation.slice(0, -1));
}

function fires({ rule, seen, fired }: FaultState): boolean {
  if (rule.times !== undefined && fired >= rule.times) return false;
  if (rule.nth !== undefined) return seen === rule.nth;
  return rule.everyNth === undefined || seen % rule.everyNth === 0;
}
