import type { ExitCode } from '../src/errors.ts';
import type { Redactor } from '../src/report/redactor.ts';

/** What a command may use of the process. Tests pass their own. */
export interface CommandIo {
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Learns every secret of the run. Left out: a command has its own. */
  readonly redactor?: Redactor;
}

/** The part of `process.stdout` that is used. */
interface OutputStream {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
}

/** One run of a program: what its commands get from `main`. */
export interface Session {
  /** The program's name, e.g. `ecs-deploy`. */
  readonly name: string;
  readonly io: CommandIo;
  /**
   * What the command does, set by its handler and done once the command line has been read. A handler
   * that did it itself would make yargs lay out the help first, just in case.
   */
  work: () => Promise<ExitCode>;
}

/** How results are shown: for people (the form depends on the terminal), or one JSON event a line. */
export type OutputFormat = 'text' | 'json';

/** The command line of `ecs-deploy deploy`, checked. */
export interface DeployOptions {
  readonly app: string;
  readonly env: string;
  /** Never left out unless `resume` is set. */
  readonly sha?: string;
  /** Path to the config file; left out: looked for upward from the current folder. */
  readonly config?: string;
  readonly configSha?: string;
  /** Never true together with `startOver`. */
  readonly resume: boolean;
  readonly startOver: boolean;
  readonly skipPrePost: boolean;
  /** Why the gate does not count. */
  readonly overrideGate?: string;
  /** Only together with `resume`. */
  readonly rerunCommands?: boolean;
  /** Milliseconds to wait for another deploy to end. */
  readonly lockWaitMs?: number;
  /** Path of the post-mortem log. */
  readonly logFile?: string;
  readonly output: OutputFormat;
}

/** The command line of `ecs-deploy plan`, checked: that of the deploy it looks ahead to. */
export type PlanOptions = Omit<DeployOptions, 'lockWaitMs' | 'logFile'>;

/** The command line of `ecs-deploy status`, checked. */
export interface StatusOptions {
  /** Left out: every app. */
  readonly app?: string;
  /** Left out: every environment. */
  readonly env?: string;
  readonly config?: string;
  readonly output: OutputFormat;
  /** Look again and again, so many milliseconds apart. */
  readonly watchMs?: number;
}

/** The command line of `ecs-app-status`, checked. */
export interface AppStatusOptions {
  readonly app: string;
  readonly config?: string;
  readonly output: OutputFormat;
}

/** The command line of `ecs-deploy lock`, checked. */
export interface LockOptions {
  readonly app: string;
  readonly env: string;
  readonly config?: string;
  readonly output: OutputFormat;
  readonly action:
    | { readonly kind: 'show' }
    | { readonly kind: 'hold'; readonly reason: string }
    | { readonly kind: 'release' }
    | { readonly kind: 'break'; readonly evenIfLive: boolean };
}

/** The command line of `ecs-deploy init`, checked. */
export interface InitOptions {
  readonly config?: string;
}

/** The command line of `ecs-deploy config`, checked. */
export interface ConfigOptions {
  readonly config?: string;
  readonly output: OutputFormat;
  readonly action:
    | { readonly kind: 'validate' }
    | ({ readonly kind: 'show' } & ConfigTarget & { readonly artifact: ShownArtifact })
    | ({ readonly kind: 'identity' } & ConfigTarget & { readonly configSha?: string });
}

/** The part of a config that a command is about. */
interface ConfigTarget {
  readonly app: string;
  /** Left out: every environment. */
  readonly env?: string;
}

/** Which artifact templates are rendered with. */
export type ShownArtifact =
  | { readonly kind: 'placeholder' }
  /** Looked up as a deploy does it. */
  | { readonly kind: 'by-sha'; readonly sha: string }
  /** Need not exist. */
  | { readonly kind: 'by-value'; readonly value: string };

/** The command line of `ecs-deploy history`, checked. */
export interface HistoryOptions {
  readonly app: string;
  /** Left out: every environment. */
  readonly env?: string;
  readonly config?: string;
  /** At most so many deploys; 1 or more. */
  readonly limit: number;
  readonly output: OutputFormat;
}

/** The command line of `ecs-deploy verify`, checked. */
export interface VerifyOptions {
  readonly app: string;
  readonly env: string;
  /** Left out: the newest artifact for automated deploys. */
  readonly sha?: string;
  readonly config?: string;
  readonly configSha?: string;
  /** What could not be looked at counts as a problem. */
  readonly isStrict: boolean;
  readonly output: OutputFormat;
}
