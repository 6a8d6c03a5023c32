import type { AppConfig, DeployConfig, EnvironmentConfig } from './config.ts';
import { servingContainer } from './container-definitions.ts';
import type { Json, JsonObject } from './json.ts';
import { formatPath, type Path, type Problem } from './problems.ts';
import { suggest } from './suggest.ts';

/**
 * What the schema can't say, because it takes two values to see it. Each rule is a function that
 * returns every breach of it, with the path in the file.
 */
type Rule<Part> = (part: Part, path: Path) => Problem[];

/** Rules that need no other part of the config than one environment. */
const ENVIRONMENT_RULES: readonly Rule<EnvironmentConfig>[] = [
  colorsDiffer,
  loadBalancerIsInTheEnvironment,
  rolesAreInTheEnvironment,
  arnsAreOfOnePartition,
  sizesArePositive,
];

/** Rules that need no other part of the config than one app. */
const APP_RULES: readonly Rule<AppConfig>[] = [
  oneContainerServesOnOnePort,
  hostPortsEqualContainerPorts,
  containerNamesDiffer,
];

/** Rules that compare apps or environments with each other. */
const WHOLE_RULES: readonly Rule<DeployConfig>[] = [
  previousEnvironmentsExist,
  previousEnvironmentsMakeNoCircle,
  namesCanBeTold,
  lockKeysDiffer,
  threeHeartbeatsFitInALease,
  tablesDiffer,
];

/**
 * Every breach of a rule.
 * @param isWhole false when parts of the file were left out because the schema refused them: then
 *   rules that would miss those parts are not asked.
 */
export function brokenRules(config: DeployConfig, isWhole: boolean): Problem[] {
  const problems = isWhole ? WHOLE_RULES.flatMap((rule) => rule(config, [])) : [];
  for (const app of config.apps.values()) {
    const path = ['Apps', app.name];
    problems.push(...APP_RULES.flatMap((rule) => rule(app, path)));
    for (const env of app.environments.values()) {
      const envPath = [...path, 'Environments', env.name];
      problems.push(...ENVIRONMENT_RULES.flatMap((rule) => rule(env, envPath)));
    }
  }
  return problems;
}

/** What is worth a warning only, because files in use may mean it so. */
export function doubtfulChoices(config: DeployConfig): Problem[] {
  return [...servicesDiffer(config), ...gatesAreUsed(config), ...gatesAreOfOneApp(config)];
}

function colorsDiffer({ targetGroupArns }: EnvironmentConfig, path: Path): Problem[] {
  if (targetGroupArns.blue !== targetGroupArns.green) return [];
  const message = 'is the same target group as blue; the two colours need one each';
  return [{ path: [...path, 'TargetGroupARNs', 'green'], message }];
}

function loadBalancerIsInTheEnvironment(env: EnvironmentConfig, path: Path): Problem[] {
  return loadBalancerArns(env, path).flatMap(({ arn, path }) => {
    const { region, accountId } = partsOf(arn);
    if (region === env.region && accountId === env.accountId) return [];
    return [
      {
        path,
        message:
          `is in account ${accountId}, region ${region}; ` +
          `expected the environment's account ${env.accountId}, region ${env.region}`,
      },
    ];
  });
}

function rolesAreInTheEnvironment(env: EnvironmentConfig, path: Path): Problem[] {
  return roleArns(env, path).flatMap(({ arn, path }) => {
    const { accountId } = partsOf(arn);
    if (accountId === env.accountId) return [];
    const expected = `expected the environment's account ${env.accountId}`;
    return [{ path, message: `is a role of account ${accountId}; ${expected}` }];
  });
}

function arnsAreOfOnePartition(env: EnvironmentConfig, path: Path): Problem[] {
  const expected = partsOf(env.listenerArn).partition;
  const others = [...loadBalancerArns(env, path), ...roleArns(env, path)];
  return others.flatMap(({ arn, path }) => {
    const { partition } = partsOf(arn);
    if (partition === expected) return [];
    const message = `is of the partition ${partition}; expected ${expected}, as in ListenerARN`;
    return [{ path, message }];
  });
}

function sizesArePositive({ cpu, memory }: EnvironmentConfig, path: Path): Problem[] {
  return [
    { key: 'CPU', value: cpu },
    { key: 'Memory', value: memory },
  ].flatMap(({ key, value }) =>
    Number.parseFloat(value) > 0
      ? []
      : [{ path: [...path, key], message: `found ${value}, expected more than 0` }],
  );
}

function oneContainerServesOnOnePort(app: AppConfig, path: Path): Problem[] {
  const templates = app.containerDefinitionTemplates;
  const listPath = [...path, 'ContainerDefinitionTemplates'];
  if (templates.length === 0) {
    return [{ path: listPath, message: 'found no container, expected at least one' }];
  }
  const portsPath = [...listPath, 0, 'portMappings'];
  const serving = servingContainer(templates);
  if (serving === undefined) {
    const count = portMappingsOf(templates[0]).length;
    const found = count === 1 ? 'one without a containerPort' : `${count}`;
    const expected = "expected exactly one: the load balancer's targets are on it";
    return [{ path: portsPath, message: `found ${found}, ${expected}` }];
  }
  if (serving.containerPort >= 1 && serving.containerPort <= 65_535) return [];
  const message = `found ${serving.containerPort}, expected a port from 1 to 65535`;
  return [{ path: [...portsPath, 0, 'containerPort'], message }];
}

/** @see PortMapping, Amazon ECS API Reference: in awsvpc a host port is left out or the same. */
function hostPortsEqualContainerPorts(app: AppConfig, path: Path): Problem[] {
  return app.containerDefinitionTemplates.flatMap((container, index) =>
    portMappingsOf(container).flatMap(({ hostPort, containerPort }, port) => {
      // Go wrote a host port that is not given as 0.
      if (!hostPort || containerPort === undefined || hostPort === containerPort) return [];
      const container = [...path, 'ContainerDefinitionTemplates', index];
      const expected = `expected ${show(containerPort)}, the containerPort`;
      return [
        {
          path: [...container, 'portMappings', port, 'hostPort'],
          message: `found ${show(hostPort)}, ${expected}`,
        },
      ];
    }),
  );
}

function containerNamesDiffer(app: AppConfig, path: Path): Problem[] {
  return repeated(app.containerDefinitionTemplates, ({ name }) => show(name ?? '')).map(
    ({ index, earlier }) => ({
      path: [...path, 'ContainerDefinitionTemplates', index, 'name'],
      message: `is the name of container ${earlier} too; expected another one`,
    }),
  );
}

function previousEnvironmentsExist(config: DeployConfig): Problem[] {
  return environmentsOf(config).flatMap(({ app, env, path }) => {
    const previous = env.requiresPreviousEnvDeploy;
    if (previous === undefined || app.environments.has(previous)) return [];
    const names = [...app.environments.keys()].filter((name) => name !== env.name);
    const meant = suggest(previous, names);
    const advice =
      meant === undefined
        ? `expected another environment of the app (${names.join(', ') || 'there is none'})`
        : `did you mean "${meant}"?`;
    const found = `found ${JSON.stringify(previous)}`;
    return [{ path: [...path, 'RequiresPreviousEnvDeploy'], message: `${found}; ${advice}` }];
  });
}

function previousEnvironmentsMakeNoCircle(config: DeployConfig): Problem[] {
  return environmentsOf(config).flatMap(({ app, env, path }) => {
    const chain = [env.name];
    let previous = env.requiresPreviousEnvDeploy;
    // A circle further up the chain is reported at its own members.
    while (previous !== undefined && !chain.includes(previous)) {
      chain.push(previous);
      previous = app.environments.get(previous)?.requiresPreviousEnvDeploy;
    }
    if (previous !== env.name) return [];
    const circle = [...chain, env.name].join(' → ');
    const message = `goes round in a circle (${circle}), so none of them could ever be deployed`;
    return [{ path: [...path, 'RequiresPreviousEnvDeploy'], message }];
  });
}

function namesCanBeTold(config: DeployConfig): Problem[] {
  const apps = [...config.apps.values()].map(({ name }) => ({ name, path: ['Apps', name] }));
  const environments = environmentsOf(config).map(({ env: { name }, path }) => ({ name, path }));
  return [...apps, ...environments].flatMap(({ name, path }) => {
    if (name === '') return [{ path, message: 'has no name; expected a key that is not empty' }];
    if (!/\p{Cc}/u.test(name)) return [];
    return [{ path, message: 'has control characters in its name; expected text on one line' }];
  });
}

/** With two of them one lost answer would do to lose the lock. */
function threeHeartbeatsFitInALease({ lease }: DeployConfig): Problem[] {
  const { heartbeatIntervalMs, leaseDurationMs } = lease;
  if (3 * heartbeatIntervalMs <= leaseDurationMs) return [];
  const message =
    `found ${heartbeatIntervalMs / 1000}, expected at most a third of LeaseSeconds, ` +
    `which is ${leaseDurationMs / 1000}`;
  return [{ path: ['Lock', 'HeartbeatSeconds'], message }];
}

/** They have other keys. */
function tablesDiffer({ artifactDbTable, lockTable }: DeployConfig): Problem[] {
  if (artifactDbTable !== lockTable) return [];
  return [{ path: ['LockTable'], message: `found "${lockTable}", which is ArtifactDBTable too` }];
}

/** The lock's key is `<app>-<env>`, so `a-b` + `c` and `a` + `b-c` would share one lock. */
function lockKeysDiffer(config: DeployConfig): Problem[] {
  const all = environmentsOf(config);
  return repeated(all, ({ app, env }) => `${app.name}-${env.name}`).map(({ item, earlier }) => {
    const lock = `shares the lock "${item.app.name}-${item.env.name}"`;
    const other = formatPath(all[earlier]?.path ?? []);
    return { path: item.path, message: `${lock} with ${other}; rename one of them` };
  });
}

/** Two names for one service have two locks, so two deployers could act on it at once. */
function servicesDiffer(config: DeployConfig): Problem[] {
  const all = environmentsOf(config);
  const service = ({ env }: EnvironmentAt) =>
    [env.accountId, env.region, env.cluster, env.service].join(' ');
  return repeated(all, service).map(({ item, earlier }) => {
    const same = `is the service of ${formatPath(all[earlier]?.path ?? [])} too`;
    const message = `${same}, but has a lock of its own; never deploy both at once`;
    return { path: item.path, message };
  });
}

function gatesAreUsed(config: DeployConfig): Problem[] {
  return environmentsOf(config).flatMap(({ env, path }) => {
    if (env.gate === 'sha' || env.requiresPreviousEnvDeploy !== undefined) return [];
    const message = 'means nothing without RequiresPreviousEnvDeploy';
    return [{ path: [...path, 'Gate'], message }];
  });
}

/** The original's tags name the environment and the configuration, not the app. */
function gatesAreOfOneApp(config: DeployConfig): Problem[] {
  return environmentsOf(config).flatMap(({ app, env, path }) => {
    if (env.gate !== 'sha' || env.requiresPreviousEnvDeploy === undefined) return [];
    const others = [...config.apps.values()].filter(
      (other) =>
        other.name !== app.name &&
        other.artifactDbProjectName === app.artifactDbProjectName &&
        other.environments.has(env.requiresPreviousEnvDeploy ?? ''),
    );
    const [other] = others;
    if (!other) return [];
    const message = `is also opened by a deploy of ${other.name}, which has the same ArtifactDBProjectName; "Gate": "content" tells them apart`;
    return [{ path: [...path, 'RequiresPreviousEnvDeploy'], message }];
  });
}

const show = (value: Json) => JSON.stringify(value);

interface ArnAt {
  readonly arn: string;
  readonly path: Path;
}

function loadBalancerArns(env: EnvironmentConfig, path: Path): ArnAt[] {
  const { blue, green } = env.targetGroupArns;
  return [
    { arn: env.listenerArn, path: [...path, 'ListenerARN'] },
    { arn: blue, path: [...path, 'TargetGroupARNs', 'blue'] },
    { arn: green, path: [...path, 'TargetGroupARNs', 'green'] },
  ];
}

function roleArns(env: EnvironmentConfig, path: Path): ArnAt[] {
  const { executionRoleArn, taskRoleArn } = env;
  const arns = [{ arn: executionRoleArn, path: [...path, 'ExecutionRoleARN'] }];
  if (taskRoleArn !== undefined) arns.push({ arn: taskRoleArn, path: [...path, 'TaskRoleARN'] });
  return arns;
}

function partsOf(arn: string): { partition: string; region: string; accountId: string } {
  const [, partition = '', , region = '', accountId = ''] = arn.split(':');
  return { partition, region, accountId };
}

function portMappingsOf(container: JsonObject | undefined): JsonObject[] {
  return (container?.['portMappings'] as JsonObject[] | undefined) ?? [];
}

interface EnvironmentAt {
  readonly app: AppConfig;
  readonly env: EnvironmentConfig;
  readonly path: Path;
}

function environmentsOf(config: DeployConfig): EnvironmentAt[] {
  return [...config.apps.values()].flatMap((app) =>
    [...app.environments.values()].map((env) => {
      return { app, env, path: ['Apps', app.name, 'Environments', env.name] };
    }),
  );
}

/** Items whose key an earlier item has already. */
function repeated<T>(items: readonly T[], keyOf: (item: T) => string) {
  const first = new Map<string, number>();
  return items.flatMap((item, index) => {
    const earlier = first.get(keyOf(item));
    if (earlier !== undefined) return [{ item, index, earlier }];
    first.set(keyOf(item), index);
    return [];
  });
}
