import { NeedsHumanError } from '../../errors.ts';
import { acquire, type PreviousRecord } from '../../lock/acquire.ts';
import { inspect } from '../../lock/inspect.ts';
import type { HolderInfo } from '../../lock/item.ts';
import { takeOver } from '../../lock/take-over.ts';
import { encodeCheckpoint } from '../checkpoint.ts';
import {
  assertNotOnHold,
  isDone,
  lockKeyOf,
  readCheckpoint,
  refuseHeld,
  stillLive,
} from '../held-lock.ts';
import { waitForRelease } from '../lock-wait.ts';
import type { DeployPlan } from '../plan.ts';
import { preflight } from '../preflight.ts';
import type { DeployRequest, TakenUp } from '../request.ts';
import {
  announce,
  firstCheckpoint,
  type Held,
  lockOptions,
  patienceMs,
  type Tools,
  withTrail,
  waitReporter,
} from './common.ts';
import { unlessAborted } from '../../unless-aborted.ts';

/** A fresh deploy: one write takes the lock and is the first checkpoint. */
export async function begin(request: DeployRequest, tools: Tools): Promise<TakenUp> {
  const plan = await preflightUnlessHeld(request, tools);
  if (!plan) return begin(request, tools); // It may have changed everything that was looked at.
  announce(plan, request, tools);
  const checkpoint = firstCheckpoint(plan, tools);
  const acquired = await acquire({
    ...lockOptions(plan.lockKey, tools),
    data: encodeCheckpoint(checkpoint),
  });
  if ('heldBy' in acquired) {
    const held = { holder: acquired.heldBy, seenAtMs: tools.clock.monotonicMs() };
    if (isDone(held.holder)) return supersedeDone(plan, checkpoint, held, request, tools);
    await waitOrRefuse(request, held, tools);
    return begin(request, tools);
  }
  const { lease, previous } = acquired;
  return {
    plan,
    lease,
    checkpoint: previous ? afterBreak(checkpoint, previous, tools) : checkpoint,
    isResumed: false,
    mayHaveChanged: false,
    ...(previous ? { found: { data: previous.data, isHeld: false } } : {}),
  };
}

/** A lock that was broken is free, though its deploy may have left things behind. */
function afterBreak(
  checkpoint: TakenUp['checkpoint'],
  previous: PreviousRecord,
  { report }: Tools,
): TakenUp['checkpoint'] {
  const broken = readCheckpoint(previous);
  if (!broken || broken.done) return checkpoint;
  report({
    type: 'note',
    message: `The deploy of ${broken.artifact.value} was broken off at step ${broken.step}; this one begins anew.`,
  });
  return withTrail(checkpoint, broken);
}

/** Resolves when the lock has come free. */
async function waitOrRefuse(request: DeployRequest, held: Held, tools: Tools): Promise<void> {
  if (tools.clock.monotonicMs() >= tools.waitUntilMs) await refuseHeld(request, held.holder, tools);
  await waitForRelease(request, held, tools.waitUntilMs, tools);
}

/**
 * What looks inconsistent may be another deploy in the middle of its work: then that is the answer.
 * @returns undefined when that one was waited for and has ended.
 */
async function preflightUnlessHeld(
  request: DeployRequest,
  tools: Tools,
): Promise<DeployPlan | undefined> {
  try {
    return await unlessAborted(preflight(request, tools), tools.interrupt);
  } catch (error) {
    if (!(error instanceof NeedsHumanError)) throw error;
    const holder = await inspect(tools.lockStore, lockKeyOf(request), tools.interrupt);
    if (!holder || holder.isReleased || isDone(holder)) {
      // It may have ended between our looks at the rules and at the service: look once more.
      return unlessAborted(preflight(request, tools), tools.interrupt);
    }
    await waitOrRefuse(request, { holder, seenAtMs: tools.clock.monotonicMs() }, tools);
    return undefined;
  }
}

/** A deploy that was cut off between its last word and the release has left nothing to decide. */
async function supersedeDone(
  plan: DeployPlan,
  checkpoint: TakenUp['checkpoint'],
  held: Held,
  request: DeployRequest,
  tools: Tools,
): Promise<TakenUp> {
  tools.report({
    type: 'note',
    message: 'The last deploy succeeded but did not release the lock; waiting until it is silent.',
  });
  return takeOverHeld(plan, checkpoint, held, request, tools, (holder) => {
    // Whoever has it by now may be in the middle of something.
    if (!isDone(holder)) throw stillLive(holder);
  });
}

/** Replaces a holder that is silent, checkpoint and all. */
export async function takeOverHeld(
  plan: DeployPlan,
  checkpoint: TakenUp['checkpoint'],
  { holder, seenAtMs }: Held,
  request: DeployRequest,
  tools: Tools,
  onChange?: (holder: HolderInfo) => void,
): Promise<TakenUp> {
  const taken = await takeOver({
    ...lockOptions(plan.lockKey, tools),
    seen: holder,
    seenAtMs,
    // It may have been renewed, or replaced itself, since it was first seen.
    data: (replaced) => encodeCheckpoint(withTrail(checkpoint, readCheckpoint(replaced))),
    patienceMs: patienceMs(tools),
    onWait: waitReporter(holder, tools),
    onChange: (newer) => {
      assertNotOnHold(request, newer);
      onChange?.(newer);
    },
  });
  if ('stillLive' in taken) throw stillLive(taken.stillLive);
  if ('released' in taken) return begin(request, tools);
  // What was replaced must not be forgotten by a release: this has to be finished or replaced again.
  return {
    plan,
    lease: taken.lease,
    checkpoint: withTrail(checkpoint, readCheckpoint(taken.previous)),
    isResumed: false,
    mayHaveChanged: true,
    found: { data: taken.previous.data, isHeld: true },
  };
}
