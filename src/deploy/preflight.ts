import { mentionsReferences } from '../templates/mentions-references.ts';
import type { Checkpoint, CheckpointArtifact } from './checkpoint.ts';
import { assertDeployable } from './deployable.ts';
import { findArtifact } from './find-artifact.ts';
import { gateOf, refOf } from './gate.ts';
import { passGate } from './gate-check.ts';
import { checkImages, pinned } from './images.ts';
import type { DeployPlan } from './plan.ts';
import { warnOfOtherImages } from './proven-images.ts';
import { swapHasBegun } from './recorded.ts';
import type { DeployRequest, DeployTools } from './request.ts';

/**
 * Everything that can refuse a deploy before it has touched anything, so that refused means
 * untouched. All reads run at once.
 * @throws {RefusedError | ConfigError | NeedsHumanError}
 */
export async function preflight(request: DeployRequest, tools: DeployTools): Promise<DeployPlan> {
  const { app, configSha, environment } = request;
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
  const gate = gateOf(app, environment, configSha);
  const gateOverride = await passGate(gate, found, request, tools);
  const plan = await planFor(request, found, tools);
  assertDeployable(request, valueOf(rules), valueOf(service));
  const withImages = await checkImages(plan, request, tools);
  await warnOfOtherImages(withImages, request, tools);
  return overridden(withImages, gateOverride);
}

/** As `preflight`, for finishing what the checkpoint says was begun. */
export async function preflightResume(
  request: DeployRequest,
  tools: DeployTools,
  checkpoint: Checkpoint,
): Promise<DeployPlan> {
  const [accounts, gateOverride] = await Promise.allSettled([
    tools.assertAccounts(),
    passGateAnew(request, tools, checkpoint),
  ]);
  valueOf(accounts);
  // The recorded artifact, not one looked up again: a newer build may have the same SHA by now.
  const plan = await planFor(request, checkpoint.artifact, tools);
  const { imageDigests = {} } = checkpoint.own ?? {};
  const withImages = isRegistered(checkpoint)
    ? pinned(plan, imageDigests)
    : await checkImages(plan, request, tools, imageDigests);
  return overridden(withImages, valueOf(gateOverride));
}

/**
 * As long as traffic has not moved, what was withdrawn since is refused. After that it serves, and
 * to finish is better than to leave it half done.
 */
async function passGateAnew(
  request: DeployRequest,
  tools: DeployTools,
  checkpoint: Checkpoint,
): Promise<string | undefined> {
  const { app, configSha, environment } = request;
  const recorded = checkpoint.own?.gateOverride;
  if (recorded !== undefined) {
    const message = `The gate was overridden when this deploy began: ${recorded}`;
    tools.report({ type: 'note', message });
  }
  const gate = gateOf(app, environment, configSha);
  if (!gate || recorded !== undefined || swapHasBegun(checkpoint)) return recorded;
  const artifact = await tools.artifacts.get(refOf(app, checkpoint.artifact.buildNumber));
  return passGate(gate, artifact, request, tools);
}

/** Then nothing asks for the images' names any more, and the deploy can be finished without them. */
function isRegistered({ newTaskSetId, own }: Checkpoint): boolean {
  return newTaskSetId !== '' || own?.taskDefinitionArn !== undefined;
}

function overridden(plan: DeployPlan, gateOverride: string | undefined): DeployPlan {
  return gateOverride === undefined ? plan : { ...plan, gateOverride };
}

/** Renders what is to be deployed, with all that the templates name outside of the config. */
export async function planFor(
  request: DeployRequest,
  artifact: CheckpointArtifact,
  tools: DeployTools,
): Promise<DeployPlan> {
  // Brings the template engine, which nothing needs before the first answers.
  const planDeploy = tools.planDeploy ?? (await import('./plan.ts')).planDeploy;
  const { app, environment, configSha, skipCommands } = request;
  const input = { app, environment, artifact, configSha, skipCommands };
  if (!mentionsReferences(app)) return planDeploy(input);
  const { resolvePlanReferences } = await import('./plan-references.ts');
  const references = await resolvePlanReferences(input, tools.references);
  return planDeploy({ ...input, references });
}

function valueOf<T>(result: PromiseSettledResult<T>): T {
  if (result.status === 'fulfilled') return result.value;
  throw result.reason;
}
