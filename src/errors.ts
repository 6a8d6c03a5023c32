import type { Serving } from './report/events.ts';

/** Every way the program can end. docs/exit-codes.md is generated from this table. */
export const EXIT = {
  ok: 0,
  failedBeforeSwap: 1,
  usage: 2,
  locked: 3,
  refused: 4,
  failedAfterSwap: 5,
  rolledBack: 6,
  needsHuman: 7,
  changes: 10,
  bug: 70,
  interrupted: 130,
  terminated: 143,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** An ending that the program understands. Anything else thrown is a bug, and exits 70. */
export abstract class DeployError extends Error {
  abstract readonly code: string;
  abstract readonly exitCode: ExitCode;
  /** What to do next: a command to type or a setting to change. */
  readonly hint: string;
  /** What users get now, where the ending knows it. */
  readonly serving: Serving | undefined;

  constructor(
    message: string,
    options: { hint: string; cause?: unknown; serving?: Serving | undefined },
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.hint = options.hint;
    this.serving = options.serving;
  }
}

/** The command line is wrong. Nothing was read or written. */
export class UsageError extends DeployError {
  readonly code = 'usage';
  readonly exitCode = EXIT.usage;
}

/** The configuration, or something that it names in the working copy, is wrong. Nothing was written. */
export class ConfigError extends DeployError {
  readonly code = 'config';
  readonly exitCode = EXIT.usage;
}

/** A gate or a check says no. Nothing was written. */
export class RefusedError extends DeployError {
  readonly code = 'refused';
  readonly exitCode = EXIT.refused;
}

/** Somebody else has the lock, or an unfinished deploy waits for a decision. Nothing was written. */
export class LockedError extends DeployError {
  readonly code = 'locked';
  readonly exitCode = EXIT.locked;
}

/** What is in AWS fits no plan. It was left as it is, and a person has to look at it. */
export class NeedsHumanError extends DeployError {
  readonly code = 'needs-human';
  readonly exitCode = EXIT.needsHuman;
  /** False when only beginning anew can help. */
  readonly isResumable: boolean;

  constructor(
    message: string,
    options: ConstructorParameters<typeof DeployError>[1] & { readonly isResumable?: boolean },
  ) {
    super(message, options);
    this.isResumable = options.isResumable ?? true;
  }
}

/** The deploy failed, and users never got the new version. The lock was yielded. */
export class FailedBeforeSwapError extends DeployError {
  readonly code = 'failed-before-swap';
  readonly exitCode = EXIT.failedBeforeSwap;
}

/** The deploy failed after users had got the new version, which goes on serving. The lock was yielded. */
export class FailedAfterSwapError extends DeployError {
  readonly code = 'failed-after-swap';
  readonly exitCode = EXIT.failedAfterSwap;
}

/** Stopped by a signal at a safe point. The lock was yielded or released. */
export class InterruptedError extends DeployError {
  readonly code = 'interrupted';
  readonly exitCode: ExitCode;

  constructor(
    signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP',
    message: string,
    options: { hint: string; cause?: unknown; serving?: Serving | undefined },
  ) {
    super(message, options);
    this.exitCode = signal === 'SIGINT' ? EXIT.interrupted : EXIT.terminated;
  }
}
