import type { EnvironmentStatus, TaskSetStatus } from '../../../src/status/environment-status.ts';
import type { Overview } from '../../../src/status/overview.ts';

export const NOW_MS = Date.UTC(2026, 0, 1, 3, 4, 5);
export const WORDING = { nowMs: NOW_MS, flags: ['-config', 'c.json'] };

export const SERVING: TaskSetStatus = {
  role: 'serving',
  color: 'green',
  id: 'ecs-svc/2',
  status: 'PRIMARY',
  taskDefinition: 'hello-dev:2',
  desired: 2,
  running: 2,
  pending: 0,
  steady: true,
  artifact: 'hello:v2',
  buildNumber: 2,
  configSha: 'cfg00001',
  outcome: 'success',
};
const IDLE: TaskSetStatus = {
  ...SERVING,
  role: 'idle',
  color: 'blue',
  id: 'ecs-svc/1',
  status: 'ACTIVE',
  taskDefinition: 'hello-dev:1',
  artifact: 'hello:v1',
  buildNumber: 1,
};

/** As every deploy leaves it. */
export const HEALTHY: EnvironmentStatus = {
  environment: 'dev',
  accountId: '111111111111',
  region: 'us-east-1',
  health: 'healthy',
  problems: [],
  errors: [],
  activeColor: 'green',
  desiredCount: 2,
  taskSets: [SERVING, IDLE],
  targets: { green: { healthy: 2, unhealthy: 0, initial: 0, unchecked: 0 } },
  idleCost: { tasks: 2, size: { vcpu: 0.5, memoryGb: 1 } },
  lock: { lock: 'hello-dev', state: 'free' },
};

/** A deploy was cut off right after the swap, and a task has died since. */
export const CUT_OFF: EnvironmentStatus = {
  ...HEALTHY,
  environment: 'prod',
  health: 'degraded',
  problems: [
    {
      code: 'unhealthy-targets',
      message: '1 of 2 targets of green, which serves, is unhealthy: Request timed out',
    },
    { code: 'unfinished-deploy', message: 'The deploy of hello:v2 was cut off at step 9.' },
  ],
  taskSets: [
    { ...SERVING, status: 'ACTIVE', running: 1, pending: 1, outcome: 'failure' },
    { ...IDLE, status: 'PRIMARY', steady: false },
  ],
  targets: {
    green: { healthy: 1, unhealthy: 1, initial: 0, unchecked: 0, reason: 'Request timed out' },
  },
  lock: {
    lock: 'hello-prod',
    state: 'silent',
    owner: 'build-3-x',
    deploy: {
      artifact: 'hello:v2',
      buildNumber: 2,
      sha: 'bbbb2222',
      configSha: 'cfg00001',
      step: 9,
      done: false,
      tool: 'ecs-deploy',
      host: 'build-3',
      pid: 4711,
      job: 'https://ci.example/jobs/99',
      startedAt: '2026-01-01T03:02:00.000Z',
    },
  },
};

export const UNREAD: EnvironmentStatus = {
  environment: 'test',
  accountId: '222222222222',
  region: 'us-east-1',
  health: 'unknown',
  problems: [],
  errors: [{ what: 'task sets', message: 'ecs:DescribeServices: not you', hint: 'Ask Ann.' }],
  lock: {
    lock: 'hello-test',
    state: 'hold',
    hold: { reason: 'Migration', by: 'ann', since: '2026-01-01T00:00:00.000Z', wasFree: true },
  },
};

/** One app in these environments. */
export function overviewOf(...environments: EnvironmentStatus[]): Overview {
  const health = environments.find((each) => each.health !== 'healthy')?.health ?? 'healthy';
  return { health, apps: [{ app: 'hello', latest: 'hello:v3', environments }] };
}
