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

  constructor(message: string, options: { hint: string; cause?: unknown }) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.hint = options.hint;
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
