import type { Settings } from '../world/settings.ts';

/**
 * What a world holds at the start. JSON, with these names; everything is optional unless it says
 * otherwise. Names are AWS's limits: what AWS would refuse is refused here, with its path.
 */
export interface WorldFile extends Holdings {
  /** Where everything is, and what the exported variables say. `us-east-1` unless given. */
  readonly region?: string | undefined;
  /** How this world differs from `DEFAULT_SETTINGS`; `accountId` says whose everything is. */
  readonly settings?: { readonly [K in keyof Settings]?: Settings[K] | undefined } | undefined;
  /** Access keys that belong to other accounts. */
  readonly credentials?: readonly CredentialEntry[] | undefined;
  /** Roles that may be assumed, of any account. */
  readonly roles?: readonly RoleEntry[] | undefined;
  /** What is in other accounts or Regions. */
  readonly elsewhere?: readonly (Holdings & Place)[] | undefined;
}

/** An account and a Region; each of them the world's own unless given. */
export interface Place {
  readonly accountId?: string | undefined;
  readonly region?: string | undefined;
}

interface CredentialEntry {
  /** Begins with `AKIA`. */
  readonly accessKeyId: string;
  readonly accountId: string;
}

export interface RoleEntry {
  /** `arn:aws:iam::<account>:role/<name>`. */
  readonly arn: string;
  /** What whoever assumes the role must give. */
  readonly externalId?: string | undefined;
  /** The service that alone may assume it, e.g. `ecs-tasks.amazonaws.com`. */
  readonly service?: string | undefined;
  /** ARNs of the managed policies that are attached to it. */
  readonly managedPolicies?: readonly string[] | undefined;
  /** What a policy of its own allows on every resource, e.g. `ssm:GetParameters`. */
  readonly allows?: readonly string[] | undefined;
}

/** What one account has in one Region. */
export interface Holdings {
  /** Names of ECS clusters. */
  readonly clusters?: readonly string[] | undefined;
  readonly services?: readonly ServiceEntry[] | undefined;
  readonly repositories?: readonly RepositoryEntry[] | undefined;
  readonly targetGroups?: readonly TargetGroupEntry[] | undefined;
  readonly loadBalancers?: readonly LoadBalancerEntry[] | undefined;
  readonly parameters?: readonly ParameterEntry[] | undefined;
  /** Secrets of Secrets Manager. */
  readonly secrets?: readonly SecretEntry[] | undefined;
  /** Names of CloudWatch's log groups. */
  readonly logGroups?: readonly string[] | undefined;
  readonly vpcs?: readonly VpcEntry[] | undefined;
  readonly tables?: readonly TableEntry[] | undefined;
}

/** An ECS service with the EXTERNAL deployment controller and no task set yet. */
interface ServiceEntry {
  readonly cluster: string;
  readonly name: string;
  readonly desiredCount: number;
  readonly healthCheckGracePeriodSeconds?: number | undefined;
}

interface RepositoryEntry {
  readonly name: string;
  /** Whether a tag, once given, stays where it is. */
  readonly immutable?: boolean | undefined;
  readonly images?: readonly ImageEntry[] | undefined;
}

export interface ImageEntry {
  readonly tags: readonly string[];
  /**
   * The program that a container of this image runs. A first element `node` is the Node that runs
   * the sandbox; an element that begins with `./` is a path from this file's folder.
   */
  readonly command: readonly string[];
  readonly environment?: Readonly<Record<string, string>> | undefined;
  /** e.g. `amd64`. Without any the image has no config that says; several make an index. */
  readonly architectures?: readonly string[] | undefined;
}

/** A group of IP addresses, as awsvpc tasks need it. */
export interface TargetGroupEntry {
  readonly name: string;
  /** Made up unless given. */
  readonly arn?: string | undefined;
  readonly port: number;
  /** Its VPC's id; made up unless given. */
  readonly vpc?: string | undefined;
  readonly healthCheck?: HealthCheckEntry | undefined;
  /** 300 unless given. */
  readonly deregistrationDelaySeconds?: number | undefined;
}

/** AWS's defaults apply to what is not given. */
export interface HealthCheckEntry {
  readonly path?: string | undefined;
  readonly intervalSeconds?: number | undefined;
  readonly timeoutSeconds?: number | undefined;
  readonly healthyThreshold?: number | undefined;
  readonly unhealthyThreshold?: number | undefined;
  /** e.g. `200-299`. */
  readonly matcher?: string | undefined;
}

export interface LoadBalancerEntry {
  readonly name: string;
  /** Made up unless given. */
  readonly arn?: string | undefined;
  readonly listeners?: readonly ListenerEntry[] | undefined;
}

export interface ListenerEntry {
  /** As the API shows it; the addresses that really listen are printed at the start. */
  readonly port: number;
  /** Made up unless given. */
  readonly arn?: string | undefined;
  /** Where requests go that meet no rule: the name of a target group. Answered by 404 unless given. */
  readonly targetGroup?: string | undefined;
  readonly rules?: readonly RuleEntry[] | undefined;
}

export interface RuleEntry {
  readonly priority: number;
  /** Made up unless given. */
  readonly arn?: string | undefined;
  /** Path patterns. Without any, and without hosts, every path. */
  readonly paths?: readonly string[] | undefined;
  /** Host names, with `*` and `?`. */
  readonly hosts?: readonly string[] | undefined;
  /** The name of a target group of this place. */
  readonly targetGroup: string;
}

/** A parameter of the Parameter Store. */
interface ParameterEntry {
  readonly name: string;
  readonly type: 'SecureString' | 'String' | 'StringList';
  readonly value: string;
}

interface SecretEntry {
  readonly name: string;
  readonly value: string;
}

/** A VPC, with the ids of what is in it. */
export interface VpcEntry {
  readonly id: string;
  readonly subnets?: readonly string[] | undefined;
  readonly securityGroups?: readonly string[] | undefined;
}

/** A DynamoDB table that is paid by request. */
export interface TableEntry {
  readonly name: string;
  readonly hashKey: KeyEntry;
  readonly rangeKey?: KeyEntry | undefined;
}

interface KeyEntry {
  readonly name: string;
  readonly type: 'B' | 'N' | 'S';
}
