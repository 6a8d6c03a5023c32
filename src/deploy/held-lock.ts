import { sleep } from '../clock.ts';
import { LockedError } from '../errors.ts';
import { inspect } from '../lock/inspect.ts';
import type { HolderInfo } from '../lock/item.ts';
import { type Checkpoint, decodeCheckpoint } from './checkpoint.ts';
import { commandLine } from './next-commands.ts';
import type { DeployRequest, DeployTools } from './request.ts';

/** More than two heartbeats of any client of this lock. */
const LISTEN_MS = 2_500;

/**
 * Refuses a deploy because the lock is held, and says by whom, since when, at which step and whether
 * its holder is still at work: a live one has to be waited for, a silent one decided about.
 */
export async function refuseHeld(
  request: DeployRequest,
  holder: HolderInfo,
  tools: DeployTools,
): Promise<never> {
  const hasYielded = holder.leaseDurationMs === 0;
  if (!hasYielded) await sleep(tools.clock, LISTEN_MS, tools.interrupt);
  const now = hasYielded
    ? holder
    : await inspect(tools.lockStore, `${request.app.name}-${request.environment.name}`);
  const isLive = now?.recordVersionNumber !== holder.recordVersionNumber;
  const who = describeHolder(holder);
  if (isLive) {
    throw new LockedError(`Another deploy is at work: ${who}.`, {
      hint: 'Wait until it has ended, then deploy again.',
    });
  }
  throw new LockedError(`A deploy was cut off: ${who}${hasYielded ? '' : ', silent now'}.`, {
    hint: `Finish it with ${commandLine(request, '-resume')}, or begin anew with ${commandLine(request, '-start-over')}.`,
  });
}

/** Who, since when, at which step. */
export function describeHolder(holder: HolderInfo): string {
  let checkpoint: Checkpoint;
  try {
    checkpoint = decodeCheckpoint(holder.data);
  } catch {
    return `the lock's owner is ${holder.owner}`;
  }
  const { artifact, configSha, own, step } = checkpoint;
  const what = `${artifact.value} with configuration ${configSha} at step ${step}`;
  if (!own) return `${what}, by ${holder.owner} (another tool)`;
  const job = own.job === undefined ? '' : `, ${own.job}`;
  return `${what}, by process ${own.pid} on ${own.host}${job}, since ${own.startedAt}`;
}
