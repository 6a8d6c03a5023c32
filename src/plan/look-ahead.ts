import { SHA_TAG } from '../artifactdb/artifact.ts';
import { listenMs, lockKeyOf } from '../deploy/held-lock.ts';
import type { DeployPlan } from '../deploy/plan.ts';
import type { DeployRequest, DeployTools } from '../deploy/request.ts';
import type { DeployEvent } from '../report/events.ts';
import { describeReferences } from '../templates/mask-secrets.ts';
import { type Acted, actOut } from './act-out.ts';
import { attempt, type Attempt, valueOf } from './attempt.ts';
import { checkOf } from './checks.ts';
import { type Comparison, compareWithServing } from './compare-serving.ts';
import { durationAhead, readGroupTimes } from './group-times.ts';
import { judge, type Judgement } from './judge.ts';
import { judgeLock } from './judge-lock.ts';
import type { Check, LookAhead, Version } from './model.ts';
import { outcomeOf } from './outcome.ts';
import type { PlanReads } from './ports.ts';
import { describeLock, type FoundLock, readLock } from './read-lock.ts';
import { describeRunning, readRunning, type Running } from './running.ts';
import { sharedReads } from './shared-reads.ts';

/**
 * Looks what a deploy would do, were it begun now. Changes nothing, in AWS or elsewhere.
 * @throws {ConfigError | TemplateError} as the deploy would
 * @throws missing credentials, and what is a bug of ours
 */
export async function lookAhead(
  request: DeployRequest,
  tools: DeployTools,
  reads: PlanReads,
): Promise<LookAhead> {
  const heard = new Heard();
  const shared = sharedReads({ ...tools, report: (event) => heard.add(event) });
  const [accounts, lock] = await Promise.all([
    attempt(() => shared.assertAccounts()),
    attempt(() => lockOf(request, shared)),
  ]);
  const own = checkOf('accounts', accounts, () => 'the credentials are of the configured accounts');
  // Answers of another account say nothing about this environment.
  if (own.verdict === 'refused') return { ...nothingKnown(request), checks: [own] };

  const [judgement, running, lockCheck] = await Promise.all([
    judge(request, lock, shared),
    readRunning(request, shared, reads),
    checkLock(request, lock, shared),
  ]);
  const told = { request, judgement, running, lock: valueOf(lock), lockCheck };
  const ahead = await planAhead(told, shared, reads);
  return summary({ ...told, ...ahead, checks: [own, ...checksIn(told, ahead)], heard });
}

/** What is known before the deploy is acted out. */
interface Told {
  readonly request: DeployRequest;
  readonly judgement: Judgement;
  readonly running: Running;
  readonly lock: FoundLock | undefined;
  readonly lockCheck: Check;
}

/** What only the plan tells. */
interface Ahead {
  readonly acted?: Acted;
  readonly comparison?: Comparison;
  readonly times?: Awaited<ReturnType<typeof readGroupTimes>>;
}

/** When step 1 would have the lock. */
const WHEN_TAKEN: Readonly<Record<FoundLock['state'], string>> = {
  free: 'it is free',
  yielded: 'taken over at once',
  silent: 'taken over once it has been silent for a whole lease',
  done: 'taken over once it has been silent for a whole lease',
  live: 'once it is free',
  hold: 'once it is free',
};

async function planAhead(
  { request, judgement, running, lock, lockCheck }: Told,
  tools: DeployTools,
  reads: PlanReads,
): Promise<Ahead> {
  const { checks, plan, recorded } = judgement;
  const { snapshot } = running;
  if (!plan) return {};
  const isPossible = checks.every(
    ({ name, verdict }) => name !== 'environment' || verdict === 'ok',
  );
  const [acted, comparison, times] = await Promise.all([
    snapshot && lock && isPossible
      ? actOut(request, plan, {
          snapshot,
          running,
          lock,
          tools,
          lockText: lockCheck.verdict === 'ok' ? WHEN_TAKEN[lock.state] : 'once it is free',
          ...(recorded && { recorded }),
        })
      : undefined,
    compareWithServing(running, plan, reads, recorded?.own?.taskDefinitionArn),
    readGroupTimes(plan, reads),
  ]);
  return { ...(acted && { acted }), comparison, times };
}

function checksIn({ judgement, lockCheck }: Told, { acted }: Ahead): Check[] {
  const { checks } = judgement;
  const isTold = checks.some(({ message }) => message === lockCheck.message);
  return [...checks, ...(isTold ? [] : [lockCheck]), ...(acted?.failed ? [acted.failed] : [])];
}

function summary({
  acted,
  checks,
  comparison,
  heard,
  judgement: { plan, unknown = [] },
  lock,
  request,
  running,
  times,
}: Told & Ahead & { readonly checks: readonly Check[]; readonly heard: Heard }): LookAhead {
  const [serving] = running.serving;
  const { colors, versions } = running;
  const duration =
    plan &&
    acted &&
    times &&
    lock &&
    durationAhead(request, { plan, acted, times, lock, ...(comparison && { comparison }) });
  return {
    ...nothingKnown(request),
    outcome: outcomeOf({
      checks,
      mode: request.mode,
      lock: lock?.state,
      running,
      comparison,
      isToBePutRight: (acted?.first.length ?? 0) > 0,
    }),
    checks,
    ...(lock && {
      lock: { state: lock.state, ...(lock.holder && { holder: describeLock(lock) }) },
    }),
    ...(plan && { version: versionOf(plan), references: describeReferences(plan.references) }),
    ...(serving && colors
      ? { serving: { ...describeRunning(serving.taskSet, versions), color: colors.active } }
      : {}),
    ...(comparison?.differences && { differences: comparison.differences }),
    ...(acted && { first: acted.first, steps: acted.steps, removed: acted.removed }),
    ...(acted?.swap && { swap: acted.swap }),
    ...(duration && { duration }),
    notes: [...heard.notes],
    warnings: [...heard.warnings, ...(comparison?.warnings ?? []), ...(acted?.warnings ?? [])],
    unknown: [
      ...unknown,
      ...running.unknown,
      ...(comparison?.unknown ?? []),
      ...(times?.unknown ?? []),
    ],
  };
}

function nothingKnown({ app, environment, mode }: DeployRequest): LookAhead {
  return {
    app: app.name,
    environment: environment.name,
    mode,
    outcome: 'refused',
    checks: [],
    references: [],
    first: [],
    steps: [],
    removed: [],
    notes: [],
    warnings: [],
    unknown: [],
  };
}

function versionOf({ artifact, configSha, imageDigests }: DeployPlan): Version {
  const sha = artifact.tags?.[SHA_TAG];
  return {
    artifact: artifact.value,
    buildNumber: artifact.buildNumber,
    ...(sha === undefined ? {} : { sha }),
    configSha,
    imageDigests,
  };
}

function lockOf(request: DeployRequest, tools: DeployTools): Promise<FoundLock> {
  const { clock, interrupt: signal, lockStore } = tools;
  return readLock(lockKeyOf(request), { clock, lockStore, signal, listenMs: listenMs(tools) });
}

async function checkLock(
  request: DeployRequest,
  lock: Attempt<FoundLock>,
  tools: DeployTools,
): Promise<Check> {
  const judged =
    'value' in lock ? await attempt(() => judgeLock(request, lock.value, tools)) : lock;
  return checkOf('lock', judged, (text) => text);
}

/** What a deploy says aloud, once each. */
class Heard {
  readonly notes = new Set<string>();
  readonly warnings = new Set<string>();

  add(event: DeployEvent): void {
    if (event.type === 'note') this.notes.add(event.message);
    if (event.type === 'warning') this.warnings.add(event.message);
  }
}
