import type { Clock } from '../clock.ts';
import type { Checkpoint, OwnCheckpoint } from '../deploy/checkpoint.ts';
import { CheckpointLog } from '../deploy/checkpoint-log.ts';
import type { DeployPlan } from '../deploy/plan.ts';
import { CallFailedError, type Command } from '../deploy/ports.ts';
import { runSteps } from '../deploy/run-steps.ts';
import { type DeployContext, StepFailedError } from '../deploy/step.ts';
import { BLUE_GREEN_STEPS } from '../deploy/steps/index.ts';
import { DeployError, FailedBeforeSwapError } from '../errors.ts';
import type { DeployEvent } from '../report/events.ts';
import { LeapingClock } from './leaping-clock.ts';
import type { Change, Stage } from './stage.ts';

/** What is acted out. */
export interface Script {
  readonly plan: DeployPlan;
  readonly checkpoint: Checkpoint & { readonly own: OwnCheckpoint };
  readonly isResumed: boolean;
  /** What comes before the first step. */
  readonly prepare?: (context: DeployContext) => Promise<void>;
}

/** One step of a deploy that was acted out. */
export interface RehearsedStep {
  readonly number: number;
  readonly name: string;
  readonly title: string;
  /** Why there is nothing to do; left out when there is. */
  readonly skipped?: string;
  readonly changes: readonly Change[];
  readonly commands: readonly Command[];
}

/** What a deploy would do. */
export interface Rehearsal {
  /** What would be put right before the first step. */
  readonly first: readonly Change[];
  /** As far as it would get. */
  readonly steps: readonly RehearsedStep[];
  readonly warnings: readonly string[];
  /** Why it would come to no good end, or what could not be read. */
  readonly failure?: DeployError | CallFailedError;
  /** As the last step leaves it. */
  readonly checkpoint: Checkpoint;
}

/** From this step on the new version counts as healthy: whether it gets so, only a deploy can tell. */
const AWAIT_ROLLOUT = 7;

/**
 * Acts a deploy out on the stage: the deploy's own steps, from beginning to end, in no time. Every
 * command succeeds, and the new version becomes healthy.
 */
export async function rehearse(
  script: Script,
  stage: Stage,
  { clock, random = () => 0 }: { readonly clock: Clock; readonly random?: () => number },
): Promise<Rehearsal> {
  const steps: RehearsedStep[] = [];
  const warnings: string[] = [];
  const commands: Command[] = [];
  const sink = async () => {};
  const checkpoint = new CheckpointLog(
    { checkpoint: sink, releaseLock: sink, yieldLock: sink },
    script.checkpoint,
    { mayHaveChanged: true },
  );
  const enter = (event: Extract<DeployEvent, { number: number }>, skipped?: string) => {
    const { number, name, title } = event;
    if (number >= AWAIT_ROLLOUT) stage.becomeReady(checkpoint.current.newTaskSetId);
    const nothing = { changes: [], commands: [] };
    steps.push({ number, name, title, ...(skipped === undefined ? {} : { skipped }), ...nothing });
  };
  const report = (event: DeployEvent) => {
    if (event.type === 'step.started') enter(event);
    if (event.type === 'step.skipped') enter(event, event.why);
    if (event.type === 'warning') warnings.push(event.message);
    const last = steps.at(-1);
    if (event.type !== 'step.finished' || !last) return;
    steps.splice(-1, 1, {
      ...last,
      changes: stage.changes.splice(0),
      commands: commands.splice(0),
    });
  };
  const context: DeployContext = {
    // Nobody waits here for the bake time to pass.
    plan: { ...script.plan, bakeMs: 0 },
    aws: stage.ports,
    commands: { run: async (command) => void commands.push(command) },
    artifacts: { recordOutcome: async () => undefined },
    checkpoint,
    clock: new LeapingClock(clock.wallMs(), () => stage.passTime()),
    random,
    report,
    signal: new AbortController().signal,
    isResumed: script.isResumed,
  };
  let first: readonly Change[] = [];
  try {
    await script.prepare?.(context);
    first = stage.changes.splice(0);
    await runSteps(BLUE_GREEN_STEPS, context);
    return { first, steps, warnings, checkpoint: checkpoint.current };
  } catch (error) {
    const failure = failureOf(error);
    return { first, steps, warnings, failure, checkpoint: checkpoint.current };
  }
}

/** @throws what is a bug of ours. */
function failureOf(error: unknown): DeployError | CallFailedError {
  if (error instanceof DeployError || error instanceof CallFailedError) return error;
  if (!(error instanceof StepFailedError)) throw error;
  return new FailedBeforeSwapError(error.message, { hint: error.remedy ?? '', cause: error });
}
