import { isoTime } from '../../clock.ts';
import type { HolderInfo } from '../../lock/item.ts';
import type { Checkpoint, OwnCheckpoint } from '../checkpoint.ts';
import { describeHolder } from '../held-lock.ts';
import { externalIdOf, newDeployId } from '../lineage.ts';
import type { DeployPlan } from '../plan.ts';
import { decidedIn } from '../recorded.ts';
import type { DeployRequest, DeployTools } from '../request.ts';

/** What taking the lock works with. */
export interface Tools extends DeployTools {
  /** Until when to wait for another deploy to end, by the clock's `monotonicMs`. */
  readonly waitUntilMs: number;
}

/** A lock's holder, and when by our own clock it was seen. */
export interface Held {
  readonly holder: HolderInfo;
  readonly seenAtMs: number;
}

/** What a lineage begins with. */
export function firstCheckpoint(
  plan: DeployPlan,
  { clock, machine, randomBytes }: DeployTools,
): Checkpoint & { readonly own: OwnCheckpoint } {
  return {
    artifact: plan.artifact,
    configSha: plan.configSha,
    newTaskSetId: '',
    newActiveColor: '',
    done: false,
    step: 1,
    own: {
      deployId: newDeployId(randomBytes),
      attempt: 1,
      preCommandsDone: 0,
      postCommandsDone: 0,
      commandsSkipped: plan.commandsSkipped,
      contentIdentity: plan.contentIdentity,
      ...decidedIn(plan),
      ...machine,
      startedAt: isoTime(clock),
    },
  };
}

/** Adds what must not be lost of a deploy that is replaced, also if this one is cut off itself. */
export function withTrail(
  checkpoint: Checkpoint & { readonly own: OwnCheckpoint },
  replaced: Checkpoint | undefined,
): Checkpoint & { readonly own: OwnCheckpoint } {
  if (!replaced) return checkpoint;
  const { done, newTaskSetId, own, step } = replaced;
  const earlier = own?.leftBehind ?? [];
  const mayHaveCreated = step >= 6 && !done;
  const created = newTaskSetId || (own && externalIdOf(own));
  return {
    ...checkpoint,
    own: {
      ...checkpoint.own,
      ...(own && { replaced: own.deployId }),
      leftBehind: mayHaveCreated && created ? [...earlier, created] : earlier,
    },
  };
}

/** What the lock's own functions want to know. */
export function lockOptions(
  key: string,
  { clock, interrupt, lease, lockStore, machine, randomBytes }: DeployTools,
) {
  return {
    ...lease,
    store: lockStore,
    clock,
    random: randomBytes,
    key,
    ownerLabel: machine.host,
    signal: interrupt,
  };
}

/** For how long a holder that is alive is given the chance to fall silent. */
export function patienceMs({ clock, waitUntilMs }: Tools): number | undefined {
  const waitMs = waitUntilMs - clock.monotonicMs();
  return waitMs > 0 ? waitMs : undefined;
}

/** Says what is going to be deployed. */
export function announce(plan: DeployPlan, request: DeployRequest, { report }: DeployTools): void {
  report({
    type: 'deploy.started',
    app: plan.app,
    environment: plan.environment,
    artifact: plan.artifact.value,
    buildNumber: plan.artifact.buildNumber,
    configSha: plan.configSha,
    mode: request.mode,
  });
}

/** Tells again and again how long the holder still has to be silent. */
export function waitReporter(seen: HolderInfo, { clock, report }: DeployTools) {
  const startedMs = clock.monotonicMs();
  return (remainingMs: number) =>
    report({
      type: 'wait.progressed',
      waitingFor: `${describeHolder(seen)} to be silent for a whole lease`,
      elapsedMs: clock.monotonicMs() - startedMs,
      remainingMs,
    });
}
