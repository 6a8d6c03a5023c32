import { type Gate, gateOf } from './gate.ts';
import { type DeployRecord, SUCCESS } from './history/deploy-record.ts';
import type { DeployPlan } from './plan.ts';
import type { DeployRequest, DeployTools } from './request.ts';

/** Far enough back for "it worked last week"; one request. */
const DEPLOYS_LOOKED_THROUGH = 100;

/** Names of images and their digests. */
type Digests = DeployPlan['imageDigests'];

/**
 * Says so when the images are others than those that have opened the gate: a tag may have moved since,
 * or another registry may hold something else under the same tag. Only that, for what the gate goes by
 * is the artifact, as it always was; and the history that knows may not answer.
 */
export async function warnOfOtherImages(
  plan: DeployPlan,
  request: DeployRequest,
  { history, report }: Pick<DeployTools, 'history' | 'report'>,
): Promise<void> {
  const gate = gateOf(request.app, request.environment, request.configSha);
  if (!gate || !history || Object.keys(plan.imageDigests).length === 0) return;
  const proven = await provenDigests(gate, plan, history).catch(() => undefined);
  if (!proven) return;
  for (const [name, digest] of byRepository(plan.imageDigests)) {
    const before = byRepository(proven).get(name);
    if (before === undefined || before === digest) continue;
    report({
      type: 'warning',
      message: `The image ${name} is ${digest} here, and was ${before} when it was deployed to ${gate.previous}.`,
    });
  }
}

/** What ran when this very artifact last succeeded in the environment before. */
async function provenDigests(
  gate: Gate,
  { app, artifact }: DeployPlan,
  history: NonNullable<DeployTools['history']>,
): Promise<Digests | undefined> {
  const target = { app, environment: gate.previous };
  const { records } = await history.deploysTo(target, DEPLOYS_LOOKED_THROUGH);
  const isProof = (record: DeployRecord) =>
    record.outcome === SUCCESS && record.artifact.buildNumber === artifact.buildNumber;
  return records.find(isProof)?.imageDigests;
}

/** `repository:tag` of each, without the registry: each environment has its own. */
function byRepository(digests: Digests): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(digests).map(([reference, digest]) => [
      reference.slice(reference.indexOf('/') + 1),
      digest,
    ]),
  );
}
