import type { Campaign } from '../engine/campaign.ts';
import type { RunOptions } from '../engine/frame.ts';
import { type MixedRun, type MixedScenario, printMixed } from './plan.ts';
import { type MixedOutcome, simulateMixed } from './simulation.ts';

/**
 * Runs a scenario of both tools.
 * @throws {Error} at the first violation, with its shortest plan, how to replay it, and the log.
 */
export async function runMixed(
  scenario: MixedScenario,
  options: RunOptions = {},
): Promise<MixedOutcome> {
  const outcome = await simulateMixed(scenario, options);
  if (outcome.violation) throw new Error(await describe(scenario, options.seed ?? 1));
  return outcome;
}

/** As `runMixed`, and counts it. */
export async function runCounted(
  campaign: Campaign,
  scenario: MixedScenario,
  options: RunOptions = {},
): Promise<MixedOutcome> {
  const outcome = await runMixed(scenario, options);
  campaign.count(outcome);
  return outcome;
}

async function describe(scenario: MixedScenario, seed: number): Promise<string> {
  const shortest = await shrink(scenario, seed);
  const { violation, watch } = await simulateMixed(shortest, { seed, isLogged: true });
  return [
    `Invariant ${violation?.invariant}: ${violation?.text}`,
    `SIM_SEED=${seed} SIM_PLAN='${printMixed(shortest)}' npm run jest -- old-tool -t replay`,
    `Found as: ${printMixed(scenario)}`,
    ...watch.log,
  ].join('\n');
}

/** The shortest scenario that still violates the same invariant. */
async function shrink(scenario: MixedScenario, seed: number): Promise<MixedScenario> {
  const { violation } = await simulateMixed(scenario, { seed });
  for (const candidate of shorter(scenario)) {
    const outcome = await simulateMixed(candidate, { seed });
    if (outcome.violation?.invariant === violation?.invariant) return shrink(candidate, seed);
  }
  return scenario;
}

/** Everything with one stage, one process or one fault less. */
function* shorter({ stages, world }: MixedScenario): Iterable<MixedScenario> {
  for (const [at, stage] of stages.entries()) {
    if (stages.length > 1) yield { world, stages: stages.toSpliced(at, 1) };
    const withStage = (changed: readonly MixedRun[]) => ({
      world,
      stages: stages.with(at, changed),
    });
    for (const [index, run] of stage.entries()) {
      if (stage.length > 1) yield withStage(stage.toSpliced(index, 1));
      for (const fault of run.faults.keys()) {
        yield withStage(stage.with(index, { ...run, faults: run.faults.toSpliced(fault, 1) }));
      }
    }
  }
}

/** How often each of some things happened. */
export class Happenings<K extends string> {
  readonly counts = new Map<string, number>();

  count(what: K, times = 1): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + times);
  }

  /** @throws {Error} when something happened too rarely for the suite to have tested it. */
  assertAtLeast(minimum: Readonly<Partial<Record<K, number>>>): void {
    const all = [...this.counts].map(([what, times]) => `${what} ${times}`).join(', ');
    if (process.env['SIM_STATS'] !== undefined) process.stderr.write(`  ${all}\n`);
    for (const [what, least] of Object.entries(minimum) as [K, number][]) {
      if ((this.counts.get(what) ?? 0) < least) {
        throw new Error(`The suite is empty: "${what}" happened less than ${least} times. ${all}`);
      }
    }
  }
}
