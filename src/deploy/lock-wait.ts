import { sleep } from '../clock.ts';
import { inspect } from '../lock/inspect.ts';
import type { HolderInfo, LockRecord } from '../lock/item.ts';
import { isPassing } from '../lock/store.ts';
import {
  assertNotOnHold,
  cutOff,
  describeHolder,
  hasYielded,
  isDone,
  lockKeyOf,
  stillLive,
} from './held-lock.ts';
import type { DeployRequest, DeployTools } from './request.ts';

const POLL_INTERVAL_MS = 1_000;

/**
 * Waits until whoever has the lock has ended, showing the holder once and then a countdown.
 * @param untilMs When to give up, by the clock's `monotonicMs`.
 * @throws {LockedError} when it is over before the lock is free; at once when waiting can't help,
 *   because a person holds the lock or a deploy was cut off and has to be decided about.
 */
export async function waitForRelease(
  request: DeployRequest,
  { holder, seenAtMs }: { readonly holder: HolderInfo; readonly seenAtMs: number },
  untilMs: number,
  tools: DeployTools,
): Promise<void> {
  const { clock, interrupt, lockStore, report } = tools;
  const startedMs = clock.monotonicMs();
  let seen = holder;
  let silentFromMs = seenAtMs + seen.leaseDurationMs;
  let heardMs = seenAtMs;
  assertNotOnHold(request, seen);
  report({ type: 'note', message: `The lock is taken: ${describeHolder(holder)}.` });
  for (;;) {
    assertNotOnHold(request, seen);
    const nowMs = clock.monotonicMs();
    const isSilent = heardMs > silentFromMs;
    if (isSilent && isDone(seen)) return; // Nothing to decide: whoever comes next cleans up.
    if (isSilent || hasYielded(seen)) throw await cutOff(request, seen, tools);
    if (nowMs >= untilMs) throw stillLive(seen);
    const remainingMs = untilMs - nowMs;
    report({
      type: 'wait.progressed',
      waitingFor: 'the lock to be released',
      elapsedMs: nowMs - startedMs,
      remainingMs,
    });
    await sleep(clock, Math.min(POLL_INTERVAL_MS, remainingMs), interrupt);
    let current: LockRecord | undefined;
    try {
      current = await inspect(lockStore, lockKeyOf(request), interrupt);
    } catch (error) {
      if (isPassing(error)) continue; // It shows neither life nor silence.
      throw error;
    }
    if (!current || current.isReleased) return;
    heardMs = clock.monotonicMs();
    if (current.recordVersionNumber !== seen.recordVersionNumber) {
      seen = current;
      silentFromMs = heardMs + seen.leaseDurationMs;
    }
  }
}
