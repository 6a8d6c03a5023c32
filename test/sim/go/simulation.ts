import { Frame, type RunOptions } from '../engine/frame.ts';
import type { DeployerProcess } from '../engine/process.ts';
import type { Violation } from '../engine/watch.ts';
import { deployWithTheOldTool, OldToolError, type OldToolReason } from './deployer.ts';
import { OldToolWatch } from './old-tool-watch.ts';
import { isOld, type MixedScenario } from './plan.ts';

/** How the old tool ended. Killed by a fault: not at all. */
export type OldEnding = 'success' | OldToolReason;

/** What a scenario of both tools came to. */
export interface MixedOutcome {
  readonly processes: readonly DeployerProcess[];
  readonly oldEndings: ReadonlyMap<DeployerProcess, OldEnding>;
  readonly violation: Violation | undefined;
  readonly events: number;
  readonly watch: OldToolWatch;
}

/** As `simulate`, with processes of the old tool among ours. */
export async function simulateMixed(
  scenario: MixedScenario,
  options: RunOptions = {},
): Promise<MixedOutcome> {
  const frame = new Frame(scenario.world, options, (watched) => new OldToolWatch(watched));
  const oldEndings = new Map<DeployerProcess, OldEnding>();
  const { processes, watch } = frame;

  function startOld(process: DeployerProcess): void {
    deployWithTheOldTool(process, frame.around).then(
      () => endOld(process, undefined),
      (error: unknown) => endOld(process, error),
    );
  }

  function endOld(process: DeployerProcess, error: unknown): void {
    if (process.machine.hasCrashed) return;
    const reason = error instanceof OldToolError ? error.reason : 'a call failed';
    const ending = error === undefined ? 'success' : reason;
    oldEndings.set(process, ending);
    watch.onOldEnd(process, ending);
    process.machine.crash(); // Its heartbeats end with it.
  }

  const events = await frame.run(scenario.stages, (process) =>
    isOld(process) ? startOld(process) : frame.startOurs(process),
  );
  return { processes, oldEndings, violation: watch.violation, events, watch };
}
