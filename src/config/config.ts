import type { JsonObject } from './json.ts';

/**
 * A config file, checked and in the program's own terms: times in milliseconds, defaults filled in,
 * ARNs complete. Templates are as in the file; `src/templates` renders them.
 */
export interface DeployConfig {
  /** The account and the region of the lock table and of ArtifactDB. */
  readonly configAccountId: string;
  readonly configRegion: string;
  readonly lockTable: string;
  /** For how long a lock is held, and how often it is renewed. */
  readonly lease: { readonly leaseDurationMs: number; readonly heartbeatIntervalMs: number };
  readonly artifactDbTable: string;
  readonly credentials: CredentialsConfig;
  readonly apps: ReadonlyMap<string, AppConfig>;
}

/** Where AWS credentials come from. */
export type CredentialsConfig =
  /** The file doesn't say: the environment variables decide, see docs/credentials.md. */
  | { readonly provider: 'by-environment' }
  /** The SDK's default chain, or one profile of the AWS configuration. */
  | { readonly provider: 'default'; readonly profile?: string }
  | AssumeRoleConfig
  | KionConfig;

/** A role in each account. */
export interface AssumeRoleConfig {
  readonly provider: 'assume-role';
  /** An ARN in which `{{.Account}}` stands for the account id. */
  readonly roleArnTemplate: string;
  readonly externalId?: string;
  readonly sessionName?: string;
  /** As STS takes it: 900 to 43,200. */
  readonly durationSeconds?: number;
  /** Whose credentials the role is assumed with; left out: those of the default chain. */
  readonly profile?: string;
}

/** Roles that CloudTamer/Kion gives out. What is left out here is in the environment. */
export interface KionConfig {
  readonly provider: 'kion';
  readonly baseUrl?: string;
  readonly idmsId?: number;
  /** In order of preference; never empty. */
  readonly roles: readonly string[];
}

/** What is deployed together. */
export interface AppConfig {
  readonly name: string;
  readonly artifactDbProjectName: string;
  /** In the SDK's spelling; at least one, the first with exactly one port mapping. */
  readonly containerDefinitionTemplates: readonly JsonObject[];
  readonly preDeployCommandTemplates: readonly CommandTemplate[];
  readonly postDeployCommandTemplates: readonly CommandTemplate[];
  readonly environments: ReadonlyMap<string, EnvironmentConfig>;
}

/** A program and its arguments; every string is a template. */
export type CommandTemplate = {
  readonly program: string;
  readonly arguments: readonly string[];
};

/** `sha`: git's commit or -config-sha. `content`: see `contentIdentity`. */
export type GateIdentity = 'sha' | 'content';

/** Where an app is deployed to. */
export interface EnvironmentConfig {
  readonly name: string;
  readonly requiresPreviousEnvDeploy?: string;
  /** What must be the same as in the previous environment: the config's commit, or what this app's part of it says. */
  readonly gate: GateIdentity;
  /**
   * Whether task definitions name images in ECR by their digest. Left out: where it can be read;
   * true: refused where it can't.
   */
  readonly pinDigest?: boolean;
  readonly accountId: string;
  readonly region: string;
  /** As ECS takes it: CPU units such as "512", or "0.5 vCPU". */
  readonly cpu: string;
  /** As ECS takes it: MiB such as "1024", or "1 GB". */
  readonly memory: string;
  readonly executionRoleArn: string;
  readonly taskRoleArn?: string;
  readonly family: string;
  readonly service: string;
  readonly cluster: string;
  readonly securityGroups: readonly string[];
  readonly subnets: readonly string[];
  readonly assignPublicIp: boolean;
  readonly listenerArn: string;
  readonly targetGroupArns: { readonly blue: string; readonly green: string };
  readonly timeouts: {
    readonly rolloutMs: number;
    readonly removalMs: number;
    readonly commandMs: number;
  };
  readonly monitor: { readonly bakeMs: number };
}
