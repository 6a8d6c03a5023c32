import type { Artifact } from '../artifactdb/artifact.ts';
import type { Checkpoint } from '../deploy/checkpoint.ts';
import { assertDeployable } from '../deploy/deployable.ts';
import { findArtifact } from '../deploy/find-artifact.ts';
import { gateOf } from '../deploy/gate.ts';
import { GateClosedError, passGate } from '../deploy/gate-check.ts';
import { checkImages, imageOf } from '../deploy/images.ts';
import type { DeployPlan } from '../deploy/plan.ts';
import { planFor, preflight, preflightResume } from '../deploy/preflight.ts';
import type { DeployRequest, DeployTools } from '../deploy/request.ts';
import { parseEcrImage } from '../image-reference.ts';
import { attempt, type Attempt, valueOf } from './attempt.ts';
import { checkOf, isMistake } from './checks.ts';
import { recordedDeploy } from './judge-lock.ts';
import type { Check, Unknown } from './model.ts';
import type { FoundLock } from './read-lock.ts';

/** What the checks before a deploy came to. */
export interface Judgement {
  readonly checks: readonly Check[];
  /** Left out when there is nothing to render, or it can't be read. */
  readonly plan?: DeployPlan;
  /** What was not looked up, and never is. */
  readonly unknown?: readonly Unknown[];
  /** What would be resumed. */
  readonly recorded?: Checkpoint;
}

/**
 * Asks all that a deploy asks before it takes the lock, and goes on where a deploy would stop.
 * @throws {ConfigError | TemplateError} as the deploy would.
 */
export function judge(
  request: DeployRequest,
  lock: Attempt<FoundLock>,
  tools: DeployTools,
): Promise<Judgement> {
  return request.mode === 'resume' ? judgeResume(request, lock, tools) : judgeFresh(request, tools);
}

async function judgeFresh(request: DeployRequest, tools: DeployTools): Promise<Judgement> {
  const { app, configSha, environment } = request;
  const [artifact, deployable] = await Promise.all([
    attempt(() => findArtifact(request, tools)),
    attempt(() => deployableService(request, tools)),
  ]);
  const checks = [checkOf('artifact', artifact, nameOf)];
  const around = checkOf('environment', deployable, (message) => message);
  const found = valueOf(artifact);
  if (!found) return { checks: [...checks, around] };

  const gate = gateOf(app, environment, configSha);
  const passed = await attempt(() => passGate(gate, found, request, tools));
  if (gate) {
    const what = `to ${environment.name}`;
    checks.push(
      checkOf('gate', passed, (override) =>
        override === undefined
          ? `${what} is open: deployed to ${gate.previous} with configuration ${gate.identity}`
          : `${what} is closed, and overridden: ${override}`,
      ),
    );
  }
  const rendered = await attempt(() => planFor(request, found, tools));
  if (isMistake(rendered)) throw errorOf(rendered);
  const unpinned = valueOf(rendered);
  if (!unpinned) return { checks: [...checks, templatesOf(rendered), around] };

  const images = await attempt(() => checkImages(unpinned, request, tools));
  const plan = valueOf(images) ?? unpinned;
  const elsewhere = imagesElsewhere(unpinned);
  const isAllElsewhere = elsewhere.length === unpinned.containerDefinitions.length;
  checks.push(around, ...(isAllElsewhere ? [] : [checkOf('image', images, describeImages)]));
  return {
    checks: await completed(checks, () => preflight(request, tools)),
    plan,
    unknown: [...new Set(elsewhere)].map((image) => ({
      what: `the image ${image}`,
      message:
        'it is in another registry than ECR, which is not asked; it is deployed as it is named',
    })),
  };
}

function templatesOf(rendered: Attempt<DeployPlan>): Check {
  return checkOf('templates', rendered, () => 'all of them render');
}

/** The service and the rules are as they have to be. */
async function deployableService(request: DeployRequest, { aws }: DeployTools): Promise<string> {
  const { environment } = request;
  const [rules, service] = await Promise.all([
    aws.rules.describe(environment.listenerArn),
    aws.service.describe(),
  ]);
  assertDeployable(request, rules, service);
  const count = service?.desiredCount ?? 0;
  return `service ${environment.service} wants ${count === 1 ? '1 task' : `${count} tasks`}; the rules are in order`;
}

async function judgeResume(
  request: DeployRequest,
  lock: Attempt<FoundLock>,
  tools: DeployTools,
): Promise<Judgement> {
  if (!('value' in lock)) return { checks: [] };
  const recorded = await attempt(async () => recordedDeploy(request, lock.value.holder));
  const whatFor = checkOf('artifact', recorded, ({ artifact, configSha, step }) => {
    const what = `${artifact.value} (build ${artifact.buildNumber}) with configuration ${configSha}`;
    return `${what}, which was cut off at step ${step}`;
  });
  const checkpoint = valueOf(recorded);
  if (!checkpoint) return { checks: [whatFor] };

  const asBegun = { ...request, skipCommands: skipsCommands(request, checkpoint) };
  const passed = await attempt(() => preflightResume(asBegun, tools, checkpoint));
  if (isMistake(passed)) throw errorOf(passed);
  const pinned = valueOf(passed);
  if (pinned) return { checks: [whatFor], plan: pinned, recorded: checkpoint };
  const isClosed = 'error' in passed && passed.error instanceof GateClosedError;
  const checks = [whatFor, checkOf(isClosed ? 'gate' : 'deploy', passed, () => '')];
  const plan = valueOf(await attempt(() => planFor(asBegun, checkpoint.artifact, tools)));
  return { checks, recorded: checkpoint, ...(plan && { plan }) };
}

/** A deploy that was begun without its commands goes on so. */
function skipsCommands({ rerunCommands, skipCommands }: DeployRequest, { own }: Checkpoint) {
  return skipCommands || (!rerunCommands && own?.commandsSkipped === true);
}

function errorOf(attempted: Attempt<unknown>): unknown {
  return 'error' in attempted ? attempted.error : undefined;
}

/** The last word has what a deploy itself asks, should it ask more than what was asked here. */
async function completed(
  checks: readonly Check[],
  preflight: () => Promise<unknown>,
): Promise<readonly Check[]> {
  if (checks.some(({ verdict }) => verdict !== 'ok')) return checks;
  const last = checkOf('deploy', await attempt(preflight), () => '');
  return last.verdict === 'ok' ? checks : [...checks, last];
}

function nameOf({ buildNumber, tags, value }: Artifact): string {
  return `${value} (SHA ${tags?.['SHA'] ?? '-'}, build ${buildNumber})`;
}

/** The image of each container that no registry of ECR has. */
function imagesElsewhere({ containerDefinitions }: DeployPlan): string[] {
  return containerDefinitions.map(imageOf).filter((image) => parseEcrImage(image) === undefined);
}

const DIGEST_SHOWN = 'sha256:'.length + 12;

/** `hello:v1 is sha256:9f9c28eabd07…` */
function describeImages({ imageDigests }: DeployPlan): string {
  const pinned = Object.entries(imageDigests);
  if (pinned.length === 0) return 'deployed as it is named';
  return pinned
    .map(([reference, digest]) => {
      const name = reference.slice(reference.indexOf('/') + 1);
      return `${name} is ${digest.slice(0, DIGEST_SHOWN)}…`;
    })
    .join('; ');
}
