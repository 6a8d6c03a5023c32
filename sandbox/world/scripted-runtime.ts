import type { Clock } from '../../src/clock.ts';
import type { ContainerExit, ContainerToRun, TaskRuntime, TaskToRun } from './task-runtime.ts';

/** How a container behaves. What is not said: it runs for ever, and exits at once on SIGTERM. */
export interface ContainerScript {
  /** Exits by itself, so long after its start. */
  readonly exits?: {
    readonly afterMs: number;
    readonly exitCode: number;
    readonly reason?: string;
  };
  /** What SIGTERM does. SIGKILL always works. */
  readonly onSigterm?: 'ignore' | { readonly exitsAfterMs: number; readonly exitCode?: number };
}

/** Which containers a script is for: those of that image, or with that word in their command. */
export interface ScriptedContainers {
  readonly image?: string;
  readonly command?: string;
}

/**
 * Runs tasks on a clock and nothing else: containers only do what they are told to. For tests and
 * simulations, where thousands of tasks must come and go without a process.
 */
export class ScriptedRuntime implements TaskRuntime {
  readonly #clock: Clock;
  readonly #scripts: { readonly which: ScriptedContainers; readonly script: ContainerScript }[] =
    [];
  readonly #tasks = new Map<string, RunningTask>();
  readonly #taskByAddress = new Map<string, RunningTask>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Says how containers behave that start from now on. Of several scripts the latest counts. */
  script(which: ScriptedContainers, script: ContainerScript): void {
    this.#scripts.unshift({ which, script });
  }

  start(task: TaskToRun, onExit: (exit: ContainerExit) => void): void {
    const running: RunningTask = { task, onExit, containers: new Map() };
    this.#tasks.set(task.taskArn, running);
    this.#taskByAddress.set(task.address, running);
    for (const container of task.containers) {
      const script = this.#scriptFor(container);
      running.containers.set(container.name, { script, cancelExit: undefined });
      if (!script.exits) continue;
      const { afterMs, ...exit } = script.exits;
      this.#exitLater(running, container.name, afterMs, exit);
    }
  }

  signal(taskArn: string, containerName: string, signal: 'SIGTERM' | 'SIGKILL'): void {
    const task = this.#tasks.get(taskArn);
    const container = task?.containers.get(containerName);
    if (!task || !container) return;
    if (signal === 'SIGKILL') {
      this.#exitLater(task, containerName, 0, { exitCode: 137 });
      return;
    }
    const { onSigterm = { exitsAfterMs: 0 } } = container.script;
    if (onSigterm === 'ignore') return;
    const { exitsAfterMs, exitCode = 143 } = onSigterm;
    this.#exitLater(task, containerName, exitsAfterMs, { exitCode });
  }

  /** Makes a running container exit now. Without effect for any other. */
  exit(taskArn: string, containerName: string, exit: { exitCode: number; reason?: string }): void {
    const task = this.#tasks.get(taskArn);
    const container = task?.containers.get(containerName);
    if (!task || !container) return;
    container.cancelExit?.();
    task.containers.delete(containerName);
    if (task.containers.size === 0) {
      this.#tasks.delete(taskArn);
      this.#taskByAddress.delete(task.task.address);
    }
    task.onExit({ containerName, ...exit });
  }

  /** Every task with a container that runs, oldest first. */
  running(): TaskToRun[] {
    return Array.from(this.#tasks.values(), ({ task }) => task);
  }

  /** The task and the container that listen at an address and port; undefined: connection refused. */
  listener(
    address: string,
    port: number,
  ): { task: TaskToRun; container: ContainerToRun } | undefined {
    const running = this.#taskByAddress.get(address);
    const container = running?.task.containers.find(
      ({ name, ports }) => running.containers.has(name) && ports.includes(port),
    );
    return running && container && { task: running.task, container };
  }

  #exitLater(
    { task, containers }: RunningTask,
    containerName: string,
    afterMs: number,
    exit: { exitCode: number; reason?: string },
  ): void {
    const container = containers.get(containerName);
    if (!container) return;
    container.cancelExit?.();
    container.cancelExit = this.#clock.after(afterMs, () =>
      this.exit(task.taskArn, containerName, exit),
    );
  }

  #scriptFor({ image, command }: ContainerToRun): ContainerScript {
    const found = this.#scripts.find(
      ({ which }) =>
        (which.image === undefined || which.image === image) &&
        (which.command === undefined || command.includes(which.command)),
    );
    return found?.script ?? {};
  }
}

interface RunningTask {
  readonly task: TaskToRun;
  readonly onExit: (exit: ContainerExit) => void;
  /** Only those that still run. */
  readonly containers: Map<
    string,
    { readonly script: ContainerScript; cancelExit: (() => void) | undefined }
  >;
}
