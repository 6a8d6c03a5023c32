import type { ArtifactDb } from '../artifactdb/artifact-db.ts';
import type { Clock } from '../clock.ts';
import type { AppConfig, EnvironmentConfig } from '../config/config.ts';
import type { RandomBytes } from '../lock/attempt.ts';
import type { Lease } from '../lock/lease.ts';
import type { LeaseSettings } from '../lock/lease-settings.ts';
import type { LockStore } from '../lock/store.ts';
import type { DeployEvent } from '../report/events.ts';
import type { ReferenceSource } from '../templates/references.ts';
import type { DeployHistory } from './history/history.ts';
import type { Checkpoint, OwnCheckpoint } from './checkpoint.ts';
import type { MutationGate } from './mutation-gate.ts';
import type { DeployPlan, PlanInput } from './plan.ts';
import type { AwsPorts, CommandRunner, ImagesPort } from './ports.ts';
import type { DeployContext } from './step.ts';

/** What to deploy where, as the command line and the configuration say. */
export interface DeployRequest {
  readonly app: AppConfig;
  readonly environment: EnvironmentConfig;
  /** Absent only when resuming: then the recorded artifact is deployed. */
  readonly sha?: string;
  readonly configSha: string;
  readonly mode: 'deploy' | 'resume' | 'start-over';
  readonly skipCommands: boolean;
  /** Why the gate does not count for this deploy: what a person who decides that gives as the reason. */
  readonly gateOverride?: string;
  /** When resuming: runs all commands, those as well that have finished. */
  readonly rerunCommands?: boolean;
  /** Milliseconds to wait for another deploy to end; 0, which is also the default, refuses at once. */
  readonly lockWaitMs?: number;
  /** The flags beside app, environment and SHA, for messages that say what to type. */
  readonly flags: readonly string[];
}

/** Whose lock it is, and the flags that name it again. */
export interface LockTarget {
  readonly app: Pick<AppConfig, 'name'>;
  readonly environment: Pick<EnvironmentConfig, 'name'>;
  readonly flags: DeployRequest['flags'];
}

/** Everything outside that a deploy uses. Nothing in src/deploy reaches past these. */
export interface DeployTools {
  readonly aws: AwsPorts;
  readonly images: ImagesPort;
  readonly artifacts: Pick<ArtifactDb, 'findBySha' | 'get' | 'recordOutcome'>;
  readonly lockStore: LockStore;
  /** How long the lock is held without being renewed, and how often it is; 10 s and 1 s if left out. */
  readonly lease?: LeaseSettings;
  /** Asks the gate at the last moment before each start: see `gatedCommands`. */
  readonly commands: CommandRunner;
  /** What the AWS clients and the commands' runner ask before each change; opened here once the lease is held. */
  readonly gate: MutationGate;
  /** @throws {RefusedError} when the credentials belong to other accounts than configured. */
  readonly assertAccounts: () => Promise<void>;
  readonly clock: Clock;
  readonly randomBytes: RandomBytes;
  readonly report: (event: DeployEvent) => void;
  /** Aborted with an `Interruption` at the first signal to the process. */
  readonly interrupt: AbortSignal;
  /** Who runs this, for those who find the lock held. */
  readonly machine: { readonly host: string; readonly pid: number; readonly job?: string };
  /** Knows what templates name outside of the config; left out, such templates are refused. */
  readonly references?: ReferenceSource;
  /** Remembers how deploys ended; left out, nothing does. */
  readonly history?: DeployHistory;
  /** Makes the plan; `planDeploy`, loaded when it is needed, if left out. */
  readonly planDeploy?: (input: PlanInput) => DeployPlan;
}

/** What the lock gave: the right to act, and where to begin. */
export interface TakenUp {
  readonly plan: DeployPlan;
  readonly lease: Lease;
  readonly checkpoint: Checkpoint & { readonly own: OwnCheckpoint };
  readonly isResumed: boolean;
  /** Whether this run or one that it goes on with, or replaces, may have changed anything. */
  readonly mayHaveChanged: boolean;
  /** What has to be put right before the first step. */
  readonly prepare?: (context: DeployContext) => Promise<void>;
  /** What the item said before this run took it, to be put back if nothing comes of it. */
  readonly found?: {
    readonly data: Uint8Array;
    /** Whether a deploy that was cut off had the lock. */
    readonly isHeld: boolean;
  };
}
