import { isoTime } from '../../clock.ts';
import { DeployError, EXIT } from '../../errors.ts';
import type { Serving } from '../../report/events.ts';
import type { DeployRequest, DeployTools, TakenUp } from '../request.ts';
import { artifactOf } from '../serving.ts';
import type { DeployContext } from '../step.ts';
import { within } from '../within.ts';
import { type DeployEntry, SUCCESS } from './deploy-record.ts';

/** How long anybody waits for the record at the end of a deploy that is over. */
const PATIENCE_MS = 5_000;

/** One run of a deploy that had the lock. */
export interface Run {
  readonly request: DeployRequest;
  readonly takenUp: TakenUp;
  readonly context: DeployContext;
  readonly startedAt: string;
  readonly startedMs: number;
}

/** How it ended: what users get, or the error that ended it. */
export type Ending = { readonly serving: Serving } | { readonly error: unknown };

/**
 * Begins to remember a run of which nothing is left to do: the lock is given back by then.
 * @returns what writes the record. It never rejects: a history that does not answer changes nothing
 *   but a line of the output.
 */
export function prepareRecord(run: Run, tools: DeployTools): (ending: Ending) => Promise<void> {
  const { history, report } = tools;
  if (!history) return async () => {};
  const { clock } = run.context;
  const [endedAt, durationMs] = [isoTime(clock), Math.round(clock.monotonicMs() - run.startedMs)];
  const reading = previousOf(run, tools);
  return async (ending) => {
    try {
      await within(clock, PATIENCE_MS, async () => {
        const previous = await reading;
        await history.record({ ...entryOf(run, ending), ...previous, endedAt, durationMs });
      });
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      report({ type: 'warning', message: `The history does not tell of this deploy: ${why}` });
    }
  };
}

type Known = Omit<DeployEntry, 'previous' | 'endedAt' | 'durationMs'>;

function entryOf({ context, request, startedAt }: Run, ending: Ending): Known {
  const { plan } = context;
  const { artifact, own, step } = context.checkpoint.current;
  const sha = artifact.tags?.['SHA'];
  const { imageDigests = {} } = own;
  return {
    app: plan.app,
    environment: plan.environment,
    deployId: own.deployId,
    mode: request.mode,
    artifact: {
      projectName: plan.artifactDbProjectName,
      buildNumber: artifact.buildNumber,
      value: artifact.value,
      ...(sha === undefined ? {} : { sha }),
    },
    configSha: plan.configSha,
    contentIdentity: plan.contentIdentity,
    ...(Object.keys(imageDigests).length === 0 ? {} : { imageDigests }),
    startedAt,
    ...(request.mode === 'resume' ? { begunAt: own.startedAt } : {}),
    step,
    ...outcomeOf(ending),
    ...(own.gateOverride === undefined ? {} : { gateOverride: own.gateOverride }),
    ...(own.replaced === undefined ? {} : { replaced: own.replaced }),
  };
}

type Outcome = Pick<DeployEntry, 'outcome' | 'exitCode' | 'message' | 'serving'>;

function outcomeOf(ending: Ending): Outcome {
  if ('serving' in ending) {
    return { outcome: SUCCESS, exitCode: EXIT.ok, serving: ending.serving };
  }
  const { error } = ending;
  if (!(error instanceof DeployError)) {
    return { outcome: 'bug', exitCode: EXIT.bug, message: String(error) };
  }
  const { code, exitCode, message, serving } = error;
  return { outcome: code, exitCode, message, ...(serving && { serving }) };
}

/** What the deploy has found, which is kept to its end. Never rejects. */
async function previousOf(
  { context }: Run,
  { artifacts }: DeployTools,
): Promise<Pick<DeployEntry, 'previous'>> {
  const { originalPrimaryId = '' } = context.checkpoint.current.own;
  if (originalPrimaryId === '') return {};
  try {
    return { previous: await artifactOf(context, artifacts, originalPrimaryId) };
  } catch {
    return {};
  }
}
