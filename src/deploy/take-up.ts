import { isoTime } from '../clock.ts';
import { LockedError, NeedsHumanError, RefusedError } from '../errors.ts';
import { acquire } from '../lock/acquire.ts';
import { inspect } from '../lock/inspect.ts';
import type { HolderInfo } from '../lock/item.ts';
import { takeOver } from '../lock/take-over.ts';
import {
  type Checkpoint,
  type OwnCheckpoint,
  decodeCheckpoint,
  encodeCheckpoint,
} from './checkpoint.ts';
import { describeHolder, refuseHeld } from './held-lock.ts';
import { newDeployId } from './lineage.ts';
import { asEnding } from './lock-endings.ts';
import type { DeployPlan } from './plan.ts';
import { preflight, preflightResume } from './preflight.ts';
import type { DeployRequest, DeployTools, TakenUp } from './request.ts';
import { assertResumable } from './resumable.ts';
import { adoptFacts, makeServingPrimary, ownedCheckpoint } from './unfinished.ts';

/**
 * Step 1: takes the lock, in the way that the request's mode allows. Whatever can be refused is
 * refused before the lock is touched.
 * @throws {LockedError} when somebody has it, {RefusedError} when there is nothing to resume.
 */
export async function takeUp(request: DeployRequest, tools: DeployTools): Promise<TakenUp> {
  try {
    return await MODES[request.mode](request, tools);
  } catch (error) {
    throw asEnding(error);
  }
}

const MODES = { deploy: begin, resume, 'start-over': startOver } as const;

/** A fresh deploy: one write takes the lock and is the first checkpoint. */
async function begin(request: DeployRequest, tools: DeployTools): Promise<TakenUp> {
  const plan = await preflightUnlessHeld(request, tools);
  announce(plan, request, tools);
  const checkpoint = firstCheckpoint(plan, tools);
  const acquired = await acquire({
    ...lockOptions(plan.lockKey, tools),
    data: encodeCheckpoint(checkpoint),
  });
  if ('heldBy' in acquired) {
    const held = { holder: acquired.heldBy, seenAtMs: tools.clock.monotonicMs() };
    return supersedeDone(plan, checkpoint, held, request, tools);
  }
  const { lease, previous } = acquired;
  return {
    plan,
    lease,
    checkpoint,
    isResumed: false,
    mayHaveChanged: false,
    ...(previous ? { previousData: previous.data } : {}),
  };
}

/** What looks inconsistent may be another deploy in the middle of its work: then that is the answer. */
async function preflightUnlessHeld(
  request: DeployRequest,
  tools: DeployTools,
): Promise<DeployPlan> {
  try {
    return await preflight(request, tools);
  } catch (error) {
    if (!(error instanceof NeedsHumanError)) throw error;
    const holder = await inspect(tools.lockStore, lockKeyOf(request));
    if (!holder || holder.isReleased || readCheckpoint(holder)?.done) throw error;
    return refuseHeld(request, holder, tools);
  }
}

/** A deploy that was cut off between its last word and the release has left nothing to decide. */
async function supersedeDone(
  plan: DeployPlan,
  checkpoint: TakenUp['checkpoint'],
  held: Held,
  request: DeployRequest,
  tools: DeployTools,
): Promise<TakenUp> {
  if (!readCheckpoint(held.holder)?.done) return refuseHeld(request, held.holder, tools);
  tools.report({
    type: 'note',
    message: 'The last deploy succeeded but did not release the lock; waiting until it is silent.',
  });
  return takeOverHeld(plan, checkpoint, held, request, tools, (holder) => {
    // Whoever has it by now may be in the middle of something.
    if (!readCheckpoint(holder)?.done) throw stillLive(holder);
  });
}

/** Begins anew, replacing whatever deploy was cut off. */
async function startOver(request: DeployRequest, tools: DeployTools): Promise<TakenUp> {
  const seen = await inspect(tools.lockStore, lockKeyOf(request));
  const seenAtMs = tools.clock.monotonicMs();
  const takenUp =
    !seen || seen.isReleased
      ? await begin(request, tools)
      : await replace({ holder: seen, seenAtMs }, request, tools);
  return { ...takenUp, prepare: makeServingPrimary };
}

async function replace(held: Held, request: DeployRequest, tools: DeployTools): Promise<TakenUp> {
  const plan = await preflight(request, tools);
  announce(plan, request, tools);
  const replaced = readCheckpoint(held.holder)?.own?.deployId;
  return takeOverHeld(plan, firstCheckpoint(plan, tools, replaced), held, request, tools);
}

/** A lock's holder, and when by our own clock it was seen. */
interface Held {
  readonly holder: HolderInfo;
  readonly seenAtMs: number;
}

async function takeOverHeld(
  plan: DeployPlan,
  checkpoint: TakenUp['checkpoint'],
  { holder, seenAtMs }: Held,
  request: DeployRequest,
  tools: DeployTools,
  onChange?: (holder: HolderInfo) => void,
): Promise<TakenUp> {
  const taken = await takeOver({
    ...lockOptions(plan.lockKey, tools),
    seen: holder,
    seenAtMs,
    data: encodeCheckpoint(checkpoint),
    onWait: waitReporter(holder, tools),
    onChange,
  });
  if ('stillLive' in taken) throw stillLive(taken.stillLive);
  if ('released' in taken) return begin(request, tools);
  // What was replaced must not be forgotten by a release: this has to be finished or replaced again.
  return { plan, lease: taken.lease, checkpoint, isResumed: false, mayHaveChanged: true };
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
  const seenAtMs = tools.clock.monotonicMs();
  const recorded = decodeCheckpoint(seen.data);
  assertResumable(request, recorded);
  const plan = await preflightResume(request, tools, recorded);
  announce(plan, request, tools);

  const taken = await takeOver({
    ...lockOptions(key, tools),
    seen,
    seenAtMs,
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
  const checkpoint = ownedCheckpoint(plan, decodeCheckpoint(taken.previous.data), tools);
  return {
    plan,
    lease: taken.lease,
    checkpoint,
    isResumed: true,
    mayHaveChanged: true,
    prepare: adoptFacts,
  };
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
  { clock, interrupt, lease, lockStore, machine, randomBytes }: DeployTools,
) {
  return {
    ...lease,
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
