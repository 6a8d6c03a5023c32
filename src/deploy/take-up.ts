import { isoTime } from '../clock.ts';
import { LockedError, NeedsHumanError, RefusedError } from '../errors.ts';
import { acquire } from '../lock/acquire.ts';
import { MalformedLockItemError } from '../lock/errors.ts';
import { inspect } from '../lock/inspect.ts';
import type { HolderInfo } from '../lock/item.ts';
import { LockStoreError } from '../lock/store.ts';
import { takeOver } from '../lock/take-over.ts';
import {
  type Checkpoint,
  MalformedCheckpointError,
  type OwnCheckpoint,
  decodeCheckpoint,
  encodeCheckpoint,
} from './checkpoint.ts';
import type { DeployRequest, DeployTools, TakenUp } from './deploy.ts';
import { describeHolder, refuseHeld } from './held-lock.ts';
import { newDeployId } from './lineage.ts';
import type { DeployPlan } from './plan.ts';
import { preflight, preflightResume } from './preflight.ts';
import { adoptFacts, makeServingPrimary } from './unfinished.ts';

/**
 * Step 1: takes the lock, in the way that the request's mode allows. Whatever can be refused is
 * refused before the lock is touched.
 * @throws {LockedError} when somebody has it, {RefusedError} when there is nothing to resume.
 */
export async function takeUp(request: DeployRequest, tools: DeployTools): Promise<TakenUp> {
  try {
    return await MODES[request.mode](request, tools);
  } catch (error) {
    throw inOurTerms(error);
  }
}

const MODES = { deploy: begin, resume, 'start-over': startOver } as const;

/** A fresh deploy: one write takes the lock and is the first checkpoint. */
async function begin(request: DeployRequest, tools: DeployTools): Promise<TakenUp> {
  const plan = await preflight(request, tools);
  announce(plan, request, tools);
  const checkpoint = firstCheckpoint(plan, tools);
  const acquired = await acquire({
    ...lockOptions(plan.lockKey, tools),
    data: encodeCheckpoint(checkpoint),
  });
  if ('heldBy' in acquired) return supersedeDone(plan, checkpoint, acquired.heldBy, request, tools);
  const { lease, previous } = acquired;
  return {
    plan,
    lease,
    checkpoint,
    isResumed: false,
    ...(previous ? { previousData: previous.data } : {}),
  };
}

/** A deploy that was cut off between its last word and the release has left nothing to decide. */
async function supersedeDone(
  plan: DeployPlan,
  checkpoint: TakenUp['checkpoint'],
  holder: HolderInfo,
  request: DeployRequest,
  tools: DeployTools,
): Promise<TakenUp> {
  if (!readCheckpoint(holder)?.done) return refuseHeld(request, holder, tools);
  tools.report({
    type: 'note',
    message: 'The last deploy succeeded but did not release the lock; waiting until it is silent.',
  });
  return takeOverHeld(plan, checkpoint, holder, request, tools);
}

/** Begins anew, replacing whatever deploy was cut off. */
async function startOver(request: DeployRequest, tools: DeployTools): Promise<TakenUp> {
  const key = lockKeyOf(request);
  const seen = await inspect(tools.lockStore, key);
  const plan = await preflight(request, tools);
  announce(plan, request, tools);
  const replaced = seen && readCheckpoint(seen)?.own?.deployId;
  const checkpoint = firstCheckpoint(plan, tools, replaced);
  const takenUp =
    !seen || seen.isReleased
      ? await begin(request, tools)
      : await takeOverHeld(plan, checkpoint, seen, request, tools);
  tools.gate.openWith(takenUp.lease);
  await makeServingPrimary(takenUp.plan, tools);
  return takenUp;
}

async function takeOverHeld(
  plan: DeployPlan,
  checkpoint: TakenUp['checkpoint'],
  seen: HolderInfo,
  request: DeployRequest,
  tools: DeployTools,
): Promise<TakenUp> {
  const taken = await takeOver({
    ...lockOptions(plan.lockKey, tools),
    seen,
    data: encodeCheckpoint(checkpoint),
    onWait: waitReporter(seen, tools),
  });
  if ('stillLive' in taken) throw stillLive(taken.stillLive);
  if ('released' in taken) return begin(request, tools);
  return { plan, lease: taken.lease, checkpoint, isResumed: false };
}

/** Goes on where the recorded deploy was cut off. */
async function resume(request: DeployRequest, tools: DeployTools): Promise<TakenUp> {
  const key = lockKeyOf(request);
  const seen = await inspect(tools.lockStore, key);
  if (!seen || seen.isReleased) {
    throw new RefusedError(`There is nothing to resume: no deploy of ${key} was cut off.`, {
      hint: 'Deploy without -resume.',
    });
  }
  const recorded = decodeCheckpoint(seen.data);
  assertResumable(request, recorded);
  const plan = await preflightResume(request, tools, recorded);
  announce(plan, request, tools);

  const taken = await takeOver({
    ...lockOptions(key, tools),
    seen,
    onWait: waitReporter(seen, tools),
    // Whoever finished or replaced it meanwhile has changed what there is to resume.
    onChange: (holder) => assertResumable(request, decodeCheckpoint(holder.data)),
  });
  if ('stillLive' in taken) throw stillLive(taken.stillLive);
  if ('released' in taken) {
    throw new RefusedError('The deploy was finished by somebody else while this one waited.', {
      hint: 'There is nothing left to resume.',
    });
  }
  tools.gate.openWith(taken.lease);
  const checkpoint = await adoptFacts(plan, decodeCheckpoint(taken.previous.data), tools);
  return { plan, lease: taken.lease, checkpoint, isResumed: true };
}

/** Resuming means the same artifact and configuration, and something left to do. */
function assertResumable(request: DeployRequest, recorded: Checkpoint): void {
  const { artifact, configSha, done } = recorded;
  if (done) {
    throw new RefusedError(
      `The deploy of ${artifact.value} has succeeded; there is nothing to resume.`,
      {
        hint: 'Deploy without -resume.',
      },
    );
  }
  if (configSha !== request.configSha) {
    throw new RefusedError(
      `The deploy that was cut off used configuration ${configSha}, this is ${request.configSha}.`,
      { hint: `Check out ${configSha}, or use -start-over to deploy with this configuration.` },
    );
  }
  const recordedSha = artifact.tags?.['SHA'] ?? '';
  const { sha } = request;
  if (
    sha !== undefined &&
    !recordedSha.startsWith(sha) &&
    !(recordedSha && sha.startsWith(recordedSha))
  ) {
    throw new RefusedError(
      `The deploy that was cut off is of ${artifact.value} (SHA ${recordedSha || 'unknown'}), not of ${sha}.`,
      { hint: 'Leave out -sha to resume it, or use -start-over to deploy the other artifact.' },
    );
  }
}

function firstCheckpoint(
  plan: DeployPlan,
  { clock, machine, randomBytes }: DeployTools,
  replaced?: string,
): Checkpoint & { readonly own: OwnCheckpoint } {
  return {
    artifact: plan.artifact,
    configSha: plan.configSha,
    newTaskSetId: '',
    newActiveColor: '',
    done: false,
    step: 1,
    own: {
      deployId: newDeployId(randomBytes),
      attempt: 1,
      preCommandsDone: 0,
      postCommandsDone: 0,
      commandsSkipped: plan.commandsSkipped,
      ...machine,
      startedAt: isoTime(clock),
      ...(replaced === undefined ? {} : { replaced }),
    },
  };
}

function lockOptions(
  key: string,
  { clock, interrupt, lockStore, machine, randomBytes }: DeployTools,
) {
  return {
    store: lockStore,
    clock,
    random: randomBytes,
    key,
    ownerLabel: machine.host,
    signal: interrupt,
  };
}

function lockKeyOf({ app, environment }: DeployRequest): string {
  return `${app.name}-${environment.name}`;
}

/** What the holder keeps in the lock may be anything; for a message that is no obstacle. */
function readCheckpoint(holder: HolderInfo): Checkpoint | undefined {
  try {
    return decodeCheckpoint(holder.data);
  } catch {
    return undefined;
  }
}

function announce(plan: DeployPlan, request: DeployRequest, { report }: DeployTools): void {
  report({
    type: 'deploy.started',
    app: plan.app,
    environment: plan.environment,
    artifact: plan.artifact.value,
    buildNumber: plan.artifact.buildNumber,
    configSha: plan.configSha,
    mode: request.mode,
  });
}

function waitReporter(seen: HolderInfo, { clock, report }: DeployTools) {
  const startedMs = clock.monotonicMs();
  return (remainingMs: number) =>
    report({
      type: 'wait.progressed',
      waitingFor: `${describeHolder(seen)} to be silent for a whole lease`,
      elapsedMs: clock.monotonicMs() - startedMs,
      remainingMs,
    });
}

function stillLive(holder: HolderInfo): LockedError {
  return new LockedError(`Another deploy is at work: ${describeHolder(holder)}.`, {
    hint: 'Wait until it has ended.',
  });
}

function inOurTerms(error: unknown): unknown {
  if (error instanceof MalformedLockItemError || error instanceof MalformedCheckpointError) {
    return new NeedsHumanError(`${error.message} It was left alone.`, {
      hint: 'Look at the item in the lock table; -start-over replaces the data, but not a malformed item.',
      cause: error,
    });
  }
  if (error instanceof LockStoreError) {
    return new RefusedError(`The lock can't be used: ${error.message}`, {
      hint: 'Check LockTable and ConfigRegion in the configuration, and that the credentials may read and update the table.',
      cause: error,
    });
  }
  return error;
}
