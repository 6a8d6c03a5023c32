import { RefusedError } from '../../errors.ts';
import { inspect } from '../../lock/inspect.ts';
import { takeOver } from '../../lock/take-over.ts';
import { type Checkpoint, decodeCheckpoint } from '../checkpoint.ts';
import { assertNotOnHold, lockKeyOf, stillLive } from '../held-lock.ts';
import { lockCommandLine } from '../next-commands.ts';
import { preflightResume } from '../preflight.ts';
import type { DeployRequest, TakenUp } from '../request.ts';
import { assertResumable } from '../resumable.ts';
import type { DeployContext } from '../step.ts';
import { putRightFirst } from '../put-right.ts';
import { adoptFacts, ownedCheckpoint } from '../unfinished.ts';
import { announce, lockOptions, patienceMs, type Tools, waitReporter } from './common.ts';
import { unlessAborted } from '../../unless-aborted.ts';

/** Goes on where the recorded deploy was cut off. */
export async function resume(request: DeployRequest, tools: Tools): Promise<TakenUp> {
  const key = lockKeyOf(request);
  const seen = await inspect(tools.lockStore, key, tools.interrupt);
  if (!seen || seen.isReleased) {
    throw new RefusedError(`There is nothing to resume: no deploy of ${key} was cut off.`, {
      hint: 'Deploy without -resume.',
    });
  }
  const seenAtMs = tools.clock.monotonicMs();
  assertNotOnHold(request, seen);
  const recorded = decodeCheckpoint(seen.data);
  assertResumable(request, recorded);
  const skipCommands = skipsCommands(request, recorded, tools);
  const plan = await unlessAborted(
    preflightResume({ ...request, skipCommands }, tools, recorded),
    tools.interrupt,
  );
  announce(plan, request, tools);

  const taken = await takeOver({
    ...lockOptions(key, tools),
    seen,
    seenAtMs,
    patienceMs: patienceMs(tools),
    onWait: waitReporter(seen, tools),
    onChange: (holder) => {
      assertNotOnHold(request, holder);
      assertSameDeploy(request, recorded, decodeCheckpoint(holder.data));
    },
  });
  if ('stillLive' in taken) throw stillLive(taken.stillLive);
  if ('released' in taken) {
    throw new RefusedError('The lock was freed by somebody else while this one waited.', {
      hint: `There is nothing left to resume; see what serves: ecs-deploy status -app ${request.app.name}`,
    });
  }
  const checkpoint = ownedCheckpoint(plan, decodeCheckpoint(taken.previous.data), tools);
  warnOfOrphans(checkpoint, tools);
  return {
    plan,
    lease: taken.lease,
    checkpoint,
    isResumed: true,
    mayHaveChanged: true,
    found: { data: taken.previous.data, isHeld: true },
    prepare: (context) => prepareResume(request, context),
  };
}

/** What comes before the first step of a resume: the checkpoint is brought up to what AWS shows. */
export async function prepareResume(
  { rerunCommands }: DeployRequest,
  context: DeployContext,
): Promise<void> {
  // Cut off before it had looked: perhaps a start-over that was to put things right first.
  if (context.checkpoint.current.newActiveColor === '') await putRightFirst(context);
  await adoptFacts(context);
  if (rerunCommands) {
    context.checkpoint.note({ own: { preCommandsDone: 0, postCommandsDone: 0 } });
  }
}

/** Whoever finished or replaced it meanwhile has changed what there is to resume. */
function assertSameDeploy(request: DeployRequest, recorded: Checkpoint, now: Checkpoint): void {
  assertResumable(request, now);
  if (now.artifact.buildNumber === recorded.artifact.buildNumber) return;
  throw new RefusedError(
    `Another deploy took its place while this one waited: ${now.artifact.value} instead of ${recorded.artifact.value}.`,
    { hint: `See who has the lock: ${lockCommandLine(request, 'show')}` },
  );
}

/** A process that is killed can't stop what it has started. */
function warnOfOrphans({ own, step }: TakenUp['checkpoint'], { report }: Tools): void {
  const kind = step === 2 ? 'pre-deploy' : step === 12 ? 'post-deploy' : undefined;
  if (kind === undefined || own.commandsSkipped) return;
  report({
    type: 'note',
    message: `It was cut off while its ${kind} commands ran. The one that had not finished runs again; if the process was killed rather than stopped, what that one had started may still be at work.`,
  });
}

/** A deploy that was begun without its commands is not surprised by them at its end. */
function skipsCommands(
  { rerunCommands, skipCommands }: DeployRequest,
  { own }: Checkpoint,
  { report }: Tools,
): boolean {
  if (rerunCommands || skipCommands || !own?.commandsSkipped) return skipCommands;
  report({
    type: 'note',
    message: 'It was begun with -skip-pre-post, and goes on so; --rerun-commands would run them.',
  });
  return true;
}
