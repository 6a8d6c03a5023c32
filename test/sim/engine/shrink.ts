import type { Scenario } from './scenario.ts';
import { simulate } from './simulation.ts';

/** The shortest scenario that still violates the same invariant, found by leaving things out. */
export async function shrink(scenario: Scenario, seed: number): Promise<Scenario> {
  const { violation } = await simulate(scenario, { seed });
  if (!violation) return scenario;
  let shortest = scenario;
  for (let isShorter = true; isShorter;) {
    isShorter = false;
    for (const candidate of shorter(shortest)) {
      const outcome = await simulate(candidate, { seed });
      if (outcome.violation?.invariant !== violation.invariant) continue;
      shortest = candidate;
      isShorter = true;
      break;
    }
  }
  return shortest;
}

/** Everything that has one stage, one process or one fault less, or a plainer world. */
function* shorter({ world, stages }: Scenario): Iterable<Scenario> {
  for (const [at] of stages.entries()) {
    if (stages.length > 1) yield { world, stages: stages.toSpliced(at, 1) };
  }
  for (const [at, stage] of stages.entries()) {
    for (const [index, run] of stage.entries()) {
      if (stage.length > 1) {
        yield { world, stages: stages.with(at, stage.toSpliced(index, 1)) };
      }
      for (const [fault] of run.faults.entries()) {
        const fewer = { ...run, faults: run.faults.toSpliced(fault, 1) };
        yield { world, stages: stages.with(at, stage.with(index, fewer)) };
      }
    }
  }
  if (world.staleMs > 0) yield { world: { ...world, staleMs: 0 }, stages };
  if (world.latencyMs > 0) yield { world: { ...world, latencyMs: 0 }, stages };
  if (world.start === 'v1-v0') yield { world: { ...world, start: 'v1' }, stages };
  if (world.tasks > 1) yield { world: { ...world, tasks: 1 }, stages };
}
