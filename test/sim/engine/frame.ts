import { deploy } from '../../../src/deploy/deploy.ts';
import { DeployError } from '../../../src/errors.ts';
import { seededRandom } from '../../support/world.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { CONFIG_SHA, HELLO, shaOf } from './hello.ts';
import { DeployerProcess } from './process.ts';
import type { RunSpec, WorldSpec } from './scenario.ts';
import { SimWorld } from './sim-world.ts';
import { Artifacts, LockItem } from './stores.ts';
import { type Surroundings, toolsFor } from './tools.ts';
import type { Watch, WatchOptions } from './watch.ts';

/** A stage that takes longer hangs: every wait of the program has a deadline below it. */
const STAGE_LIMIT_MS = 3_600_000;

export interface RunOptions {
  readonly seed?: number;
  /** Keeps a log of what happens. */
  readonly isLogged?: boolean;
  /** Keeps every call. */
  readonly isTraced?: boolean;
}

/** What processes run in: a world, a clock that jumps from event to event, and somebody who watches. */
export class Frame<W extends Watch> {
  readonly clock = new VirtualClock();
  readonly watch: W;
  readonly around: Surroundings;
  readonly processes: DeployerProcess[] = [];
  readonly #maxLatencyMs: number;
  readonly #latencyMs: () => number;

  constructor(
    spec: WorldSpec,
    { seed = 1, isLogged = false, isTraced = false }: RunOptions,
    watchWith: (options: WatchOptions) => W,
  ) {
    const { clock } = this;
    const { latencyMs } = spec;
    const random = seededRandom(seed);
    const world = SimWorld.create(clock, spec, seed);
    const lock = new LockItem();
    const artifacts = new Artifacts();
    this.watch = watchWith({ clock, world, lock, artifacts, latencyMs, isLogged, isTraced });
    this.around = {
      clock,
      world,
      lock,
      artifacts,
      onCommand: (process, command, deployId) => this.watch.onCommand(process, command, deployId),
      randomBytes: (count) => bytesFrom(random, count),
    };
    this.#maxLatencyMs = latencyMs;
    this.#latencyMs = latencyMs > 0 ? () => latencyMs * (0.2 + 0.8 * random()) : () => 0;
  }

  /**
   * Runs one stage after the other, to the end or to the first violation.
   * @param start sets a process going that is due
   * @returns how many timers ran.
   */
  async run(
    stages: readonly (readonly RunSpec[])[],
    start: (process: DeployerProcess) => void,
  ): Promise<number> {
    const eventsBefore = this.clock.events;
    this.clock.afterEvent = () => {
      this.watch.afterEvent();
      for (const process of this.processes) process.tick();
    };
    for (const stage of stages) {
      await this.#runStage(stage, start);
      if (this.watch.violation) break;
    }
    if (!this.watch.violation) this.watch.atEnd();
    return this.clock.events - eventsBefore;
  }

  /** Sets our own deployer going. */
  startOurs(process: DeployerProcess): void {
    deploy(requestOf(process.spec), toolsFor(process, this.around)).then(
      (serving) => this.#end(process, { kind: 'done', serving }),
      (error: unknown) =>
        this.#end(
          process,
          error instanceof DeployError ? { kind: 'failed', error } : { kind: 'bug', error },
        ),
    );
  }

  async #runStage(
    stage: readonly RunSpec[],
    start: (process: DeployerProcess) => void,
  ): Promise<void> {
    const processes = stage.map((spec) => this.#add(spec));
    const begin = (process: DeployerProcess) => {
      process.startedMs = this.clock.monotonicMs();
      this.watch.onStart(process);
      start(process);
    };
    for (const process of processes) {
      if (process.spec.delayMs === 0) begin(process);
      else this.clock.after(process.spec.delayMs, () => begin(process));
    }
    const isDone = () =>
      this.watch.violation !== undefined || processes.every((process) => process.isOver);
    if (!(await this.clock.runUntil(isDone, STAGE_LIMIT_MS))) this.watch.onStuck(processes);
    // What a process has sent with its last breath arrives before anybody can have noticed.
    if (this.#maxLatencyMs > 0) await this.clock.advance(this.#maxLatencyMs);
  }

  #add(spec: RunSpec): DeployerProcess {
    const process = new DeployerProcess(this.processes.length + 1, spec, {
      witness: this.watch,
      clock: this.clock,
      latencyMs: this.#latencyMs,
    });
    this.processes.push(process);
    return process;
  }

  #end(process: DeployerProcess, ending: NonNullable<DeployerProcess['ending']>): void {
    if (process.machine.hasCrashed) return;
    process.ending = ending;
    this.watch.onEnd(process);
  }
}

function bytesFrom(random: () => number, count: number): Uint8Array {
  const bytes = new Uint8Array(count);
  for (let index = 0; index < count; index += 4) {
    const word = random() * 2 ** 32;
    bytes[index] = word;
    bytes[index + 1] = word / 2 ** 8;
    bytes[index + 2] = word / 2 ** 16;
    bytes[index + 3] = word / 2 ** 24;
  }
  return bytes;
}

function requestOf({ mode, version }: RunSpec): Parameters<typeof deploy>[0] {
  return {
    ...HELLO,
    mode,
    ...(version === undefined ? {} : { sha: shaOf(version) }),
    configSha: CONFIG_SHA,
    skipCommands: false,
    flags: [],
  };
}
