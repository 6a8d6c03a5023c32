import { type Artifact, artifactId, outcomeIn, tagOf } from '../artifactdb/artifact.ts';
import type { EnvironmentConfig } from '../config/config.ts';
import { NeedsHumanError, RefusedError } from '../errors.ts';
import type { Checkpoint, CheckpointArtifact } from './checkpoint.ts';
import { readColors } from './colors.ts';
import type { DeployRequest, DeployTools } from './request.ts';
import type { ListenerRule, Service } from './model.ts';
import type { DeployPlan } from './plan.ts';

/**
 * Everything that can refuse a deploy before it has touched anything, so that refused means
 * untouched. All reads run at once.
 * @throws {RefusedError | ConfigError | NeedsHumanError}
 */
export async function preflight(request: DeployRequest, tools: DeployTools): Promise<DeployPlan> {
  const { environment } = request;
  const { aws } = tools;
  const [accounts, artifact, rules, service] = await Promise.allSettled([
    tools.assertAccounts(),
    findArtifact(request, tools),
    aws.rules.describe(environment.listenerArn),
    aws.service.describe(),
  ]);
  // In this order: with the wrong account every other answer is misleading.
  valueOf(accounts);
  const found = valueOf(artifact);
  assertGateIsOpen(request, found);
  const plan = await planFor(request, found, tools);
  assertDeployable(request, valueOf(rules), valueOf(service));
  return plan;
}

/** As `preflight`, for finishing what the checkpoint says was begun. */
export async function preflightResume(
  request: DeployRequest,
  tools: DeployTools,
  checkpoint: Checkpoint,
): Promise<DeployPlan> {
  await tools.assertAccounts();
  // The recorded artifact, not one looked up again: a newer build may have the same SHA by now.
  return planFor(request, checkpoint.artifact, tools);
}

async function planFor(
  request: DeployRequest,
  artifact: CheckpointArtifact,
  tools: DeployTools,
): Promise<DeployPlan> {
  // Brings the template engine, which nothing needs before the first answers.
  const planDeploy = tools.planDeploy ?? (await import('./plan.ts')).planDeploy;
  const { app, environment, configSha, skipCommands } = request;
  return planDeploy({ app, environment, artifact, configSha, skipCommands });
}

function valueOf<T>(result: PromiseSettledResult<T>): T {
  if (result.status === 'fulfilled') return result.value;
  throw result.reason;
}

async function findArtifact(request: DeployRequest, tools: DeployTools): Promise<Artifact> {
  const project = request.app.artifactDbProjectName;
  const sha = request.sha ?? '';
  const search = await tools.artifacts.findBySha(project, sha);
  switch (search.kind) {
    case 'found':
      if (search.matched === 'prefix') {
        tools.report({
          type: 'note',
          message: `${sha} is taken for ${describe(search.artifact)}`,
        });
      }
      return search.artifact;
    case 'ambiguous':
      throw new RefusedError(
        `Several artifacts of project ${project} have a SHA that ${sha} may stand for: ${search.candidates.map(describe).join('; ')}.`,
        { hint: 'Give more characters of the SHA.' },
      );
    case 'none':
      throw new RefusedError(
        `No artifact of project ${project} is tagged SHA=${sha}.${
          search.nearMisses.length > 0
            ? ` Close to it: ${search.nearMisses.map(describe).join('; ')}.`
            : ' The project has no artifacts with a SHA.'
        }`,
        { hint: 'Check the SHA, or wait until CI has registered the artifact.' },
      );
  }
  throw new Error(`Unknown search result.`);
}

function describe(artifact: Artifact): string {
  return `${artifact.value} (SHA ${tagOf(artifact, 'SHA') ?? '-'}, build ${artifact.buildNumber})`;
}

/** The same artifact and configuration must have proved themselves in the previous environment. */
function assertGateIsOpen(request: DeployRequest, artifact: Artifact): void {
  const { environment, configSha } = request;
  const previous = environment.requiresPreviousEnvDeploy;
  if (previous === undefined) return;
  const outcome = outcomeIn(artifact, previous, configSha);
  if (outcome === 'success') return;
  throw new RefusedError(
    `${environment.name} takes only what has been deployed to ${previous}: ${artifact.value} (${artifactId(artifact)}) with configuration ${configSha} ${outcome === 'failure' ? 'failed' : 'has not been deployed'} there.`,
    { hint: `Deploy it to ${previous} first, with the same configuration.` },
  );
}

/** The service and the listener allow a blue/green deploy. */
function assertDeployable(
  { app, environment, mode }: DeployRequest,
  rules: readonly ListenerRule[],
  service: Service | undefined,
): void {
  const name = `Service ${environment.service} in cluster ${environment.cluster}`;
  if (!service || service.status !== 'ACTIVE') {
    throw new RefusedError(`${name} ${service ? `is ${service.status}` : 'does not exist'}.`, {
      hint: `Create it, or correct Apps.${app.name}.Environments.${environment.name}.`,
    });
  }
  if (service.controller !== 'EXTERNAL') {
    throw new RefusedError(
      `${name} has the deployment controller ${service.controller}; task sets need EXTERNAL.`,
      {
        hint: 'The controller of a service cannot be changed: create another service.',
      },
    );
  }
  if (service.desiredCount < 1) {
    throw new RefusedError(
      `${name} has a desired count of 0: a new version would be healthy with no task at all.`,
      {
        hint: 'Set its desired count to 1 or more.',
      },
    );
  }
  const colors = readColors(rules, environment.targetGroupArns);
  // Starting over puts that right first.
  if (mode !== 'start-over') assertPrimaryServes(service, environment, colors.active);
}

/** PRIMARY on the idle colour is what a deploy leaves that was cut off right after its swap. */
function assertPrimaryServes(
  service: Service,
  environment: EnvironmentConfig,
  active: 'blue' | 'green',
): void {
  const primary = service.taskSets.find((set) => set.status === 'PRIMARY');
  if (!primary || primary.targetGroupArns.includes(environment.targetGroupArns[active])) return;
  throw new NeedsHumanError(
    `${active} serves, but the PRIMARY task set ${primary.id} is not attached to it.`,
    { hint: 'Begin anew with -start-over: it makes what serves PRIMARY first.' },
  );
}
