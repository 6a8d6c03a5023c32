import { type Artifact, artifactId } from '../artifactdb/artifact.ts';
import type { RecordedTagChange } from '../artifactdb/tag-history.ts';
import { isoTimeAt } from '../clock.ts';
import { RefusedError } from '../errors.ts';
import { askGate, type Gate, gateOf, gateTag, type GateVerdict, refOf } from './gate.ts';
import { type DeployRecord, SUCCESS } from './history/deploy-record.ts';
import { swapHasBegun } from './recorded.ts';
import type { DeployRequest, DeployTools } from './request.ts';
import type { DeployContext } from './step.ts';
import { steadily } from './waiting.ts';

/** The artifact and its configuration have not proved themselves where they had to. */
export class GateClosedError extends RefusedError {}

/** Far enough back for "it worked last week"; one request. */
const DEPLOYS_LOOKED_THROUGH = 100;
const TAG_CHANGES_LOOKED_THROUGH = 100;
const OTHERS_NAMED_MAX = 5;

type Asking = Pick<DeployRequest, 'app' | 'gateOverride'>;

/**
 * Lets an artifact through the gate, or a person who overrides it, which is said aloud.
 * @returns why the gate was overridden; undefined when it is open, or when there is none.
 * @throws {GateClosedError} with what is known about the environment before
 */
export async function passGate(
  gate: Gate | undefined,
  artifact: Artifact,
  { app, gateOverride: reason }: Asking,
  tools: Pick<DeployTools, 'history' | 'report'>,
): Promise<string | undefined> {
  const verdict = gate && askGate(gate, artifact, app);
  if (!gate || !verdict || verdict.isOpen) {
    if (reason !== undefined) {
      const why = gate ? `is open to ${artifact.value}` : 'does not exist';
      const message = `--override-gate was not needed: the gate ${why}.`;
      tools.report({ type: 'note', message });
    }
    return undefined;
  }
  const message = closedGate(gate, artifact, verdict);
  if (reason !== undefined) {
    tools.report({ type: 'warning', message: `${message} Overridden: ${reason}` });
    return reason;
  }
  const evidence = await readEvidence(gate, artifact, app.name, tools);
  throw new GateClosedError([message, ...toldBy(evidence, gate, verdict)].join(' '), {
    hint: `Deploy it to ${gate.previous} first, with the same configuration. In an emergency: --override-gate "reason".`,
  });
}

/**
 * Asks once more with the lock held, for until then anybody may have withdrawn what was recorded. A
 * deploy whose version serves already is to be finished whatever the gate says.
 * @throws {GateClosedError}
 */
export async function passGateUnderLock(
  context: DeployContext,
  request: DeployRequest,
  tools: Pick<DeployTools, 'artifacts' | 'history' | 'report'>,
): Promise<void> {
  const { app, configSha, environment } = request;
  const { checkpoint, plan } = context;
  const gate = gateOf(app, environment, configSha);
  if (!gate || plan.gateOverride !== undefined || swapHasBegun(checkpoint.current)) return;
  const ref = refOf(app, plan.artifact.buildNumber);
  const artifact = await steadily(context, () => tools.artifacts.get(ref));
  if (askGate(gate, artifact, app).isOpen) return;
  const gateOverride = await passGate(gate, artifact, request, tools);
  if (gateOverride !== undefined) checkpoint.note({ own: { gateOverride } });
}

/** What is closed, in a sentence. */
function closedGate(gate: Gate, artifact: Artifact, { outcome }: GateVerdict): string {
  const { environment, identity, previous } = gate;
  const state = outcome === 'failure' ? 'is recorded as failed' : 'has not been deployed';
  return `${environment} takes only what has been deployed to ${previous}: ${artifact.value} (${artifactId(artifact)}) with configuration ${identity} ${state} there.`;
}

/** What histories tell about an artifact in the environment before. */
interface Evidence {
  /** Deploys of this very artifact to that environment, newest first. */
  readonly deploys: readonly DeployRecord[];
  /** Who made the record what it is, by hand. */
  readonly tagChange?: RecordedTagChange;
}

/** A refusal must not fail for want of details. */
async function readEvidence(
  gate: Gate,
  artifact: Artifact,
  app: string,
  { history }: Pick<DeployTools, 'history'>,
): Promise<Evidence> {
  if (!history) return { deploys: [] };
  const target = { app, environment: gate.previous };
  const [deploys, changes] = await Promise.all([
    history.deploysTo(target, DEPLOYS_LOOKED_THROUGH).then(
      ({ records }) => records,
      () => [],
    ),
    history.tagChanges(artifact, TAG_CHANGES_LOOKED_THROUGH).catch(() => []),
  ]);
  const tagChange = changes.find(({ key }) => key === gateTag(gate));
  return {
    deploys: deploys.filter(
      ({ artifact: { buildNumber } }) => buildNumber === artifact.buildNumber,
    ),
    ...(tagChange && { tagChange }),
  };
}

/** When and by whom it was last tried, and what would have been let through. One sentence each. */
function toldBy(
  { deploys, tagChange }: Evidence,
  gate: Gate,
  { succeededWith }: GateVerdict,
): string[] {
  const identityOf = ({ contentIdentity, configSha }: DeployRecord) =>
    gate.kind === 'content' ? contentIdentity : configSha;
  const withIt = deploys.filter((deploy) => identityOf(deploy) === gate.identity);
  const last = withIt[0];
  const lastSuccess = withIt.find(({ outcome }) => outcome === SUCCESS);
  const others = succeededWith.slice(-OTHERS_NAMED_MAX).map((identity) => {
    const deploy = deploys.find((one) => one.outcome === SUCCESS && identityOf(one) === identity);
    return deploy ? `${identity} (${when(deploy)})` : identity;
  });
  return [
    ...(last && last !== lastSuccess ? [`It was last tried ${when(last)}: ${last.outcome}.`] : []),
    ...(lastSuccess ? [`It last succeeded ${when(lastSuccess)}.`] : []),
    ...(tagChange
      ? [
          `The record was ${tagChange.after === null ? 'withdrawn' : 'set'} by hand ${whenChanged(tagChange)}.`,
        ]
      : []),
    ...(others.length > 0
      ? [`It was deployed there with configuration ${others.join(', ')}; this is ${gate.identity}.`]
      : []),
  ];
}

function when({ by, endedAt }: DeployRecord): string {
  return `at ${endedAt} by ${by.user} on ${by.host}`;
}

function whenChanged({ atMs, by }: RecordedTagChange): string {
  return `at ${isoTimeAt(atMs)} by ${by.user} on ${by.host}`;
}
