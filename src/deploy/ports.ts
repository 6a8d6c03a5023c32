import type { EcrImage } from '../image-reference.ts';
import type { ListenerRule, Service, StoppedTask, Target, Task, TaskSet } from './model.ts';

/**
 * AWS as a deploy needs it: one environment's service and listener. Reads may be repeated freely.
 * Every method rejects with `CallFailedError`.
 */
export interface AwsPorts {
  readonly rules: RulesPort;
  readonly targets: TargetsPort;
  readonly service: ServicePort;
  readonly taskDefinitions: TaskDefinitionsPort;
  readonly tasks: TasksPort;
}

export interface RulesPort {
  /** Every rule of the listener but the default one, by ascending priority. */
  describe(listenerArn: string): Promise<ListenerRule[]>;
  /** Sets all of them in one call, or none. */
  setPriorities(priorities: ReadonlyMap<string, number>): Promise<void>;
}

export interface TargetsPort {
  /** The registered and the draining targets. */
  describe(targetGroupArn: string): Promise<Target[]>;
}

export interface ServicePort {
  /** Undefined when there is no such service. All task sets, also those that are DRAINING. */
  describe(): Promise<Service | undefined>;
  /** One task set by id, with its tags; undefined when it is gone, or not visible yet. */
  taskSet(taskSetId: string): Promise<TaskSet | undefined>;
  createTaskSet(spec: TaskSetSpec): Promise<TaskSet>;
  scaleTaskSet(taskSetId: string, percent: number): Promise<void>;
  /** Deletes it even while it has tasks. Succeeds when it is gone already. */
  deleteTaskSet(taskSetId: string): Promise<void>;
  makePrimary(taskSetId: string): Promise<void>;
}

/** Repeating a creation with the same token and the same values gives the same task set. */
export interface TaskSetSpec {
  readonly clientToken: string;
  readonly externalId: string;
  readonly taskDefinitionArn: string;
  readonly targetGroupArn: string;
  readonly containerName: string;
  readonly containerPort: number;
  readonly subnets: readonly string[];
  readonly securityGroups: readonly string[];
  readonly assignPublicIp: boolean;
  readonly tags: Readonly<Record<string, string>>;
}

export interface TaskDefinitionsPort {
  /** @returns the new revision's ARN. Repeating it registers one more. */
  register(spec: TaskDefinitionSpec): Promise<string>;
  /** The newest revision of the family with this tag, if it is among the newest few. */
  findTagged(family: string, tag: { key: string; value: string }): Promise<string | undefined>;
}

export interface TaskDefinitionSpec {
  readonly family: string;
  readonly cpu: string;
  readonly memory: string;
  readonly executionRoleArn: string;
  readonly taskRoleArn?: string;
  /** Rendered, in ECS's own casing. */
  readonly containerDefinitions: readonly Readonly<Record<string, unknown>>[];
  readonly tags: Readonly<Record<string, string>>;
}

export interface TasksPort {
  /** The tasks of one task set that ECS wants to run. */
  running(taskSetId: string): Promise<Task[]>;
  /** Those and the ones that are still on their way to STOPPED: counts leave them out. */
  unstopped(taskSetId: string): Promise<Task[]>;
  /** Those that stopped within the last hour or so, as long as ECS describes them. */
  stopped(taskSetId: string): Promise<StoppedTask[]>;
}

/** Images in any registry of ECR. */
export interface ImagesPort {
  find(image: EcrImage): Promise<{ readonly digest: string } | 'no-image' | 'no-repository'>;
  /** Tags of the image's repository, in no order: at most 1,000. */
  someTags(image: EcrImage): Promise<readonly string[]>;
}

/** A call to AWS that failed for good, after the SDK's own attempts. */
export class CallFailedError extends Error {
  /** e.g. `ecs:CreateTaskSet`. */
  readonly operation: string;
  /** e.g. `ThrottlingException`. */
  readonly code: string;
  /** Whether the same call may succeed later without anybody changing anything. */
  readonly isTransient: boolean;
  /** Whether AWS may have done it all the same: no answer arrived, or one that cannot be read. */
  readonly isOutcomeUnknown: boolean;

  constructor(options: {
    operation: string;
    code: string;
    message: string;
    isTransient: boolean;
    isOutcomeUnknown: boolean;
    cause?: unknown;
  }) {
    super(`${options.operation}: ${options.message} (${options.code})`, { cause: options.cause });
    this.name = 'CallFailedError';
    this.operation = options.operation;
    this.code = options.code;
    this.isTransient = options.isTransient;
    this.isOutcomeUnknown = options.isOutcomeUnknown;
  }
}

/** Runs one command to its end. */
export interface CommandRunner {
  /**
   * @throws {CommandFailedError} when it can't be started, exits with another code than 0, or runs
   * out of time; its whole process group has been stopped then.
   * @throws the signal's reason when aborted, after the group has been stopped.
   */
  run(command: Command, options: CommandOptions): Promise<void>;
}

export interface Command {
  readonly program: string;
  readonly arguments: readonly string[];
}

export interface CommandOptions {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Added to the environment that the deployer itself has. */
  readonly environment: Readonly<Record<string, string>>;
  readonly onLine: (line: string) => void;
}

export class CommandFailedError extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'CommandFailedError';
  }
}

/** Records in ArtifactDB how a deploy of an artifact and a configuration to an environment ended. */
export interface OutcomeRecorder {
  /** Records it over any earlier end; to repeat it does no harm. */
  recordOutcome(
    artifact: { readonly projectName: string; readonly buildNumber: number },
    environment: string,
    identities: readonly string[],
    outcome: 'success' | 'failure',
  ): Promise<unknown>;
}
