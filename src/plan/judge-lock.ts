import { assertNotOnHold, cutOff, describeHolder, stillLive } from '../deploy/held-lock.ts';
import type { ChoiceTools } from '../deploy/choices.ts';
import type { DeployRequest } from '../deploy/request.ts';
import { assertResumable } from '../deploy/resumable.ts';
import { decodeCheckpoint, type Checkpoint } from '../deploy/checkpoint.ts';
import { RefusedError } from '../errors.ts';
import type { HolderInfo } from '../lock/item.ts';
import { describeLock, type FoundLock } from './read-lock.ts';

/**
 * Whether a deploy would get the lock.
 * @returns what it would do about the lock, in a few words.
 * @throws {DeployError} as the deploy would.
 */
export async function judgeLock(
  request: DeployRequest,
  lock: FoundLock,
  tools: ChoiceTools,
): Promise<string> {
  const { holder, state } = lock;
  if (!holder || state === 'free') return 'it is free';
  if (state === 'hold') assertNotOnHold(request, holder);
  if (state === 'live') throw stillLive(holder);
  if (state === 'done') return `${describeLock(lock)}; it is taken over once it has been silent`;
  if (request.mode === 'deploy') throw await cutOff(request, holder, tools);
  const when = state === 'yielded' ? 'at once' : 'once it has been silent for a whole lease';
  return `taken over ${when} from ${describeHolder(holder)}`;
}

/**
 * What a resume would go on with.
 * @throws {RefusedError} when there is nothing that it could.
 * @throws {MalformedCheckpointError}
 */
export function recordedDeploy(request: DeployRequest, holder: HolderInfo | undefined): Checkpoint {
  if (!holder) {
    throw new RefusedError(
      `There is nothing to resume: no deploy of ${request.app.name} to ${request.environment.name} was cut off.`,
      { hint: 'Deploy without -resume.' },
    );
  }
  assertNotOnHold(request, holder);
  const recorded = decodeCheckpoint(holder.data);
  assertResumable(request, recorded);
  return recorded;
}
