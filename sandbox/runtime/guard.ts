import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** How often a guard that was killed is replaced before the sandbox goes on without one. */
const RESTARTS_MAX = 5;

const PROGRAM = fileURLToPath(new URL('guard.mjs', import.meta.url));

/**
 * A process beside the sandbox that kills the process groups it was told of as soon as the sandbox
 * is gone. The tasks need not cooperate, and one guard serves them all.
 *
 * A group is unguarded for the microseconds between its spawn and `watch`; nothing short of the
 * kernel could close that gap.
 */
export class Guard {
  readonly #groups = new Set<number>();
  #process: ChildProcess;
  #restarts = 0;
  #isClosed = false;

  constructor() {
    this.#process = this.#start();
  }

  /** The guard's own process; undefined when it could not be started. */
  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** From now on the group dies with the sandbox. */
  watch(group: number): void {
    this.#groups.add(group);
    this.#tell(`+${group}\n`);
  }

  /** The group has exited; its number may soon be another's. */
  forget(group: number): void {
    this.#groups.delete(group);
    this.#tell(`-${group}\n`);
  }

  /** Ends the guard and waits until it is gone. Groups that still run are killed. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const guard = this.#process;
    const hasEnded = guard.pid === undefined || guard.exitCode !== null || guard.signalCode;
    if (hasEnded) return;
    const exited = once(guard, 'exit');
    guard.ref();
    guard.stdin?.end();
    await exited;
  }

  #start(): ChildProcess {
    // A group of its own: whoever kills the sandbox's group must not kill the guard with it.
    const guard = spawn(process.execPath, [PROGRAM], {
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
      env: {},
    });
    guard.on('error', () => {});
    guard.on('exit', () => this.#restart());
    guard.stdin.on('error', () => {}); // It was killed; `exit` follows.
    guard.unref();
    for (const group of this.#groups) guard.stdin.write(`+${group}\n`);
    return guard;
  }

  #restart(): void {
    if (this.#isClosed || this.#restarts === RESTARTS_MAX) return;
    this.#restarts += 1;
    this.#process = this.#start();
  }

  #tell(line: string): void {
    if (this.#process.stdin?.writable) this.#process.stdin.write(line);
  }
}
