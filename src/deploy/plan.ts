import type { AppConfig, EnvironmentConfig } from '../config/config.ts';
import { type ServingContainer, servingContainer } from '../config/container-definitions.ts';
import { contentIdentity } from '../config/content-identity.ts';
import { type TemplateMember, templatePath, templateValues } from '../templates/app-templates.ts';
import {
  lookUpIn,
  type ResolvedReference,
  type ResolvedReferences,
} from '../templates/references.ts';
import { renderTemplate } from '../templates/render.ts';
import type { CheckpointArtifact } from './checkpoint.ts';
import type { Color } from './model.ts';
import type { Command } from './ports.ts';

/** All that a deploy will do, decided before anything is touched. Plain data; holds no secret. */
export interface DeployPlan {
  readonly app: string;
  readonly environment: string;
  /** The lock's key. */
  readonly lockKey: string;
  readonly artifactDbProjectName: string;
  readonly artifact: CheckpointArtifact;
  readonly configSha: string;
  /** What the configuration says, by its name. */
  readonly contentIdentity: string;
  /** Why the gate is overridden. */
  readonly gateOverride?: string;

  readonly listenerArn: string;
  readonly targetGroupArns: Readonly<Record<Color, string>>;

  readonly family: string;
  readonly cpu: string;
  readonly memory: string;
  readonly executionRoleArn: string;
  readonly taskRoleArn?: string;
  /** Rendered, in ECS's own casing. */
  readonly containerDefinitions: readonly Readonly<Record<string, unknown>>[];
  /** The digests in there, by what stood in their place. */
  readonly imageDigests: Readonly<Record<string, string>>;
  /** What the templates name outside of the config, once for each string that names it. */
  readonly references: readonly ResolvedReference[];
  /** The container and port that the load balancer talks to. */
  readonly container: ServingContainer;
  readonly subnets: readonly string[];
  readonly securityGroups: readonly string[];
  readonly assignPublicIp: boolean;

  readonly preDeployCommands: readonly Command[];
  /** Needs the registered task definition's `family:revision`, known only at the end. */
  postDeployCommands(taskDefinition: string): readonly Command[];
  readonly commandsSkipped: boolean;

  readonly timeouts: {
    readonly rolloutMs: number;
    readonly removalMs: number;
    readonly commandMs: number;
  };
  readonly bakeMs: number;
}

export interface PlanInput {
  readonly app: AppConfig;
  readonly environment: EnvironmentConfig;
  readonly artifact: CheckpointArtifact;
  readonly configSha: string;
  readonly skipCommands: boolean;
  /** Left out: none, and a template that needs one is refused. */
  readonly references?: ResolvedReferences;
}

/**
 * Renders every template of the environment. Pure: same input, same plan.
 * @throws {TemplateError} naming the place in the configuration.
 */
export function planDeploy(input: PlanInput): DeployPlan {
  const { app, environment, artifact, configSha } = input;
  const values = templateValues(environment, artifact);
  const { uses: references, values: known } = input.references ?? { uses: [], values: new Map() };
  const lookUp = lookUpIn(known);
  const at = (member: TemplateMember) => templatePath(app.name, member);
  const containerDefinitions = renderTemplate(
    app.containerDefinitionTemplates,
    values,
    at('ContainerDefinitionTemplates'),
    lookUp,
  );
  const postDeployCommands = (TaskDefinition: string) =>
    renderTemplate(
      app.postDeployCommandTemplates,
      { ...values, TaskDefinition },
      at('PostDeployCommandTemplates'),
      lookUp,
    );
  const container = servingContainer(containerDefinitions);
  if (!container) throw new Error('The first container has not exactly one port mapping.'); // src/config checks it.
  // A name that is missing must be found now, not after the swap.
  postDeployCommands(`${environment.family}:1`);

  return {
    app: app.name,
    environment: environment.name,
    lockKey: `${app.name}-${environment.name}`,
    artifactDbProjectName: app.artifactDbProjectName,
    artifact,
    configSha,
    contentIdentity: contentIdentity(app),
    listenerArn: environment.listenerArn,
    targetGroupArns: environment.targetGroupArns,
    family: environment.family,
    cpu: environment.cpu,
    memory: environment.memory,
    executionRoleArn: environment.executionRoleArn,
    ...(environment.taskRoleArn === undefined ? {} : { taskRoleArn: environment.taskRoleArn }),
    containerDefinitions,
    imageDigests: {},
    references,
    container,
    subnets: environment.subnets,
    securityGroups: environment.securityGroups,
    assignPublicIp: environment.assignPublicIp,
    preDeployCommands: renderTemplate(
      app.preDeployCommandTemplates,
      values,
      at('PreDeployCommandTemplates'),
      lookUp,
    ),
    postDeployCommands,
    commandsSkipped: input.skipCommands,
    timeouts: environment.timeouts,
    bakeMs: environment.monitor.bakeMs,
  };
}
