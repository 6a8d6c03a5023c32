import type { Clock } from '../clock.ts';
import type { DeployEvent } from '../report/events.ts';
import type { OwnCheckpoint } from './checkpoint.ts';
import type { CheckpointLog } from './checkpoint-log.ts';
import type { DeployPlan } from './plan.ts';
import type { AwsPorts, CommandRunner, OutcomeRecorder } from './ports.ts';

/** Everything a step gets. What it must know of earlier steps is in the checkpoint. */
export interface DeployContext {
  readonly plan: DeployPlan;
  readonly aws: AwsPorts;
  readonly commands: CommandRunner;
  readonly artifacts: OutcomeRecorder;
  readonly checkpoint: CheckpointLog;
  readonly clock: Clock;
  /** Numbers in [0, 1). */
  readonly random: () => number;
  readonly report: (event: DeployEvent) => void;
  /** Aborted by a signal to the process, and when the lease is lost. */
  readonly signal: AbortSignal;
  /**
   * Resolves once it is certain that this deploy may change anything; rejects when it may not. Asked
   * while the first steps only read. Left out: nobody asks.
   */
  readonly admitted?: Promise<void>;
  /** Whether an earlier run of this deploy was cut off: what it left in AWS has to be looked for. */
  readonly isResumed: boolean;
}

/**
 * One step of a deploy. It says what it reads and changes, how it is recognised as done, and does it.
 */
export interface Step {
  /** The original tool's number, which people quote; kept in every checkpoint. */
  readonly number: number;
  readonly name: string;
  readonly title: string;
  /** IAM actions. */
  readonly reads: readonly string[];
  /** IAM actions, or `command` for programs that it runs. Empty: its begin need not be waited for. */
  readonly changes: readonly string[];
  /** What the write that carries the step's number says as well. */
  readonly records?: Partial<OwnCheckpoint>;
  /** Why there is nothing to do, judged by AWS and the checkpoint; undefined: there is. */
  isDone(context: DeployContext): Promise<string | undefined>;
  /** @returns what came of it, in a few words. */
  run(context: DeployContext): Promise<string | undefined>;
}

/** A step could not reach what it is for. The message says why and what it left in AWS. */
export class StepFailedError extends Error {
  /** What to do about the cause, beside resuming or starting over. */
  readonly remedy: string | undefined;

  constructor(message: string, options: { remedy?: string; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = 'StepFailedError';
    this.remedy = options.remedy;
  }
}
