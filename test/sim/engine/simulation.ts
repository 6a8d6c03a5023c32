import { Frame, type RunOptions } from './frame.ts';
import type { DeployerProcess } from './process.ts';
import type { Scenario } from './scenario.ts';
import { type Violation, Watch } from './watch.ts';

/** What one scenario came to. */
export interface Outcome {
  readonly processes: readonly DeployerProcess[];
  /** The first thing that went wrong; the run ends there. */
  readonly violation: Violation | undefined;
  /** Timers that ran. */
  readonly events: number;
  /** Lines of what happened, when they were asked for. */
  readonly log: readonly string[];
  readonly watch: Watch;
}

/** Runs a scenario to its end, or to the first violation of an invariant. The same every time. */
export async function simulate(scenario: Scenario, options: RunOptions = {}): Promise<Outcome> {
  const frame = new Frame(scenario.world, options, (watched) => new Watch(watched));
  const events = await frame.run(scenario.stages, (process) => frame.startOurs(process));
  const { processes, watch } = frame;
  return { processes, violation: watch.violation, events, log: watch.log, watch };
}
