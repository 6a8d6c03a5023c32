import { constants } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

const CHECK_INTERVAL_MS = 20;

/** Longer than the kernel takes. Only processes that nobody reaps are still there after it. */
const KILLED_WITHIN_MS = 250;

/** A child that leads its own process group, and all that it has started. */
export class ProcessGroup {
  readonly #pid: number | undefined;
  readonly #kill = () => this.#signal('SIGKILL');

  /**
   * Also kills the group when this process exits meanwhile, by a second signal or by a bug: whoever
   * resumes the deploy runs the command again, and must not find the first one still at work.
   *
   * @param pid Undefined for a child that could not be started.
   */
  constructor(pid: number | undefined) {
    this.#pid = pid;
    process.on('exit', this.#kill);
  }

  /** Asks the group to end, and kills what is left of it after `graceMs`. Resolves when it is gone. */
  async stop(graceMs: number): Promise<void> {
    this.#signal('SIGTERM');
    if (await this.#isGoneWithin(graceMs)) return;
    this.#signal('SIGKILL');
    await this.#isGoneWithin(KILLED_WITHIN_MS);
  }

  /** From now on it may outlive this process. */
  release(): void {
    process.off('exit', this.#kill);
  }

  async #isGoneWithin(ms: number): Promise<boolean> {
    const untilMs = performance.now() + ms;
    while (this.#signal(0)) {
      if (performance.now() >= untilMs) return false;
      await sleep(CHECK_INTERVAL_MS);
    }
    return true;
  }

  /** @returns whether there was anything to signal. */
  #signal(signal: 'SIGTERM' | 'SIGKILL' | 0): boolean {
    if (this.#pid === undefined) return false;
    try {
      return process.kill(-this.#pid, signal);
    } catch (error) {
      const { errno } = error as NodeJS.ErrnoException;
      // What has become another user's (sudo) cannot be stopped from here, and is not waited for.
      if (errno === -constants.errno.ESRCH || errno === -constants.errno.EPERM) return false;
      throw error;
    }
  }
}
