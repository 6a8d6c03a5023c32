import type { EnvironmentConfig } from '../config/config.ts';
import type { DeployPlan } from '../deploy/plan.ts';
import { parseEcrImage } from '../image-reference.ts';
import { type Container, containersOf, type SecretUse } from './containers.ts';
import type { SimulatedUse } from './ports.ts';
import { sourceOf } from './secret-source.ts';

/** What the execution role is used for, and what it has to be allowed for that. */
export type RoleUse = Omit<SimulatedUse, 'roleArn'> & { readonly purpose: string };

/** The ARN of something in the environment's account. */
type Arn = (service: string, region: string, resource: string) => string;

/**
 * What ECS needs the execution role for to start the plan's tasks. A secret that is known by its name
 * only is left out: see `namedSecrets`.
 * @see Amazon ECS task execution IAM role, Amazon ECS Developer Guide
 */
export function usesOf(plan: DeployPlan, environment: EnvironmentConfig): RoleUse[] {
  const partition = environment.executionRoleArn.split(':')[1] ?? 'aws';
  const arn: Arn = (service, region, resource) =>
    `arn:${partition}:${service}:${region}:${environment.accountId}:${resource}`;
  const containers = containersOf(plan);
  const secrets = containers.flatMap((container) => container.secrets);
  return [
    ...pulling(containers, partition),
    ...logging(containers, arn),
    ...reading(secrets, environment.region, arn),
  ]
    .map((use) => ({ ...use, resources: [...new Set(use.resources)] }))
    .filter(({ resources }) => resources.length > 0);
}

/** Secrets of Secrets Manager that are named without their ARN, which policies go by. */
export function namedSecrets(plan: DeployPlan, { region }: EnvironmentConfig): string[] {
  return containersOf(plan)
    .flatMap((container) => container.secrets)
    .flatMap((use) => {
      const source = sourceOf(use, region);
      return source.kind === 'secret' && !source.id.startsWith('arn:') ? [source.id] : [];
    });
}

function pulling(containers: readonly Container[], partition: string): RoleUse[] {
  const repositories = containers.flatMap(({ image }) => {
    const parsed = parseEcrImage(image);
    if (!parsed || parsed === 'malformed') return [];
    const { accountId, region, repository } = parsed;
    return [`arn:${partition}:ecr:${region}:${accountId}:repository/${repository}`];
  });
  if (repositories.length === 0) return [];
  return [
    { purpose: 'log in to ECR', actions: ['ecr:GetAuthorizationToken'], resources: ['*'] },
    {
      purpose: 'pull images',
      actions: [
        'ecr:BatchCheckLayerAvailability',
        'ecr:BatchGetImage',
        'ecr:GetDownloadUrlForLayer',
      ],
      resources: repositories,
    },
  ];
}

function logging(containers: readonly Container[], arn: Arn): RoleUse[] {
  const logs = containers
    .filter(({ logDriver }) => logDriver === 'awslogs')
    .map(({ name, logOptions }) => {
      const prefix = logOptions['awslogs-stream-prefix'] ?? '';
      const group = `log-group:${logOptions['awslogs-group'] ?? ''}`;
      const region = logOptions['awslogs-region'] ?? '';
      return {
        creates: logOptions['awslogs-create-group'] === 'true',
        group: arn('logs', region, group),
        stream: arn('logs', region, `${group}:log-stream:${prefix}/${name}/task`),
      };
    });
  return [
    {
      purpose: 'write logs',
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: logs.map(({ stream }) => stream),
    },
    {
      purpose: 'create log groups',
      actions: ['logs:CreateLogGroup'],
      resources: logs.filter(({ creates }) => creates).map(({ group }) => group),
    },
  ];
}

function reading(secrets: readonly SecretUse[], region: string, arn: Arn): RoleUse[] {
  const sources = secrets.map((use) => ({ ...use, source: sourceOf(use, region) }));
  return [
    {
      purpose: 'read secrets',
      actions: ['secretsmanager:GetSecretValue'],
      resources: sources.flatMap(({ source }) =>
        source.kind === 'secret' && source.id.startsWith('arn:') ? [source.id] : [],
      ),
    },
    {
      purpose: 'read parameters',
      actions: ['ssm:GetParameters'],
      resources: sources.flatMap(({ source, valueFrom }) => {
        if (source.kind !== 'parameter') return [];
        if (valueFrom.startsWith('arn:')) return [valueFrom];
        return [arn('ssm', source.region, `parameter/${valueFrom.replace(/^\//, '')}`)];
      }),
    },
  ];
}
