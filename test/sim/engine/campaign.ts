import { printScenario, type Scenario } from './scenario.ts';
import { shrink } from './shrink.ts';
import { type Outcome, simulate } from './simulation.ts';
import type { Violation } from './watch.ts';

/** What a campaign came to. */
export interface Tally {
  scenarios: number;
  deploys: number;
  events: number;
  /** What this process used meanwhile, all its threads together. */
  cpuMs: number;
}

/** A scenario in which an invariant does not hold. */
export interface Finding {
  readonly scenario: Scenario;
  readonly seed: number;
  readonly violation: Violation;
}

/** @returns how many deploys a core simulates in a second, checks included. */
export function deploysPerSecond({ deploys, cpuMs }: Tally): number {
  return Math.round((deploys * 1000) / Math.max(1, cpuMs));
}

/** e.g. `1,200 scenarios, 3,600 deploys, 60,000 events; 800 deploys per second and core`. */
export function describeTally(tally: Tally): string {
  const { scenarios, deploys, events } = tally;
  const [a, b, c, d] = [scenarios, deploys, events, deploysPerSecond(tally)].map((n) =>
    n.toLocaleString('en-US'),
  );
  return `${a} scenarios, ${b} deploys, ${c} events; ${d} deploys per second and core`;
}

/** Runs scenarios one after the other, and counts. */
export class Campaign {
  readonly findings: Finding[] = [];
  readonly #findingsMax: number;
  #count = { scenarios: 0, deploys: 0, events: 0 };
  #cpuBefore = process.cpuUsage();

  constructor({ findingsMax = 1 }: { findingsMax?: number } = {}) {
    this.#findingsMax = findingsMax;
  }

  /** Whether enough has been found to stop. */
  get isOver(): boolean {
    return this.findings.length >= this.#findingsMax;
  }

  /** What was run so far; the time since the campaign began is taken for its own. */
  get tally(): Tally {
    const { user, system } = process.cpuUsage(this.#cpuBefore);
    return { ...this.#count, cpuMs: (user + system) / 1000 };
  }

  /** Begins to count anew, as after a warm-up. */
  countAnew(): void {
    this.#count = { scenarios: 0, deploys: 0, events: 0 };
    this.#cpuBefore = process.cpuUsage();
  }

  /** Adds what a scenario came to. */
  count({ processes, events }: { processes: readonly unknown[]; events: number }): void {
    this.#count.scenarios++;
    this.#count.deploys += processes.length;
    this.#count.events += events;
  }

  async run(scenario: Scenario, { seed = 1, isTraced = false } = {}): Promise<Outcome> {
    const outcome = await simulate(scenario, { seed, isTraced });
    this.count(outcome);
    if (outcome.violation) this.findings.push({ scenario, seed, violation: outcome.violation });
    return outcome;
  }

  /** All that it takes to see the first finding again, in its shortest form. */
  async firstFinding(): Promise<string | undefined> {
    const [first] = this.findings;
    return first && describeFinding(first);
  }

  /** @throws {Error} with `firstFinding`. */
  async assertNothingFound(): Promise<void> {
    const finding = await this.firstFinding();
    if (finding !== undefined) throw new Error(finding);
  }
}

/** Seed, plan, shortest plan, what is violated, and what happened. */
async function describeFinding({ scenario, seed }: Finding): Promise<string> {
  const shortest = await shrink(scenario, seed);
  const { log, violation } = await simulate(shortest, { seed, isLogged: true });
  return [
    `Invariant ${violation?.invariant}: ${violation?.text}`,
    `SIM_SEED=${seed} SIM_PLAN='${printScenario(shortest)}' npm run jest -- sim -t replay`,
    `Found as: ${printScenario(scenario)}`,
    ...log,
  ].join('\n');
}
