import type { Checkpoint } from '../deploy/checkpoint.ts';
import { readCheckpoint } from '../deploy/held-lock.ts';
import type { DeployPlan } from '../deploy/plan.ts';
import { putRightFirst } from '../deploy/put-right.ts';
import type { DeployRequest, DeployTools } from '../deploy/request.ts';
import { firstCheckpoint, withTrail } from '../deploy/take-up/common.ts';
import { prepareResume } from '../deploy/take-up/resume.ts';
import { ownedCheckpoint } from '../deploy/unfinished.ts';
import type { FoundLock } from './read-lock.ts';
import type { Script } from './rehearse.ts';

/** What a deploy would begin with, had it taken the lock as it is now. */
export function scriptOf(
  request: DeployRequest,
  plan: DeployPlan,
  options: {
    readonly lock: FoundLock;
    /** What is resumed. */
    readonly recorded?: Checkpoint;
    readonly tools: DeployTools;
  },
): Script {
  const { lock, recorded, tools } = options;
  if (recorded) {
    return {
      plan,
      checkpoint: ownedCheckpoint(plan, recorded, tools),
      isResumed: true,
      prepare: (context) => prepareResume(request, context),
    };
  }
  const before = lock.holder ?? lock.record;
  const replaced = before && readCheckpoint(before);
  // A deploy that has ended leaves no trail; one that was broken off does.
  const isTrail = replaced && (lock.holder !== undefined || !replaced.done);
  const checkpoint = withTrail(firstCheckpoint(plan, tools), isTrail ? replaced : undefined);
  const script = { plan, checkpoint, isResumed: false };
  return request.mode === 'start-over' ? { ...script, prepare: putRightFirst } : script;
}
