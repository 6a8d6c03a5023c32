import type { Outcome } from '../artifactdb/artifact.ts';
import type { Color, TaskSet } from '../deploy/model.ts';
import type { LockStatus } from './lock-status.ts';
import type { Problem } from './problems.ts';
import type { TaskSize } from './ports.ts';

/**
 * - `healthy`: everything was read, and nothing is wrong.
 * - `degraded`: something is wrong; `problems` say what.
 * - `unknown`: nothing wrong was seen, but not everything could be read.
 */
export type Health = 'healthy' | 'degraded' | 'unknown';

/** How one environment is. What could not be read, or is not there, is left out. */
export interface EnvironmentStatus {
  readonly environment: string;
  readonly accountId: string;
  readonly region: string;
  readonly health: Health;
  /** The worst first. */
  readonly problems: readonly Problem[];
  /** What could not be read. */
  readonly errors: readonly ReadError[];
  /** The colour whose rule has the lower priority number. Left out when the rules don't tell. */
  readonly activeColor?: Color;
  /** How many tasks the service is to run in each task set of full scale. */
  readonly desiredCount?: number;
  /** Those that serve first. */
  readonly taskSets?: readonly TaskSetStatus[];
  /** The health of a colour's targets, by colour: of those that were asked about. */
  readonly targets?: Readonly<Partial<Record<Color, TargetCounts>>>;
  /** What the idle colour's tasks take; left out when it has none. */
  readonly idleCost?: IdleCost;
  readonly lock?: LockStatus;
}

export interface TaskSetStatus {
  /** By its target group: `stray` if it has neither, `unknown` when the rules don't tell. */
  readonly role: 'serving' | 'idle' | 'stray' | 'unknown';
  readonly color?: Color;
  readonly id: string;
  readonly status: TaskSet['status'];
  /** `family:revision`. */
  readonly taskDefinition: string;
  readonly desired: number;
  readonly running: number;
  readonly pending: number;
  /** Whether ECS calls it steady: all tasks run, and every target is healthy. */
  readonly steady: boolean;
  readonly artifact?: string;
  readonly buildNumber?: number;
  readonly configSha?: string;
  /** How its deploy to this environment ended, as ArtifactDB records it. */
  readonly outcome?: Outcome;
}

/** Targets by their state; those that drain are not counted. */
export interface TargetCounts {
  readonly healthy: number;
  readonly unhealthy: number;
  /** Still being checked for the first time. */
  readonly initial: number;
  /** Health checks are switched off, or the load balancer doesn't use the group. */
  readonly unchecked: number;
  /** What the load balancer says of the first one that is not healthy. */
  readonly reason?: string;
}

/** Tasks that run and serve nobody. `size` is left out when a task definition doesn't tell. */
export interface IdleCost {
  readonly tasks: number;
  /** Of all of them together. */
  readonly size?: TaskSize;
}

export interface ReadError {
  readonly what: 'artifacts' | 'lock' | 'targets' | 'task sets';
  readonly message: string;
  readonly hint: string;
}
