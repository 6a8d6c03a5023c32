import type { Color, Service } from '../deploy/model.ts';
import type { TargetCounts } from './environment-status.ts';
import type { LockStatus } from './lock-status.ts';
import type { Version } from './versions.ts';

/** What can be wrong with an environment, the worst first. */
type ProblemCode =
  /** There is no such service, or it is not active. */
  | 'service'
  /** The listener's rules are not those of two colours that can be swapped. */
  | 'rules'
  /** The active colour runs no task. */
  | 'nothing-serves'
  /** Targets of the active colour are not healthy. */
  | 'unhealthy-targets'
  /** The active colour runs fewer tasks than it is to. */
  | 'too-few-tasks'
  /** A task set of the active colour is not at its full scale. */
  | 'scaled-down'
  /** The task set that ECS calls PRIMARY is not the one that serves. */
  | 'primary-not-serving'
  /** A target group has more than one task set. */
  | 'several-on-group'
  /** A task set is attached to neither target group. */
  | 'stray-task-set'
  /** What serves is recorded as failed. */
  | 'failed-deploy-serves'
  /** A deploy was cut off, or gave up, and waits for a decision. */
  | 'unfinished-deploy';

export interface Problem {
  readonly code: ProblemCode;
  /** One line. */
  readonly message: string;
}

/** What is known of an environment. What could not be read is left out, and judged by nobody. */
export interface Facts {
  /** Left out together with everything else that AWS could not be asked about. */
  readonly running?: readonly Version[];
  readonly service?: Service | undefined;
  /** Undefined when the rules don't tell; `rulesProblem` says why. */
  readonly activeColor?: Color | undefined;
  readonly rulesProblem?: string | undefined;
  /** Of the active colour. */
  readonly targets?: TargetCounts | undefined;
  readonly lock?: LockStatus | undefined;
}

/** Finds everything that is wrong. What a deploy at work does on its way is not. */
export function problemsOf(facts: Facts): Problem[] {
  return [...versionProblems(facts), ...lockProblems(facts)];
}

function versionProblems(facts: Facts): Problem[] {
  const { activeColor, rulesProblem, running, service } = facts;
  if (!running) return [];
  return [
    ...(isActive(service) ? [] : [serviceProblem(service)]),
    ...(rulesProblem === undefined ? [] : [problem('rules', rulesProblem)]),
    ...(activeColor && isActive(service) ? servingProblems(facts, activeColor, service) : []),
    ...primaryProblems(facts),
    ...groupProblems(facts),
    ...failedDeploys(facts),
  ];
}

function problem(code: ProblemCode, message: string): Problem {
  return { code, message };
}

function isActive(service: Service | undefined): service is Service {
  return service?.status === 'ACTIVE';
}

function serviceProblem(service: Service | undefined): Problem {
  return problem(
    'service',
    service ? `The service is ${service.status}.` : 'There is no such service.',
  );
}

function servingProblems(facts: Facts, active: Color, { desiredCount }: Service): Problem[] {
  // A service that is scaled to nothing was meant to be.
  if (desiredCount === 0) return [];
  const serving = on(active, facts);
  const count = sum(serving.map(({ taskSet }) => taskSet.runningCount));
  if (facts.running?.length === 0)
    return [problem('nothing-serves', 'The service has no task set: nothing is deployed here.')];
  if (serving.length === 0)
    return [problem('nothing-serves', `No task set is on ${active}, the active colour.`)];
  if (count === 0)
    return [problem('nothing-serves', `No task runs on ${active}, the active colour.`)];
  const tooFew = serving.filter(
    ({ taskSet }) => taskSet.runningCount < taskSet.computedDesiredCount,
  );
  const scaledDown = serving.filter(({ taskSet }) => taskSet.scalePercent < 100);
  return [
    ...targetProblems(facts.targets, active),
    ...tooFew.map(({ taskSet: { computedDesiredCount, id, pendingCount, runningCount } }) =>
      problem(
        'too-few-tasks',
        `${runningCount} of ${computedDesiredCount} tasks run in ${id}, which serves${pendingCount > 0 ? `; ${pendingCount} more on the way` : ''}.`,
      ),
    ),
    ...scaledDown.map(({ taskSet: { id, scalePercent } }) =>
      problem('scaled-down', `${id}, which serves, is scaled to ${scalePercent} %.`),
    ),
  ];
}

function targetProblems(targets: TargetCounts | undefined, active: Color): Problem[] {
  if (!targets) return [];
  const { healthy, initial, reason, unchecked, unhealthy } = targets;
  const because = reason === undefined ? '.' : `: ${reason}`;
  if (healthy + unchecked === 0)
    return [
      problem('unhealthy-targets', `No target of ${active}, which serves, is healthy${because}`),
    ];
  if (unhealthy === 0) return [];
  const all = healthy + unhealthy + initial + unchecked;
  return [
    problem(
      'unhealthy-targets',
      `${unhealthy} of ${all} targets of ${active}, which serves, ${unhealthy === 1 ? 'is' : 'are'} unhealthy${because}`,
    ),
  ];
}

function primaryProblems({ activeColor, lock, running = [] }: Facts): Problem[] {
  // Between the swap and the next call of a deploy it can't be otherwise.
  if (!activeColor || running.length === 0 || isAtWork(lock)) return [];
  const primary = running.find(({ taskSet }) => taskSet.status === 'PRIMARY');
  if (!primary) return [problem('primary-not-serving', 'No task set is PRIMARY.')];
  if (primary.color === activeColor) return [];
  const where = primary.color === undefined ? 'in neither target group' : `on ${primary.color}`;
  return [
    problem(
      'primary-not-serving',
      `PRIMARY is ${primary.taskSet.id} ${where}, but ${activeColor} serves.`,
    ),
  ];
}

function groupProblems(facts: Facts): Problem[] {
  const { activeColor, lock, running = [] } = facts;
  const stray = running.filter(({ color }) => color === undefined);
  const crowded = (['blue', 'green'] as const)
    // A deploy at work removes what it finds on the idle colour.
    .filter((color) => on(color, facts).length > 1 && (color === activeColor || !isAtWork(lock)));
  return [
    ...crowded.map((color) =>
      problem(
        'several-on-group',
        `${on(color, facts).length} task sets are on ${color}${color === activeColor ? ', which serves' : ''}: ${idsOf(on(color, facts))}.`,
      ),
    ),
    ...(stray.length === 0
      ? []
      : [problem('stray-task-set', `On neither target group: ${idsOf(stray)}.`)]),
  ];
}

function failedDeploys(facts: Facts): Problem[] {
  const { activeColor } = facts;
  if (!activeColor) return [];
  return on(activeColor, facts)
    .filter(({ outcome }) => outcome === 'failure')
    .map(({ artifact, configSha }) =>
      problem(
        'failed-deploy-serves',
        `${artifact?.value} with configuration ${configSha} serves, but is recorded as failed here.`,
      ),
    );
}

function lockProblems({ lock }: Facts): Problem[] {
  if (lock?.state !== 'silent' && lock?.state !== 'yielded') return [];
  const { deploy } = lock;
  const which = deploy ? `The deploy of ${deploy.artifact}` : 'A deploy';
  const where = deploy ? ` at step ${deploy.step}` : '';
  const why = deploy?.yielded === undefined ? '.' : `: ${deploy.yielded}`;
  const what = deploy?.done
    ? `${which} is done, but never freed its lock.`
    : lock.state === 'silent'
      ? `${which} was cut off${where}, and waits for a decision.`
      : `${which} stopped${where}, and waits for a decision${why}`;
  return [problem('unfinished-deploy', what)];
}

function isAtWork(lock: LockStatus | undefined): boolean {
  return lock?.state === 'live';
}

function on(color: Color, { running = [] }: Facts): readonly Version[] {
  return running.filter((version) => version.color === color);
}

function idsOf(versions: readonly Version[]): string {
  return versions.map(({ taskSet }) => taskSet.id).join(', ');
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
