import type {
  ContainerExit,
  ContainerToRun,
  TaskRuntime,
  TaskToRun,
} from '../world/task-runtime.ts';
import { type AddressMode, Addresses, addressModeOf, type Endpoint } from './addresses.ts';
import { type ContainerProcess, startContainerProcess } from './container-process.ts';
import { Guard } from './guard.ts';

/** Tasks as child processes of this one. */
export interface ProcessRuntime extends TaskRuntime {
  /** Where a task's port really is; undefined when nothing can be listening there. */
  resolve(address: string, port: number): Endpoint | undefined;
  /** Every program that runs now. */
  processes(): readonly RunningProcess[];
  /** The process that kills the tasks when this one is gone; undefined when it did not start. */
  readonly guardPid: number | undefined;
  /** Kills every task and waits until nothing is left. Later starts are refused with exit 137. */
  close(): Promise<void>;
}

/** A container that runs, and its process. */
interface RunningProcess {
  readonly taskArn: string;
  readonly containerName: string;
  readonly pid: number;
}

export interface ProcessRuntimeOptions {
  /** Hears each line that a container writes to either of its outputs. */
  onOutput?(taskArn: string, containerName: string, line: string): void;
  /** Where relative paths in commands begin; this process's directory by default. */
  directory?: string;
  /** What works on this system by default. */
  addressMode?: AddressMode;
}

/** One container from the moment its start was asked for. */
interface Container {
  readonly taskArn: string;
  readonly name: string;
  /** The strongest signal that came before the process was there. */
  earlySignal?: 'SIGTERM' | 'SIGKILL';
  process?: ContainerProcess;
}

const EXIT_CODE_OF = { SIGTERM: 143, SIGKILL: 137 } as const;

/**
 * Runs tasks as real processes: no shell, no input, a process group each, and of this process's
 * variables only `PATH`. They are told where to listen by `HOST` and `PORT`. A container that ends
 * takes what it started with it, and no task outlives this process, even if it is killed.
 */
export function startProcessRuntime(options: ProcessRuntimeOptions = {}): ProcessRuntime {
  return new ChildProcesses(options);
}

class ChildProcesses implements ProcessRuntime {
  readonly #options: ProcessRuntimeOptions;
  readonly #addresses: Addresses;
  readonly #guard = new Guard();
  readonly #containers = new Map<string, Container>();
  readonly #runs = new Set<Promise<void>>();
  #isClosed = false;

  constructor(options: ProcessRuntimeOptions) {
    this.#options = options;
    this.#addresses = new Addresses(options.addressMode ?? addressModeOf(process.platform));
  }

  start(task: TaskToRun, onExit: (exit: ContainerExit) => void): void {
    for (const { name } of task.containers) {
      this.#containers.set(keyOf(task.taskArn, name), { taskArn: task.taskArn, name });
    }
    const run = this.#runTask(task, onExit).finally(() => this.#runs.delete(run));
    this.#runs.add(run);
  }

  signal(taskArn: string, containerName: string, signal: 'SIGTERM' | 'SIGKILL'): void {
    const container = this.#containers.get(keyOf(taskArn, containerName));
    if (!container) return;
    if (container.process) container.process.signal(signal);
    else if (container.earlySignal !== 'SIGKILL') container.earlySignal = signal;
  }

  resolve(address: string, port: number): Endpoint | undefined {
    return this.#addresses.resolve(address, port);
  }

  get guardPid(): number | undefined {
    return this.#guard.pid;
  }

  processes(): readonly RunningProcess[] {
    return [...this.#containers.values()].flatMap(({ taskArn, name, process }) =>
      process?.pid === undefined ? [] : [{ taskArn, containerName: name, pid: process.pid }],
    );
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const { taskArn, name } of this.#containers.values()) {
      this.signal(taskArn, name, 'SIGKILL');
    }
    await Promise.all(this.#runs);
    await this.#guard.close();
  }

  async #runTask(task: TaskToRun, onExit: (exit: ContainerExit) => void): Promise<void> {
    const ports = task.containers.flatMap((container) => container.ports);
    // Also lets `start` return first: the world must not hear of an exit while it starts a task.
    const failure = await this.#addresses
      .assign(task.address, ports)
      .catch((error: Error) => error);
    await Promise.all(
      task.containers.map(async (container) => {
        const exit = failure
          ? notStarted(container.name, failure.message)
          : await this.#runContainer(task, container);
        this.#containers.delete(keyOf(task.taskArn, container.name));
        onExit(exit);
      }),
    );
    this.#addresses.release(task.address);
  }

  async #runContainer(task: TaskToRun, spec: ContainerToRun): Promise<ContainerExit> {
    const container = this.#containers.get(keyOf(task.taskArn, spec.name));
    const signal = this.#isClosed ? 'SIGKILL' : container?.earlySignal;
    if (!container || signal) {
      return { containerName: spec.name, exitCode: EXIT_CODE_OF[signal ?? 'SIGKILL'] };
    }
    const started = startContainerProcess({
      command: spec.command,
      environment: {
        PATH: process.env['PATH'] ?? '',
        ...spec.environment,
        ...this.#addresses.variables(task.address, spec.ports, spec.environment),
      },
      directory: this.#options.directory ?? process.cwd(),
      onLine: (line) => this.#options.onOutput?.(task.taskArn, spec.name, line),
    });
    container.process = started;
    if (started.pid !== undefined) this.#guard.watch(started.pid);
    const exit = await started.exited;
    if (started.pid !== undefined) this.#guard.forget(started.pid);
    return { containerName: spec.name, ...exit };
  }
}

function notStarted(containerName: string, cause: string): ContainerExit {
  return { containerName, exitCode: 127, reason: `ResourceInitializationError: ${cause}` };
}

function keyOf(taskArn: string, containerName: string): string {
  return `${taskArn} ${containerName}`;
}
