import { isoTime } from '../clock.ts';
import { DeployError } from '../errors.ts';
import type { Serving } from '../report/events.ts';
import { CheckpointLog } from './checkpoint-log.ts';
import { hasEndedWell } from './aftermath.ts';
import { endUnfinished } from './ending.ts';
import { passGateUnderLock } from './gate-check.ts';
import { prepareRecord } from './history/record-deploy.ts';
import type { DeployRequest, DeployTools, TakenUp } from './request.ts';
import { runSteps } from './run-steps.ts';
import { servingAtTheEnd } from './serving.ts';
import type { DeployContext } from './step.ts';
import { BLUE_GREEN_STEPS } from './steps/index.ts';
import { takeUp } from './take-up/take-up.ts';

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
  const [startedAt, startedMs] = [isoTime(tools.clock), tools.clock.monotonicMs()];
  const takenUp = await takeUp(request, tools); // Step 1, after all that can be refused untouched.
  const context = contextOf(takenUp, tools);
  const run = { request, takenUp, context, startedAt, startedMs };
  const admitted = passGateUnderLock(context, request, tools);
  admitted.catch(() => {}); // Whoever is about to change something hears of it.
  try {
    if (takenUp.prepare) {
      await admitted;
      await takenUp.prepare(context);
    }
    await runSteps(BLUE_GREEN_STEPS, { ...context, admitted });
  } catch (error) {
    const { artifacts, lockStore } = tools;
    const unfinished = { request, takenUp, context, artifacts, lockStore };
    if (!(await hasEndedWell(error, unfinished))) {
      const ending = await endUnfinished(error, unfinished);
      await prepareRecord(run, tools)({ error: ending });
      throw ending;
    }
  }
  const record = prepareRecord(run, tools);
  try {
    const serving = await servingAtTheEnd(context, tools.artifacts);
    await record({ serving });
    return serving;
  } catch (error) {
    await record({ error }); // Somebody has moved traffic since: that is how it ended.
    throw error;
  }
}

function contextOf(
  { plan, lease, checkpoint, isResumed, mayHaveChanged }: TakenUp,
  tools: DeployTools,
): DeployContext {
  tools.gate.openWith(lease, tools.interrupt);
  return {
    plan,
    aws: tools.aws,
    commands: tools.commands,
    artifacts: tools.artifacts,
    checkpoint: new CheckpointLog(lease, checkpoint, { mayHaveChanged }),
    clock: tools.clock,
    random: () => (tools.randomBytes(1)[0] ?? 0) / 256,
    report: tools.report,
    signal: AbortSignal.any([tools.interrupt, lease.signal]),
    isResumed,
  };
}
