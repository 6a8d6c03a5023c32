/**
 * What a deploy tells those who watch it. Names and payloads are a contract (`--output json`);
 * how a reporter words them is not. Durations are milliseconds.
 */
export type DeployEvent =
  | {
      type: 'deploy.started';
      app: string;
      environment: string;
      artifact: string;
      buildNumber: number;
      configSha: string;
      mode: 'deploy' | 'resume' | 'start-over';
    }
  | { type: 'step.started'; number: number; name: string; title: string }
  | { type: 'step.skipped'; number: number; name: string; title: string; why: string }
  | {
      type: 'step.finished';
      number: number;
      name: string;
      title: string;
      durationMs: number;
      /** What came of it, e.g. `blue is active`. */
      detail?: string;
    }
  | { type: 'step.failed'; number: number; name: string; title: string; durationMs: number }
  /** Stopped at a safe point because the process was told to, or lost the lock. */
  | { type: 'step.interrupted'; number: number; name: string; title: string; durationMs: number }
  | {
      type: 'wait.progressed';
      /** What is not there yet, e.g. `1 of 2 tasks running, 0 of 2 targets healthy`. */
      waitingFor: string;
      elapsedMs: number;
      /** Until the deadline. */
      remainingMs: number;
    }
  | { type: 'command.started'; program: string; arguments: readonly string[] }
  | { type: 'command.output'; program: string; line: string }
  | { type: 'command.finished'; program: string; durationMs: number }
  /** Worth reading, changes nothing. */
  | { type: 'note'; message: string }
  | { type: 'warning'; message: string }
  | {
      type: 'deploy.finished';
      serving: Serving;
      durationMs: number;
    }
  | {
      type: 'deploy.failed';
      message: string;
      hint: string;
      exitCode: number;
      /** What users get now; left out when it could not be found out or nothing serves. */
      serving?: Serving;
      durationMs: number;
    };

/** Which version users get. */
export interface Serving {
  readonly color: 'blue' | 'green';
  /** The artifact's value when known, e.g. `hello:abcd1234`. */
  readonly artifact?: string;
  readonly configSha?: string;
  /** `family:revision`. */
  readonly taskDefinition: string;
  readonly taskSetId: string;
  /** Left out when it could not be read. */
  readonly runningCount?: number;
}

/** Who shows or records the events. */
export interface Reporter {
  event(event: DeployEvent): void;
  /** Leaves the terminal tidy. Nothing is shown afterwards. */
  close(): void;
}
