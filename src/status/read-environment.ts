import type { Clock } from '../clock.ts';
import type { AppConfig, EnvironmentConfig } from '../config/config.ts';
import { readColors } from '../deploy/colors.ts';
import { lockKeyOf } from '../deploy/held-lock.ts';
import { type Color, familyAndRevision, otherColor, type TaskSet } from '../deploy/model.ts';
import { RefusedError } from '../errors.ts';
import type {
  EnvironmentStatus,
  Health,
  IdleCost,
  ReadError,
  TargetCounts,
  TaskSetStatus,
} from './environment-status.ts';
import { readIdleCost } from './idle-cost.ts';
import { type LockStatus, readLockStatus } from './lock-status.ts';
import type { Home, RegionReads } from './ports.ts';
import { type Problem, problemsOf } from './problems.ts';
import { colorsToAskAbout, countTargets } from './target-health.ts';
import { troubleOf } from './trouble.ts';
import { colorOf, readVersions, type Version, type Versions } from './versions.ts';

/** What a status is read with. */
export interface StatusTools {
  /** The account and Region of an environment; the same for all that are in it. */
  readonly readsFor: (environment: EnvironmentConfig) => Promise<RegionReads>;
  readonly home: () => Promise<Home>;
  readonly clock: Clock;
  /** For how long to listen for a sign of life of whoever has a lock, in milliseconds. */
  readonly listenMs: number;
  readonly signal?: AbortSignal;
}

/**
 * Reads how one environment is. Writes nothing and takes no lock, so that it may show a state between
 * two steps of a running deploy. What can't be read is told among its `errors`.
 * @throws what is a bug of ours, and the signal's reason.
 */
export async function readEnvironment(
  app: AppConfig,
  environment: EnvironmentConfig,
  tools: StatusTools,
): Promise<EnvironmentStatus> {
  const errors = new Errors(tools.signal);
  const [seen, lock] = await Promise.all([
    errors.noting('task sets', look(app, environment, tools, errors)),
    errors.noting('lock', readLock(app, environment, tools)),
  ]);
  const problems = problemsOf({
    ...(seen && {
      running: seen.versions.running,
      service: seen.versions.service,
      activeColor: seen.activeColor,
      rulesProblem: seen.rulesProblem,
      targets: seen.activeColor && seen.targets[seen.activeColor],
    }),
    lock,
  });
  return {
    environment: environment.name,
    accountId: environment.accountId,
    region: environment.region,
    health: healthOf(problems, errors.list),
    problems,
    errors: errors.list,
    ...(seen && toStatus(seen, environment)),
    ...(lock && { lock }),
  };
}

/** What could not be read. */
class Errors {
  readonly list: ReadError[] = [];
  readonly #signal: AbortSignal | undefined;

  constructor(signal: AbortSignal | undefined) {
    this.#signal = signal;
  }

  /** @throws the error again if it is a bug of ours, or nobody wants to know any more. */
  note(what: ReadError['what'], error: unknown): void {
    this.#signal?.throwIfAborted();
    const trouble = troubleOf(error);
    if (!trouble) throw error;
    this.list.push({ what, ...trouble });
  }

  async noting<T>(what: ReadError['what'], work: Promise<T>): Promise<T | undefined> {
    try {
      return await work;
    } catch (error) {
      this.note(what, error);
      return undefined;
    }
  }
}

async function readLock(
  app: AppConfig,
  environment: EnvironmentConfig,
  { clock, home, listenMs, signal }: StatusTools,
): Promise<LockStatus> {
  const { lockStore } = await home();
  return readLockStatus(lockKeyOf({ app, environment }), {
    lockStore,
    clock,
    listenMs,
    ...(signal && { signal }),
  });
}

/** What AWS says of an environment. */
interface Seen {
  readonly versions: Versions;
  /** Undefined when the rules don't tell; `rulesProblem` says why. */
  readonly activeColor: Color | undefined;
  readonly rulesProblem: string | undefined;
  readonly targets: Partial<Record<Color, TargetCounts>>;
  readonly idleCost: IdleCost | undefined;
}

async function look(
  app: AppConfig,
  environment: EnvironmentConfig,
  { home, readsFor }: StatusTools,
  errors: Errors,
): Promise<Seen> {
  const reads = await readsFor(environment);
  const versions = await readVersions(app, environment, {
    reads,
    artifacts: { get: async (ref) => (await home()).artifacts.get(ref) },
    onArtifactError: (error) => errors.note('artifacts', error),
  });
  const { running } = versions;
  const colors = colorsIn(versions, environment);
  const { activeColor } = colors;
  const [targets, idleCost] = await Promise.all([
    Promise.all(
      colorsToAskAbout(running, activeColor).map(async (color) => {
        const described = reads.targets(environment.targetGroupArns[color]);
        const known = await errors.noting('targets', described);
        return known ? [[color, countTargets(known)]] : [];
      }),
    ),
    activeColor && readIdleCost(otherColor(activeColor), running, reads),
  ]);
  return { versions, ...colors, targets: Object.fromEntries(targets.flat()), idleCost };
}

function colorsIn(
  { rules }: Versions,
  { targetGroupArns }: EnvironmentConfig,
): Pick<Seen, 'activeColor' | 'rulesProblem'> {
  try {
    const { active } = readColors(rules, targetGroupArns);
    return { activeColor: active, rulesProblem: undefined };
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    return { activeColor: undefined, rulesProblem: error.message };
  }
}

function healthOf(problems: readonly Problem[], errors: readonly ReadError[]): Health {
  if (problems.length > 0) return 'degraded';
  return errors.length > 0 ? 'unknown' : 'healthy';
}

const ROLES: readonly TaskSetStatus['role'][] = ['serving', 'idle', 'unknown', 'stray'];

function toStatus(
  { activeColor, idleCost, targets, versions }: Seen,
  { targetGroupArns }: EnvironmentConfig,
): Pick<EnvironmentStatus, 'activeColor' | 'desiredCount' | 'idleCost' | 'targets' | 'taskSets'> {
  const { draining, running, service } = versions;
  const taskSets = [
    ...running.map((version) => toTaskSetStatus(version, activeColor)),
    ...draining.map((taskSet) =>
      toTaskSetStatus({ taskSet, color: colorOf(taskSet, targetGroupArns) }, activeColor),
    ),
  ];
  return {
    ...(activeColor && { activeColor }),
    ...(service && { desiredCount: service.desiredCount }),
    taskSets: taskSets.sort((a, b) => ROLES.indexOf(a.role) - ROLES.indexOf(b.role)),
    targets,
    ...(idleCost && { idleCost }),
  };
}

type Described = Partial<Version> & { readonly taskSet: TaskSet };

function toTaskSetStatus(
  { artifact, buildNumber, color, configSha, outcome, taskSet }: Described,
  activeColor: Color | undefined,
): TaskSetStatus {
  return {
    role: roleOf(color, activeColor),
    ...(color && { color }),
    id: taskSet.id,
    status: taskSet.status,
    taskDefinition: familyAndRevision(taskSet.taskDefinitionArn),
    desired: taskSet.computedDesiredCount,
    running: taskSet.runningCount,
    pending: taskSet.pendingCount,
    steady: taskSet.isSteady,
    ...(artifact && { artifact: artifact.value }),
    ...(buildNumber === undefined ? {} : { buildNumber }),
    ...(configSha === undefined ? {} : { configSha }),
    ...(outcome && { outcome }),
  };
}

function roleOf(color: Color | undefined, active: Color | undefined): TaskSetStatus['role'] {
  if (color === undefined) return 'stray';
  if (active === undefined) return 'unknown';
  return color === active ? 'serving' : 'idle';
}
