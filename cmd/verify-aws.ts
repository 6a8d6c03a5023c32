import { ArtifactDb } from '../src/artifactdb/artifact-db.ts';
import { ArtifactTable } from '../src/aws/artifact-table.ts';
import {
  type ClientOptions,
  createDynamoDbClient,
  createEc2Client,
  createEcrClient,
  createEcsClient,
  createElbClient,
  createIamClient,
  createLogsClient,
  createSecretsManagerClient,
  createSsmClient,
  createStsClient,
} from '../src/aws/clients.ts';
import { callerIdentity } from '../src/aws/identity.ts';
import { type Download, imagesPort } from '../src/aws/images.ts';
import { lockTable } from '../src/aws/lock-table.ts';
import { logGroupsPort } from '../src/aws/log-groups.ts';
import { networkPort } from '../src/aws/network.ts';
import { referenceSource } from '../src/aws/reference-source.ts';
import { rolesPort } from '../src/aws/roles.ts';
import { rulesPort } from '../src/aws/rules.ts';
import { servicePort } from '../src/aws/service.ts';
import { artifactTableSpec, lockTableSpec, problemOfTable } from '../src/aws/tables.ts';
import { targetGroupsPort } from '../src/aws/target-groups.ts';
import { taskSecretsPort } from '../src/aws/task-secrets.ts';
import { type Clock, systemClock } from '../src/clock.ts';
import type { AppConfig, DeployConfig, EnvironmentConfig } from '../src/config/config.ts';
import { configSha } from '../src/config/identity.ts';
import { listenMs, lockKeyOf } from '../src/deploy/held-lock.ts';
import { memo, once } from '../src/memo.ts';
import { readLock } from '../src/plan/read-lock.ts';
import { git } from '../src/process/git.ts';
import type { AccountInUse, VerifyPorts } from '../src/verify/ports.ts';
import { type ClientOptionsFor, homeOf } from './client-options.ts';
import type { CommandIo } from './options.ts';

/** What is looked at, as the configuration names it. */
export interface VerifyTarget {
  readonly config: DeployConfig;
  readonly configPath: string;
  readonly app: AppConfig;
  readonly environment: EnvironmentConfig;
  readonly configSha: string | undefined;
}

/** How AWS is reached. */
export interface Reach {
  readonly clientOptions: ClientOptionsFor;
  /** For templates that name variables. */
  readonly env: CommandIo['env'];
  /** How images' configs are fetched; over HTTPS unless given. */
  readonly download?: Download;
  /** By which a lock's holder is listened to; the machine's unless given. */
  readonly clock?: Clock;
}

/** Everything that is looked at, over the official SDK. A client is made when it is first needed. */
export function verifyPorts(
  target: VerifyTarget,
  { clientOptions, clock = systemClock, env, download }: Reach,
): VerifyPorts {
  const { config, environment } = target;
  const home = once(() => clientOptions(homeOf(config)));
  const there = once(() => clientOptions(environment));
  const inRegion = async (region: string) => ({ ...(await there()), region });
  const dynamoDb = once(async () => createDynamoDbClient(await home()));
  const elb = once(async () => createElbClient(await there()));
  const ec2 = once(async () => createEc2Client(await there()));
  const iam = once(async () => createIamClient(await there()));
  return {
    accounts: () => accountsInUse(target, { home, there }),
    ...deployPorts(target, { elb, dynamoDb, there, env }),
    targetGroups: targetGroupsPort(elb),
    network: networkPort(ec2),
    roles: rolesPort(iam),
    images: imagesPort(
      memo(async (region) => createEcrClient(await inRegion(region))),
      download,
    ),
    logGroups: logGroupsPort(memo(async (region) => createLogsClient(await inRegion(region)))),
    secrets: taskSecretsPort({
      secretsManager: memo(async (region) => createSecretsManagerClient(await inRegion(region))),
      ssm: memo(async (region) => createSsmClient(await inRegion(region))),
    }),
    lock: {
      read: async () =>
        readLock(lockKeyOf(target), {
          lockStore: lockTable({ client: await dynamoDb(), tableName: config.lockTable }),
          clock,
          listenMs: listenMs(config),
        }),
    },
    tables: {
      problemOf: async (table) =>
        problemOfTable(
          await dynamoDb(),
          table === 'lock'
            ? lockTableSpec(config.lockTable)
            : artifactTableSpec(config.artifactDbTable),
        ),
    },
  };
}

/** What a deploy reads as well, read as it does. */
function deployPorts(
  { config, configPath, app, environment, configSha: given }: VerifyTarget,
  reach: {
    readonly elb: () => ReturnType<typeof createElbClient>;
    readonly dynamoDb: () => ReturnType<typeof createDynamoDbClient>;
    readonly there: () => Promise<ClientOptions>;
    readonly env: CommandIo['env'];
  },
): Pick<VerifyPorts, 'artifacts' | 'configSha' | 'plan' | 'rules' | 'service'> {
  const artifacts = once(
    async () => new ArtifactDb(new ArtifactTable(await reach.dynamoDb(), config.artifactDbTable)),
  );
  const ecs = once(async () => createEcsClient(await reach.there()));
  return {
    artifacts: {
      findBySha: async (...query) => (await artifacts()).findBySha(...query),
      latest: async (...query) => (await artifacts()).latest(...query),
    },
    configSha: () => configSha({ configPath, given, git }),
    async plan(artifact) {
      // They bring the template engine, which nothing needs before the first answers.
      const { planDeploy } = await import('../src/deploy/plan.ts');
      const { resolvePlanReferences } = await import('../src/deploy/plan-references.ts');
      const input = { app, environment, artifact, configSha: given ?? '', skipCommands: false };
      const source = referenceSource(reach.env, reach.there);
      return planDeploy({ ...input, references: await resolvePlanReferences(input, source) });
    },
    rules: { describe: async (arn) => rulesPort(await reach.elb()).describe(arn) },
    service: {
      describe: async () =>
        servicePort(await ecs(), environment.cluster, environment.service).describe(),
    },
  };
}

/** One call where the configuration names one account in one Region. */
async function accountsInUse(
  { config, environment }: VerifyTarget,
  reach: {
    readonly home: () => Promise<ClientOptions>;
    readonly there: () => Promise<ClientOptions>;
  },
): Promise<AccountInUse[]> {
  const inUse = async (setting: string, expected: string, options: Promise<ClientOptions>) => {
    const { accountId, arn } = await callerIdentity(await createStsClient(await options));
    return { setting, expected, actual: accountId, arn };
  };
  const { configAccountId, configRegion } = config;
  const isSame = environment.accountId === configAccountId && environment.region === configRegion;
  return Promise.all([
    ...(isSame ? [] : [inUse('ConfigAccountID', configAccountId, reach.home())]),
    inUse(`AccountID of environment ${environment.name}`, environment.accountId, reach.there()),
  ]);
}
