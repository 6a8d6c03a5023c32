import type {
  AppConfig,
  CommandTemplate,
  CredentialsConfig,
  DeployConfig,
  EnvironmentConfig,
} from './config.ts';
import type { JsonObject } from './json.ts';
import type { AppFile, ConfigFile, EnvironmentFile } from './schema.ts';

const DEFAULT_LOCK_TABLE = 'DeployLock';
const DEFAULT_ARTIFACT_DB_TABLE = 'ArtifactDB';
const DEFAULT_LEASE_SECONDS = 10;
const DEFAULT_HEARTBEAT_SECONDS = 1;
const DEFAULT_ROLLOUT_SECONDS = 900;
const DEFAULT_REMOVAL_SECONDS = 900;
const DEFAULT_COMMAND_SECONDS = 300;
const DEFAULT_BAKE_SECONDS = 0;
const DEFAULT_GATE = 'sha';

/** Turns what a checked file says into the program's own terms. The only place that knows defaults. */
export function toConfig(file: ConfigFile): DeployConfig {
  return {
    configAccountId: file.ConfigAccountID,
    configRegion: file.ConfigRegion,
    lockTable: file.LockTable || DEFAULT_LOCK_TABLE,
    lease: {
      leaseDurationMs: 1000 * (file.Lock?.LeaseSeconds ?? DEFAULT_LEASE_SECONDS),
      heartbeatIntervalMs: 1000 * (file.Lock?.HeartbeatSeconds ?? DEFAULT_HEARTBEAT_SECONDS),
    },
    artifactDbTable: file.ArtifactDBTable || DEFAULT_ARTIFACT_DB_TABLE,
    credentials: toCredentials(file.Credentials),
    apps: mapOf(file.Apps, toApp),
  };
}

function toCredentials(file: ConfigFile['Credentials']): CredentialsConfig {
  if (file === undefined) return { provider: 'by-environment' };
  const profile = file.Profile ? { profile: file.Profile } : {};
  if (file.Provider === 'default') return { provider: 'default', ...profile };
  if (file.Provider === 'assume-role') {
    return {
      provider: 'assume-role',
      roleArnTemplate: file.RoleArn ?? '',
      ...(file.ExternalId && { externalId: file.ExternalId }),
      ...(file.SessionName && { sessionName: file.SessionName }),
      ...(file.DurationSeconds && { durationSeconds: file.DurationSeconds }),
      ...profile,
    };
  }
  return {
    provider: 'kion',
    roles: file.Roles ?? [],
    ...(file.BaseUrl && { baseUrl: file.BaseUrl }),
    ...(file.IdmsId !== undefined && { idmsId: file.IdmsId }),
  };
}

function toApp(name: string, file: AppFile): AppConfig {
  return {
    name,
    artifactDbProjectName: file.ArtifactDBProjectName,
    containerDefinitionTemplates: file.ContainerDefinitionTemplates as unknown as JsonObject[],
    preDeployCommandTemplates: toCommands(file.PreDeployCommandTemplates),
    postDeployCommandTemplates: toCommands(file.PostDeployCommandTemplates),
    environments: mapOf(file.Environments, toEnvironment),
  };
}

function toCommands(file: AppFile['PreDeployCommandTemplates']): readonly CommandTemplate[] {
  return (file ?? []).map((one) => ({ program: one.Program, arguments: one.Arguments ?? [] }));
}

function toEnvironment(name: string, file: EnvironmentFile): EnvironmentConfig {
  return {
    name,
    ...(file.RequiresPreviousEnvDeploy && {
      requiresPreviousEnvDeploy: file.RequiresPreviousEnvDeploy,
    }),
    gate: file.Gate || DEFAULT_GATE,
    ...(file.PinDigest === undefined ? {} : { pinDigest: file.PinDigest }),
    accountId: file.AccountID,
    region: file.Region,
    cpu: String(file.CPU),
    memory: String(file.Memory),
    executionRoleArn: roleArn(file.ExecutionRoleARN, file),
    ...(file.TaskRoleARN && { taskRoleArn: roleArn(file.TaskRoleARN, file) }),
    family: file.Family,
    service: file.Service || file.Family,
    cluster: file.Cluster,
    securityGroups: file.SecurityGroups ?? [],
    subnets: file.Subnets,
    assignPublicIp: file.AssignPublicIp ?? false,
    listenerArn: file.ListenerARN,
    targetGroupArns: file.TargetGroupARNs,
    timeouts: {
      rolloutMs: 1000 * (file.Timeouts?.RolloutSeconds ?? DEFAULT_ROLLOUT_SECONDS),
      removalMs: 1000 * (file.Timeouts?.RemovalSeconds ?? DEFAULT_REMOVAL_SECONDS),
      commandMs: 1000 * (file.Timeouts?.CommandSeconds ?? DEFAULT_COMMAND_SECONDS),
    },
    monitor: { bakeMs: 1000 * (file.Monitor?.BakeSeconds ?? DEFAULT_BAKE_SECONDS) },
  };
}

/** ECS takes a role's short name too, and means the role of that name in the same account. */
function roleArn(nameOrArn: string, { AccountID, ListenerARN }: EnvironmentFile): string {
  if (nameOrArn.startsWith('arn:')) return nameOrArn;
  const partition = ListenerARN.split(':')[1] ?? 'aws';
  return `arn:${partition}:iam::${AccountID}:role/${nameOrArn}`;
}

function mapOf<File, Config>(
  files: Readonly<Record<string, File>>,
  convert: (name: string, file: File) => Config,
): ReadonlyMap<string, Config> {
  return new Map(Object.entries(files).map(([name, file]) => [name, convert(name, file)]));
}
