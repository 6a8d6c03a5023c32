import { inspect } from '../../lock/inspect.ts';
import { assertNotOnHold, lockKeyOf } from '../held-lock.ts';
import { preflight } from '../preflight.ts';
import type { DeployRequest, TakenUp } from '../request.ts';
import { putRightFirst } from '../put-right.ts';
import { begin, takeOverHeld } from './begin.ts';
import { announce, firstCheckpoint, type Held, type Tools } from './common.ts';
import { unlessAborted } from '../../unless-aborted.ts';

/** Begins anew, replacing whatever deploy was cut off. */
export async function startOver(request: DeployRequest, tools: Tools): Promise<TakenUp> {
  const seen = await inspect(tools.lockStore, lockKeyOf(request), tools.interrupt);
  const seenAtMs = tools.clock.monotonicMs();
  if (seen && !seen.isReleased) assertNotOnHold(request, seen);
  const takenUp =
    !seen || seen.isReleased
      ? await begin(request, tools)
      : await replace({ holder: seen, seenAtMs }, request, tools);
  return {
    ...takenUp,
    prepare: putRightFirst,
  };
}

async function replace(held: Held, request: DeployRequest, tools: Tools): Promise<TakenUp> {
  const plan = await unlessAborted(preflight(request, tools), tools.interrupt);
  announce(plan, request, tools);
  return takeOverHeld(plan, firstCheckpoint(plan, tools), held, request, tools);
}
