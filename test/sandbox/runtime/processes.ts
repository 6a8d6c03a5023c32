/** Whether a process with this number exists and is not merely waiting to be collected. */
import { readFileSync } from 'node:fs';

export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  return !isZombie(pid);
}

/** Linux only; elsewhere the system collects orphans by itself at once. */
function isZombie(pid: number): boolean {
  try {
    return /^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

/** Waits for something that real processes bring about. @throws {Error} after 10 seconds. */
export async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  const deadlineMs = Date.now() + 10_000;
  while (!(await isTrue())) {
    if (Date.now() > deadlineMs) throw new Error(`Still false after 10 s: ${String(isTrue)}`);
    await new Promise((resolve) => {
      setTimeout(resolve, 5);
    });
  }
}
