import type { Color, TaskSet } from '../deploy/model.ts';

/** How long one part of a deploy takes. Seconds. */
export interface DurationPart {
  /** Of which step. */
  readonly step: number;
  readonly least: number;
  /** As a rule; left out where nobody can know. */
  readonly most?: number;
  /** The deadline, if there is one: then the deploy gives up. */
  readonly deadline?: number;
  readonly why: string;
}

/** How long a deploy takes: the sums of its parts. Seconds. */
export interface Duration {
  readonly least: number;
  /** As a rule, without what nobody can know. */
  readonly most: number;
  /** All deadlines together. */
  readonly deadline: number;
  readonly parts: readonly DurationPart[];
}

/** A target group's settings that take time. Seconds. */
export interface GroupTimes {
  readonly intervalSeconds: number;
  readonly healthyThreshold: number;
  /** Left out when it could not be read. */
  readonly deregistrationDelaySeconds?: number;
}

export interface DurationInput {
  /** Numbers of the steps that are still to be done. */
  readonly ahead: ReadonlySet<number>;
  /** How long a silent holder of the lock has to be waited for. */
  readonly takeOverSeconds: number;
  readonly removed: readonly TaskSet[];
  readonly newColor: Color;
  readonly targetGroupArns: Readonly<Record<Color, string>>;
  /** By ARN; those that could be read. */
  readonly groups: ReadonlyMap<string, GroupTimes>;
  readonly preCommands: number;
  readonly postCommands: number;
  /** The longest that a container has to stop in. */
  readonly stopSeconds: number;
  readonly timeouts: {
    readonly rolloutMs: number;
    readonly removalMs: number;
    readonly commandMs: number;
  };
  readonly bakeMs: number;
}

/** `90 s`, `15 min`: exactly. */
export function plainTime(seconds: number): string {
  return seconds >= 120 && seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`;
}

/** From CreateTaskSet to a running task, image and all, as Fargate takes it. AWS promises nothing. */
const TASK_START_SECONDS = { least: 20, most: 90 };

/** ECS looks at a task set about so often. */
const SCHEDULER_SECONDS = 10;

/** Between two looks of a deploy. */
const POLL_SECONDS = 2;

/** How long a deploy takes, by what is known of it. */
export function durationOf(input: DurationInput): Duration {
  const parts = [
    ...takeOver(input),
    ...commands(2, input.preCommands, input),
    ...removal(input),
    ...rollout(input),
    ...bake(input),
    ...commands(12, input.postCommands, input),
  ].filter(({ step }) => step === 1 || input.ahead.has(step));
  const sum = (of: (part: DurationPart) => number) =>
    parts.reduce((total, part) => total + of(part), 0);
  return {
    least: sum(({ least }) => least),
    most: sum(({ least, most = least }) => most),
    deadline: sum(({ deadline, most = 0 }) => deadline ?? most),
    parts,
  };
}

function takeOver({ takeOverSeconds }: DurationInput): DurationPart[] {
  if (takeOverSeconds === 0) return [];
  const why = `the lock is taken over after ${takeOverSeconds} s of silence`;
  return [{ step: 1, least: 0, most: takeOverSeconds, why }];
}

function commands(step: number, count: number, { timeouts }: DurationInput): DurationPart[] {
  if (count === 0) return [];
  const eachSeconds = timeouts.commandMs / 1000;
  const why = `what ${count === 1 ? '1 command takes' : `${count} commands take`}, at most ${plainTime(eachSeconds)} each`;
  return [{ step, least: 0, deadline: count * eachSeconds, why }];
}

/** Several are removed at the same time. ECS stops a task only once its target has drained. */
function removal(input: DurationInput): DurationPart[] {
  const { groups, removed, stopSeconds, timeouts } = input;
  // Both waits have it: until the tasks have stopped, and until the task set is gone.
  const deadline = (2 * timeouts.removalMs) / 1000;
  const busy = removed.filter(
    ({ pendingCount, runningCount, status }) =>
      runningCount + pendingCount > 0 || status === 'DRAINING',
  );
  if (removed.length === 0) return [];
  if (busy.length === 0) {
    return [{ step: 4, least: 0, most: SCHEDULER_SECONDS, deadline, why: 'no task has to stop' }];
  }
  const delays = busy.flatMap(({ targetGroupArns }) =>
    targetGroupArns.map((arn) => groups.get(arn)?.deregistrationDelaySeconds),
  );
  const known = delays.filter((delay) => delay !== undefined);
  const delay = Math.max(0, ...known);
  // One that drains already may have most of it behind it.
  const least = busy.every(({ status }) => status === 'DRAINING') ? 0 : delay;
  const isUnknown = known.length < delays.length;
  return [
    {
      step: 4,
      least,
      ...(isUnknown ? {} : { most: delay + stopSeconds + 2 * SCHEDULER_SECONDS }),
      deadline,
      why: `${isUnknown ? 'a deregistration delay that could not be read' : `deregistration delay ${delay} s`}, then up to ${stopSeconds} s to stop`,
    },
  ];
}

/**
 * A new target is healthy after one good check; one that was not ready for its first check may need
 * as many as the threshold says.
 * @see Health checks for Application Load Balancer target groups, User Guide
 */
function rollout(input: DurationInput): DurationPart[] {
  const { ahead, groups, newColor, targetGroupArns, timeouts } = input;
  const group = groups.get(targetGroupArns[newColor]);
  const deadline = timeouts.rolloutMs / 1000;
  const start = ahead.has(6) ? TASK_START_SECONDS : { least: 0, most: TASK_START_SECONDS.most };
  const starting = `tasks start in ${TASK_START_SECONDS.least} to ${TASK_START_SECONDS.most} s as a rule`;
  if (!group) {
    const why = `${starting}; the health check's settings could not be read`;
    return [{ step: 7, least: start.least, deadline, why }];
  }
  const { healthyThreshold, intervalSeconds } = group;
  const checks = healthyThreshold * intervalSeconds;
  return [
    {
      step: 7,
      least: start.least,
      most: start.most + checks + SCHEDULER_SECONDS,
      deadline,
      why: `${starting}; healthy after 1 to ${healthyThreshold} checks, one every ${intervalSeconds} s`,
    },
  ];
}

function bake({ bakeMs }: DurationInput): DurationPart[] {
  const seconds = bakeMs / 1000;
  if (seconds === 0) return [];
  return [
    {
      step: 11,
      least: seconds,
      most: seconds + POLL_SECONDS,
      why: `bake time ${plainTime(seconds)}`,
    },
  ];
}
