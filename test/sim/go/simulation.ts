import { deploy } from '../../../src/deploy/deploy.ts';
import type { DeployRequest } from '../../../src/deploy/request.ts';
import { DeployError } from '../../../src/errors.ts';
import { seededRandom } from '../../support/world.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { CONFIG_SHA, HELLO, shaOf } from '../engine/hello.ts';
import { DeployerProcess } from '../engine/process.ts';
import type { RunSpec } from '../engine/scenario.ts';
import { SimWorld } from '../engine/sim-world.ts';
import type { RunOptions } from '../engine/simulation.ts';
import { Artifacts, LockItem } from '../engine/stores.ts';
import { type Surroundings, toolsFor } from '../engine/tools.ts';
import type { Violation } from '../engine/watch.ts';
import { deployWithTheOldTool, OldToolError, type OldToolReason } from './deployer.ts';
import { OldToolWatch } from './old-tool-watch.ts';
import { isOld, type MixedRun, type MixedScenario } from './plan.ts';

const STAGE_LIMIT_MS = 3_600_000;

/** How the old tool ended. Killed by a fault: not at all. */
export type OldEnding = 'success' | OldToolReason;

/** What a scenario of both tools came to. */
export interface MixedOutcome {
  readonly processes: readonly DeployerProcess[];
  readonly oldEndings: ReadonlyMap<DeployerProcess, OldEnding>;
  readonly violation: Violation | undefined;
  readonly events: number;
  readonly watch: OldToolWatch;
}

/** As `simulate`, with processes of the old tool among ours. */
export function simulateMixed(
  scenario: MixedScenario,
  options: RunOptions = {},
): Promise<MixedOutcome> {
  return new MixedSimulation(scenario, options).run();
}

class MixedSimulation {
  readonly #scenario: MixedScenario;
  readonly #clock = new VirtualClock();
  readonly #watch: OldToolWatch;
  readonly #around: Surroundings;
  readonly #processes: DeployerProcess[] = [];
  readonly #oldEndings = new Map<DeployerProcess, OldEnding>();
  readonly #latencyMs: () => number;

  constructor(
    scenario: MixedScenario,
    { seed = 1, isLogged = false, isTraced = false }: RunOptions,
  ) {
    this.#scenario = scenario;
    const clock = this.#clock;
    const random = seededRandom(seed);
    const world = SimWorld.create(clock, scenario.world, seed);
    const lock = new LockItem();
    const artifacts = new Artifacts();
    const { latencyMs } = scenario.world;
    this.#latencyMs = latencyMs > 0 ? () => latencyMs * (0.2 + 0.8 * random()) : () => 0;
    this.#watch = new OldToolWatch({
      clock,
      world,
      lock,
      artifacts,
      latencyMs,
      isLogged,
      isTraced,
    });
    this.#around = {
      clock,
      world,
      lock,
      artifacts,
      onCommand: (process, command, deployId) => this.#watch.onCommand(process, command, deployId),
      randomBytes: (count) => Uint8Array.from({ length: count }, () => random() * 256),
    };
  }

  async run(): Promise<MixedOutcome> {
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
      oldEndings: this.#oldEndings,
      violation: this.#watch.violation,
      events: this.#clock.events - eventsBefore,
      watch: this.#watch,
    };
  }

  async #runStage(stage: readonly MixedRun[]): Promise<void> {
    const processes = stage.map((spec) => this.#add(spec));
    for (const process of processes) {
      if (process.spec.delayMs === 0) this.#start(process);
      else this.#clock.after(process.spec.delayMs, () => this.#start(process));
    }
    const isDone = () =>
      this.#watch.violation !== undefined || processes.every(({ isOver }) => isOver);
    if (!(await this.#clock.runUntil(isDone, STAGE_LIMIT_MS))) this.#watch.onStuck(processes);
    const { latencyMs } = this.#scenario.world;
    if (latencyMs > 0) await this.#clock.advance(latencyMs);
  }

  #add(spec: MixedRun): DeployerProcess {
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
    if (isOld(process)) {
      deployWithTheOldTool(process, this.#around).then(
        () => this.#endOld(process, undefined),
        (error: unknown) => this.#endOld(process, error),
      );
      return;
    }
    deploy(requestOf(process.spec), toolsFor(process, this.#around)).then(
      (serving) => this.#end(process, { kind: 'done', serving }),
      (error: unknown) => {
        const kind = error instanceof DeployError ? 'failed' : 'bug';
        this.#end(process, { kind, error } as NonNullable<DeployerProcess['ending']>);
      },
    );
  }

  #end(process: DeployerProcess, ending: NonNullable<DeployerProcess['ending']>): void {
    if (process.machine.hasCrashed) return;
    process.ending = ending;
    this.#watch.onEnd(process);
  }

  /** Its heartbeats end with it. */
  #endOld(process: DeployerProcess, error: unknown): void {
    if (process.machine.hasCrashed) return;
    const reason = error instanceof OldToolError ? error.reason : 'a call failed';
    const ending = error === undefined ? 'success' : reason;
    this.#oldEndings.set(process, ending);
    this.#watch.onOldEnd(process, ending);
    process.machine.crash();
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
