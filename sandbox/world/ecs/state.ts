import type {
  AwsVpcConfiguration,
  CapacityProviderStrategyItem,
  ClusterSetting,
  ContainerDefinition,
  LaunchType,
  PropagateTags,
  ServiceEvent,
  StabilityStatus,
  TaskDefinition as TaskDefinitionShape,
  TaskSet as TaskSetShape,
  TaskStopCode,
} from '@aws-sdk/client-ecs';

/** What one account's ECS holds in one Region. Records are ours; the SDK's shapes are made of them. */
export class EcsState {
  readonly clusters = new Map<string, Cluster>();
  /** Every revision ever registered, by family; a revision's place is its number minus one. */
  readonly families = new Map<string, TaskDefinition[]>();
  readonly clientTokens = new Map<string, ClientToken>();
  /** The services that the scheduler looks at: all but INACTIVE ones. */
  readonly liveServices = new Set<Service>();
  /** Oldest first; forgotten in this order. */
  readonly stoppedTasks: Task[] = [];
  /** Whether a tick of the scheduler is due. */
  ticking = false;
  /** Whether this Region's load balancing is being listened to. */
  watchesTargets = false;
  /** DEACTIVATING tasks by the targets whose removal they wait for: see `targetKey`. */
  readonly tasksByDrainingTarget = new Map<string, Task>();
}

/** @see Cluster, Amazon ECS API Reference */
export interface Cluster {
  readonly name: string;
  readonly arn: string;
  status: 'ACTIVE' | 'INACTIVE';
  readonly tags: Tags;
  readonly settings: readonly ClusterSetting[];
  readonly capacityProviders: readonly string[];
  readonly services: Map<string, Service>;
  /** By id. STOPPED ones stay for an hour. */
  readonly tasks: Map<string, Task>;
}

/** Tags in the order in which they were set. */
export type Tags = Map<string, string>;

/** A service with the EXTERNAL deployment controller; the sandbox has no other. */
export interface Service {
  readonly name: string;
  readonly arn: string;
  readonly cluster: Cluster;
  readonly createdAt: Date;
  readonly createdBy: string;
  readonly tags: Tags;
  status: 'ACTIVE' | 'DRAINING' | 'INACTIVE';
  desiredCount: number;
  healthCheckGracePeriodSeconds: number;
  enableECSManagedTags: boolean;
  propagateTags: PropagateTags;
  readonly maximumPercent: number;
  readonly minimumHealthyPercent: number;
  /** By id, oldest first; DRAINING ones too. */
  readonly taskSets: Map<string, TaskSet>;
  /** The set whose fields the service shows; it stays so after that set was deleted. */
  lastPrimary: TaskSet | undefined;
  /** Newest last. */
  readonly events: ServiceEvent[];
  /** When each message that must not repeat was last added, on the monotonic clock. */
  readonly quietMessages: Map<string, number>;
}

/** Where a task set's tasks get traffic. */
export interface TaskSetLoadBalancer {
  readonly targetGroupArn: string;
  readonly containerName: string;
  readonly containerPort: number;
}

export interface TaskSet {
  /** `ecs-svc/<19 digits>` */
  readonly id: string;
  readonly arn: string;
  readonly service: Service;
  readonly externalId: string | undefined;
  readonly taskDefinition: TaskDefinition;
  readonly launchType: LaunchType | undefined;
  readonly capacityProviderStrategy: readonly CapacityProviderStrategyItem[];
  readonly platformVersion: string;
  readonly network: AwsVpcConfiguration | undefined;
  readonly loadBalancers: readonly TaskSetLoadBalancer[];
  readonly createdAt: Date;
  readonly tags: Tags;
  status: 'PRIMARY' | 'ACTIVE' | 'DRAINING';
  scalePercent: number;
  computedDesiredCount: number;
  updatedAt: Date;
  stabilityStatus: StabilityStatus;
  /** When `stabilityStatus` last changed. */
  stabilityStatusAt: Date;
  /** Until then a STEADY_STATE that no longer holds is still shown; on the monotonic clock. */
  staleSteadyUntilMs: number;
  /** Every task that is not STOPPED yet. */
  readonly tasks: Set<Task>;
  /** Tasks that ended by themselves and whose targets are still registered. */
  readonly crashedTasks: Task[];
  /** Rounds of failed starts since a task last reached RUNNING. */
  failedStarts: number;
  /** No task is started before; on the monotonic clock. */
  nextStartMs: number;
  /** What describe calls show instead for a while, oldest first; an absent shape is "not there". */
  readonly staleViews: { readonly untilMs: number; readonly shape: TaskSetShape | undefined }[];
}

/** A registered revision. */
export interface TaskDefinition {
  readonly arn: string;
  readonly family: string;
  readonly revision: number;
  readonly tags: Tags;
  readonly containers: readonly NormalContainerDefinition[];
  /** Complete but for the status; never handed out uncopied. */
  readonly shape: TaskDefinitionShape;
  status: 'ACTIVE' | 'INACTIVE';
  deregisteredAt: Date | undefined;
}

/** A container definition with AWS's defaults filled in. */
export interface NormalContainerDefinition extends ContainerDefinition {
  name: string;
  image: string;
  essential: boolean;
}

export type TaskStatus =
  | 'PROVISIONING'
  | 'PENDING'
  | 'ACTIVATING'
  | 'RUNNING'
  | 'DEACTIVATING'
  | 'STOPPING'
  | 'DEPROVISIONING'
  | 'STOPPED';

export interface Task {
  /** 32 hexadecimal digits. */
  readonly id: string;
  readonly arn: string;
  readonly taskSet: TaskSet;
  /** Its own private IPv4 address. */
  readonly address: string;
  readonly capacityProviderName: string | undefined;
  readonly containers: readonly Container[];
  readonly createdAt: Date;
  readonly tags: Tags;
  lastStatus: TaskStatus;
  desiredStatus: 'RUNNING' | 'STOPPED';
  /** Grows with every change of status. */
  version: number;
  pullStartedAt: Date | undefined;
  pullStoppedAt: Date | undefined;
  startedAt: Date | undefined;
  /** As `startedAt`, on the monotonic clock. */
  startedMs: number;
  stoppingAt: Date | undefined;
  executionStoppedAt: Date | undefined;
  stoppedAt: Date | undefined;
  /** From when on it is no longer describable, on the monotonic clock. */
  forgetMs: number;
  stopCode: TaskStopCode | undefined;
  stoppedReason: string | undefined;
  /** Whether the scheduler has seen it RUNNING, which ends the throttling of starts. */
  seenRunning: boolean;
  /** Calls off the next step of its start. */
  cancelNextStep: (() => void) | undefined;
}

export interface Container {
  readonly definition: NormalContainerDefinition;
  lastStatus: 'PENDING' | 'RUNNING' | 'STOPPED';
  /** Absent as long as it runs, and for ever if it never ran. */
  exitCode: number | undefined;
  reason: string | undefined;
  imageDigest: string | undefined;
  /** Calls off the SIGKILL that follows a SIGTERM. */
  cancelKill: (() => void) | undefined;
}

/** A used client token: what it was used for, and what that answered. */
export interface ClientToken {
  readonly parameters: string;
  readonly output: unknown;
  /** On the monotonic clock. */
  readonly expiresMs: number;
}
