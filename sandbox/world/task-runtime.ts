/**
 * What runs a task's containers. The world decides when tasks start and stop; a runtime only does
 * it: real child processes behind HTTP, or scripted behaviour on a virtual clock in a simulation.
 */
export interface TaskRuntime {
  /**
   * Starts every container of a task. Reports each exit through `onExit`, also one that happens at
   * once because the program cannot be started. Never throws.
   */
  start(task: TaskToRun, onExit: (exit: ContainerExit) => void): void;
  /** Sends a signal to one container that may have exited already. */
  signal(taskArn: string, containerName: string, signal: 'SIGTERM' | 'SIGKILL'): void;
}

export interface TaskToRun {
  readonly taskArn: string;
  /** The task's private IPv4 address, given by the world; a loopback address of its own. */
  readonly address: string;
  readonly containers: readonly ContainerToRun[];
}

export interface ContainerToRun {
  readonly name: string;
  readonly image: string;
  /** The program, from the image's manifest or overridden by the container definition. */
  readonly command: readonly string[];
  /** The image's variables, then the container definition's, then its resolved secrets. */
  readonly environment: Readonly<Record<string, string>>;
  /** The ports it is expected to listen on, at the task's address. */
  readonly ports: readonly number[];
}

export interface ContainerExit {
  readonly containerName: string;
  /** 137 when killed by SIGKILL, 143 by SIGTERM: 128 plus the signal's number. */
  readonly exitCode: number;
  /** e.g. `OutOfMemoryError: Container killed due to memory usage`. */
  readonly reason?: string;
}
