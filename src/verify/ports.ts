import type { ArtifactDb } from '../artifactdb/artifact-db.ts';
import type { CheckpointArtifact } from '../deploy/checkpoint.ts';
import type { DeployPlan } from '../deploy/plan.ts';
import type { RulesPort, ServicePort } from '../deploy/ports.ts';
import type { FoundLock } from '../plan/read-lock.ts';
import type { EcrImage } from '../image-reference.ts';

/** All that is looked at. Reads only; every method rejects with `CallFailedError`. */
export interface VerifyPorts {
  /** The accounts that the configuration names, and whose the credentials for each are. */
  accounts(): Promise<readonly AccountInUse[]>;
  readonly artifacts: Pick<ArtifactDb, 'findBySha' | 'latest'>;
  /** @throws {TemplateError} as a deploy of it would. */
  plan(artifact: CheckpointArtifact): Promise<DeployPlan>;
  /** The name of this version of the configuration. @throws {ConfigError} when it has none. */
  configSha(): Promise<string>;
  readonly rules: Pick<RulesPort, 'describe'>;
  readonly service: Pick<ServicePort, 'describe'>;
  readonly targetGroups: TargetGroupsPort;
  readonly network: NetworkPort;
  readonly images: ImagesPort;
  readonly roles: RolesPort;
  readonly secrets: SecretsPort;
  readonly logGroups: LogGroupsPort;
  readonly tables: TablesPort;
  readonly lock: LockPort;
}

export interface AccountInUse {
  /** Where the configuration names it, e.g. `ConfigAccountID`. */
  readonly setting: string;
  readonly expected: string;
  readonly actual: string;
  /** Who the credentials are. */
  readonly arn: string;
}

export interface TargetGroupsPort {
  /** Undefined when there is none. */
  find(arn: string): Promise<TargetGroup | undefined>;
  deregistrationDelaySeconds(arn: string): Promise<number>;
}

/** @see TargetGroup, Elastic Load Balancing API Reference (2015-12-01) */
export interface TargetGroup {
  readonly arn: string;
  readonly name: string;
  readonly targetType: string;
  readonly protocol: string;
  readonly port: number;
  readonly vpcId: string;
  readonly loadBalancerArns: readonly string[];
  readonly healthCheck: {
    readonly isEnabled: boolean;
    readonly protocol: string;
    /** Undefined for `traffic-port`: the one that a target was registered with. */
    readonly port: number | undefined;
    /** Absent when it is no HTTP check. */
    readonly path?: string;
    readonly matcher?: string;
    readonly intervalSeconds: number;
    readonly timeoutSeconds: number;
    readonly healthyThreshold: number;
    readonly unhealthyThreshold: number;
  };
}

/** The environment's Region. */
export interface NetworkPort {
  /** Those that there are. */
  subnets(ids: readonly string[]): Promise<readonly Subnet[]>;
  securityGroups(ids: readonly string[]): Promise<readonly SecurityGroup[]>;
}

export interface Subnet {
  readonly id: string;
  readonly vpcId: string;
  readonly freeAddresses: number;
}

export interface SecurityGroup {
  readonly id: string;
  readonly vpcId: string;
}

/** Any registry of ECR. */
export interface ImagesPort {
  find(image: EcrImage): Promise<FoundImage | 'no-image' | 'no-repository'>;
  /** What the image's config says that it runs on; undefined when it doesn't. */
  platformOf(image: EcrImage, configDigest: string): Promise<Platform | undefined>;
}

export interface FoundImage {
  readonly digest: string;
  /** Of an index: what its images run on. */
  readonly platforms?: readonly Platform[];
  /** Of a single image. */
  readonly configDigest?: string;
}

/** @see Image Index Specification, OCI: `amd64`, `arm64` */
export interface Platform {
  readonly os: string;
  readonly architecture: string;
}

/** The environment's account. */
export interface RolesPort {
  /** By its name without the path; undefined when there is none. */
  find(name: string): Promise<Role | undefined>;
  /** What the role's own policies don't allow; nothing else is looked at. */
  refused(request: SimulatedUse): Promise<readonly RefusedUse[]>;
}

export interface Role {
  readonly arn: string;
  /** JSON. */
  readonly trustPolicy: string;
}

export interface SimulatedUse {
  readonly roleArn: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
}

export interface RefusedUse {
  readonly action: string;
  readonly resource: string;
}

/** Any Region, with the environment's credentials. Reads no secret's value, or throws it away. */
export interface SecretsPort {
  /** A secret of Secrets Manager, by name or ARN; undefined when there is none. */
  secret(region: string, id: string): Promise<Secret | undefined>;
  /** Those of the names and ARNs that are no parameter of Systems Manager. */
  missingParameters(region: string, names: readonly string[]): Promise<readonly string[]>;
}

export interface Secret {
  readonly isMarkedForDeletion: boolean;
  /** By version id. */
  readonly stages: ReadonlyMap<string, readonly string[]>;
}

export interface LogGroupsPort {
  exists(region: string, name: string): Promise<boolean>;
}

interface LockPort {
  /**
   * The environment's deploy lock; when somebody has it, once it is known whether there is a sign of life.
   * @throws {MalformedLockItemError} @throws {LockStoreError} when it can't be read.
   */
  read(): Promise<FoundLock>;
}

/** The configuration's account and Region. */
interface TablesPort {
  /** What keeps the table from being used, to be read after its name; undefined when nothing does. */
  problemOf(table: 'artifacts' | 'lock'): Promise<string | undefined>;
}
