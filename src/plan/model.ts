import type { Color } from '../deploy/model.ts';
import type { DeployRequest } from '../deploy/request.ts';
import type { ExitCode } from '../errors.ts';
import type { ReferenceDescription } from '../templates/mask-secrets.ts';
import type { Difference } from './diff.ts';
import type { Duration } from './duration.ts';
import type { LockState } from './read-lock.ts';

/**
 * - `no-change`: what serves is this artifact with this configuration and task definition already.
 * - `changes`: a deploy would change something.
 * - `refused`: a deploy would be refused.
 * - `unknown`: nothing is known to change, but not everything could be read.
 */
export type Outcome = 'changes' | 'no-change' | 'refused' | 'unknown';

/** What a deploy would do now. Plain data; holds no secret. */
export interface LookAhead {
  readonly app: string;
  readonly environment: string;
  readonly mode: DeployRequest['mode'];
  readonly outcome: Outcome;
  /** Everything that can refuse a deploy, in the order in which a deploy asks. */
  readonly checks: readonly Check[];
  readonly lock?: { readonly state: LockState; readonly holder?: string };
  /** What would be deployed; left out when that is not known. */
  readonly version?: Version;
  /** What users get now; left out when nothing serves, or it could not be read. */
  readonly serving?: ServingVersion;
  /** Left out when there is nothing to compare, or it could not be read. */
  readonly differences?: readonly Difference[];
  readonly references: readonly ReferenceDescription[];
  /** What would be put right before the first step. */
  readonly first: readonly string[];
  /** All thirteen, or none when the deploy can't be acted out. */
  readonly steps: readonly StepAhead[];
  readonly removed: readonly RemovedTaskSet[];
  readonly swap?: Swap;
  readonly duration?: Duration;
  /** What a deploy would say aloud before it begins, and warn of. */
  readonly notes: readonly string[];
  readonly warnings: readonly string[];
  /** What could not be read, and why. */
  readonly unknown: readonly Unknown[];
}

/** One thing that can refuse a deploy. */
export interface Check {
  readonly name:
    | 'accounts'
    | 'artifact'
    | 'deploy'
    | 'environment'
    | 'gate'
    | 'image'
    | 'lock'
    | 'templates';
  readonly verdict: 'ok' | 'refused' | 'unknown';
  readonly message: string;
  readonly hint?: string;
  /** With which the deploy would end. */
  readonly exitCode?: ExitCode;
}

export interface Version {
  readonly artifact: string;
  readonly buildNumber: number;
  /** Of its commit, as it is tagged. */
  readonly sha?: string;
  readonly configSha: string;
  /** Which image is meant by each name that was found in its registry. */
  readonly imageDigests: Readonly<Record<string, string>>;
}

interface ServingVersion extends RunningVersion {
  readonly color: Color;
}

/** A task set, as far as it is known what it runs. */
export interface RunningVersion {
  readonly taskSetId: string;
  readonly status: string;
  /** `family:revision` */
  readonly taskDefinition: string;
  readonly running: number;
  readonly pending: number;
  readonly artifact?: string;
  readonly buildNumber?: number;
  readonly configSha?: string;
}

interface RemovedTaskSet extends RunningVersion {
  readonly color?: Color;
}

/** What the two rules would be changed to. */
export interface Swap {
  readonly from: Color;
  readonly to: Color;
  readonly before: Readonly<Record<Color, number>>;
  readonly after: Readonly<Record<Color, number>>;
}

export interface StepAhead {
  readonly number: number;
  readonly name: string;
  readonly title: string;
  /**
   * - `ahead`: it would be done.
   * - `done`: there is nothing to do, for the reason that `details` give.
   * - `fails`: it would fail, or stop for a person to decide.
   * - `unreached`: a step before it would fail.
   */
  readonly state: 'ahead' | 'done' | 'fails' | 'unreached';
  /** What exactly, a line each. */
  readonly details: readonly string[];
}

export interface Unknown {
  readonly what: string;
  readonly message: string;
}
