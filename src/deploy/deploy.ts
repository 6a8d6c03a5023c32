import type { ArtifactDb } from '../artifactdb/artifact-db.ts';
import type { Clock } from '../clock.ts';
import type { AppConfig, EnvironmentConfig } from '../config/config.ts';
import type { RandomBytes } from '../lock/attempt.ts';
import type { Lease } from '../lock/lease.ts';
import type { LockStore } from '../lock/store.ts';
import type { DeployEvent, Serving } from '../report/events.ts';
import type { Checkpoint, OwnCheckpoint } from './checkpoint.ts';
import { CheckpointLog } from './checkpoint-log.ts';
import { endUnfinished } from './ending.ts';
import type { MutationGate } from './mutation-gate.ts';
import type { DeployPlan } from './plan.ts';
import { DeployError } from '../errors.ts';
import type { AwsPorts, CommandRunner } from './ports.ts';
import { runSteps } from './run-steps.ts';
import { readServing } from './serving.ts';
import type { DeployContext } from './step.ts';
import { BLUE_GREEN_STEPS } from './steps/index.ts';
import { takeUp } from './take-up.ts';

/** What to deploy where, as the command line and the configuration say. */
export interface DeployRequest {
  readonly app: AppConfig;
  readonly environment: EnvironmentConfig;
  /** Absent only when resuming: then the recorded artifact is deployed. */
  readonly sha?: string;
  readonly configSha: string;
  readonly mode: 'deploy' | 'resume' | 'start-over';
  readonly skipCommands: boolean;
  /** The flags beside app, environment and SHA, for messages that say what to type. */
  readonly flags: readonly string[];
}

/** Everything outside that a deploy uses. Nothing in src/deploy reaches past these. */
export interface DeployTools {
  readonly aws: AwsPorts;
  readonly artifacts: Pick<ArtifactDb, 'findBySha' | 'get' | 'recordOutcome'>;
  readonly lockStore: LockStore;
  readonly commands: CommandRunner;
  /** What the AWS clients ask before each change; opened here once the lease is held. */
  readonly gate: MutationGate;
  /** @throws {RefusedError} when the credentials belong to other accounts than configured. */
  readonly assertAccounts: () => Promise<void>;
  readonly clock: Clock;
  readonly randomBytes: RandomBytes;
  readonly report: (event: DeployEvent) => void;
  /** Aborted with an `Interruption` at the first signal to the process. */
  readonly interrupt: AbortSignal;
  /** Who runs this, for those who find the lock held. */
  readonly machine: { readonly host: string; readonly pid: number; readonly job?: string };
}

/** What the lock gave: the right to act, and where to begin. */
export interface TakenUp {
  readonly plan: DeployPlan;
  readonly lease: Lease;
  readonly checkpoint: Checkpoint & { readonly own: OwnCheckpoint };
  readonly isResumed: boolean;
  /** The item's data before a fresh deploy replaced it, to be put back if nothing comes of it. */
  readonly previousData?: Uint8Array;
}

/**
 * Deploys, or finishes a deploy that was cut off.
 *
 * @returns what users get now.
 * @throws {DeployError} whose message says what users get now, and whose hint what to type next.
 *   Refusals have written nothing. Every other failure has yielded the lock, unless it was lost.
 */
export async function deploy(request: DeployRequest, tools: DeployTools): Promise<Serving> {
  const startedMs = tools.clock.monotonicMs();
  const durationMs = () => tools.clock.monotonicMs() - startedMs;
  try {
    const serving = await takeUpAndRun(request, tools);
    tools.report({ type: 'deploy.finished', serving, durationMs: durationMs() });
    return serving;
  } catch (error) {
    if (error instanceof DeployError) {
      const { exitCode, hint, message, serving } = error;
      const known = serving === undefined ? {} : { serving };
      tools.report({
        type: 'deploy.failed',
        message,
        hint,
        exitCode,
        durationMs: durationMs(),
        ...known,
      });
    }
    throw error;
  }
}

async function takeUpAndRun(request: DeployRequest, tools: DeployTools): Promise<Serving> {
  const takenUp = await takeUp(request, tools); // Step 1, after all that can be refused untouched.
  const context = contextOf(takenUp, tools);
  try {
    await runSteps(BLUE_GREEN_STEPS, context);
  } catch (error) {
    throw await endUnfinished(error, { request, takenUp, context, artifacts: tools.artifacts });
  }
  return readServing(context.aws, takenUp.plan, tools.artifacts, context.checkpoint.current);
}

function contextOf(
  { plan, lease, checkpoint, isResumed }: TakenUp,
  tools: DeployTools,
): DeployContext {
  tools.gate.openWith(lease);
  return {
    plan,
    aws: tools.aws,
    commands: tools.commands,
    artifacts: tools.artifacts,
    checkpoint: new CheckpointLog(lease, checkpoint, { mayHaveChanged: isResumed }),
    clock: tools.clock,
    random: () => (tools.randomBytes(1)[0] ?? 0) / 256,
    report: tools.report,
    signal: AbortSignal.any([tools.interrupt, lease.signal]),
    isResumed,
  };
}
