import { deploy } from '../../../src/deploy/deploy.ts';
import type { DeployRequest } from '../../../src/deploy/request.ts';
import { DeployError } from '../../../src/errors.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { seededRandom } from '../../support/world.ts';
import { type Violation, Watch } from './watch.ts';
import { CONFIG_SHA, HELLO, shaOf } from './hello.ts';
import { DeployerProcess } from './process.ts';
import type { RunSpec, Scenario } from './scenario.ts';
import { SimWorld } from './sim-world.ts';
import { Artifacts, LockItem } from './stores.ts';
import { type Surroundings, toolsFor } from './tools.ts';

/** A stage that takes longer hangs: every wait of the program has a deadline below it. */
const STAGE_LIMIT_MS = 3_600_000;

/** What one scenario came to. */
export interface Outcome {
  readonly processes: readonly DeployerProcess[];
  /** The first thing that went wrong; the run ends there. */
  readonly violation: Violation | undefined;
  /** Timers that ran. */
  readonly events: number;
  /** Lines of what happened, when they were asked for. */
  readonly log: readonly string[];
  readonly watch: Watch;
}

export interface RunOptions {
  readonly seed?: number;
  /** Keeps a log of what happens. */
  readonly isLogged?: boolean;
  /** Keeps every call. */
  readonly isTraced?: boolean;
}

/** Runs a scenario to its end, or to the first violation of an invariant. The same every time. */
export async function simulate(scenario: Scenario, options: RunOptions = {}): Promise<Outcome> {
  const simulation = new Simulation(scenario, options);
  return simulation.run();
}

class Simulation {
  readonly #scenario: Scenario;
  readonly #clock = new VirtualClock();
  readonly #watch: Watch;
  readonly #around: Surroundings;
  readonly #processes: DeployerProcess[] = [];
  readonly #latencyMs: () => number;

  constructor(scenario: Scenario, { seed = 1, isLogged = false, isTraced = false }: RunOptions) {
    this.#scenario = scenario;
    const random = seededRandom(seed);
    const world = SimWorld.create(this.#clock, scenario.world, seed);
    const lock = new LockItem();
    const artifacts = new Artifacts();
    this.#watch = new Watch({
      clock: this.#clock,
      world,
      lock,
      artifacts,
      latencyMs: scenario.world.latencyMs,
      isLogged,
      isTraced,
    });
    this.#around = {
      clock: this.#clock,
      world,
      lock,
      artifacts,
      onCommand: (process, command, deployId) => this.#watch.onCommand(process, command, deployId),
      randomBytes: (count) => {
        const bytes = new Uint8Array(count);
        for (let index = 0; index < count; index += 4) {
          const word = random() * 2 ** 32;
          bytes[index] = word;
          bytes[index + 1] = word / 2 ** 8;
          bytes[index + 2] = word / 2 ** 16;
          bytes[index + 3] = word / 2 ** 24;
        }
        return bytes;
      },
    };
    const { latencyMs } = scenario.world;
    this.#latencyMs = latencyMs > 0 ? () => latencyMs * (0.2 + 0.8 * random()) : () => 0;
  }

  async run(): Promise<Outcome> {
    const eventsBefore = this.#clock.events;
    this.#clock.afterEvent = () => {
      this.#watch.afterEvent();
      for (const process of this.#processes) process.tick();
    };
    for (const stage of this.#scenario.stages) {
      await this.#runStage(stage);
      if (this.#watch.violation) break;
    }
    if (!this.#watch.violation) this.#watch.atEnd();
    return {
      processes: this.#processes,
      violation: this.#watch.violation,
      events: this.#clock.events - eventsBefore,
      log: this.#watch.log,
      watch: this.#watch,
    };
  }

  async #runStage(stage: readonly RunSpec[]): Promise<void> {
    const processes = stage.map((spec) => this.#add(spec));
    for (const process of processes) {
      if (process.spec.delayMs === 0) this.#start(process);
      else this.#clock.after(process.spec.delayMs, () => this.#start(process));
    }
    const isDone = () =>
      this.#watch.violation !== undefined || processes.every((process) => process.isOver);
    if (!(await this.#clock.runUntil(isDone, STAGE_LIMIT_MS))) this.#watch.onStuck(processes);
    // What a process has sent with its last breath arrives before anybody can have noticed.
    const { latencyMs } = this.#scenario.world;
    if (latencyMs > 0) await this.#clock.advance(latencyMs);
  }

  #add(spec: RunSpec): DeployerProcess {
    const process = new DeployerProcess(this.#processes.length + 1, spec, {
      witness: this.#watch,
      clock: this.#clock,
      latencyMs: this.#latencyMs,
    });
    this.#processes.push(process);
    return process;
  }

  #start(process: DeployerProcess): void {
    process.startedMs = this.#clock.monotonicMs();
    this.#watch.onStart(process);
    deploy(requestOf(process.spec), toolsFor(process, this.#around)).then(
      (serving) => this.#end(process, { kind: 'done', serving }),
      (error: unknown) =>
        this.#end(
          process,
          error instanceof DeployError ? { kind: 'failed', error } : { kind: 'bug', error },
        ),
    );
  }

  #end(process: DeployerProcess, ending: NonNullable<DeployerProcess['ending']>): void {
    if (process.machine.hasCrashed) return;
    process.ending = ending;
    this.#watch.onEnd(process);
  }
}

function requestOf({ mode, version }: RunSpec): DeployRequest {
  return {
    ...HELLO,
    mode,
    ...(version === undefined ? {} : { sha: shaOf(version) }),
    configSha: CONFIG_SHA,
    skipCommands: false,
    flags: [],
  };
}
