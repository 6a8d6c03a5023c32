import type { TaskSet } from '../../../sandbox/world/ecs/state.ts';
import { Interruption } from '../../../src/deploy/interruption.ts';
import { ATTRIBUTE } from '../../../src/lock/item.ts';
import type { Facts } from './facts.ts';
import { HELLO, LOCK_KEY } from './hello.ts';
import type { DeployerProcess } from './process.ts';
import type { Act, RunSpec } from './scenario.ts';

/** What somebody does, and what may not hold for a while because of it. */
interface Deed {
  /** The numbers of invariants. */
  readonly excuses: readonly number[];
  /** Whether it stays so after a deploy that has ended well. */
  readonly isLasting?: true;
  /** Who comes to a good end all the same. */
  readonly mendedBy: readonly RunSpec['mode'][];
  readonly do: (around: Stage) => void;
}

/** Where somebody acts. */
interface Stage {
  readonly facts: Facts;
  /** At whose call it happens. */
  readonly process: DeployerProcess;
  /** All that run at this moment. */
  readonly live: Iterable<DeployerProcess>;
}

const { cluster, family, service, subnets, securityGroups, targetGroupArns } = HELLO.environment;
const SERVICE = { cluster, service };

const NOBODY: readonly RunSpec['mode'][] = [];
const START_OVER: readonly RunSpec['mode'][] = ['start-over'];
const ALL: readonly RunSpec['mode'][] = ['deploy', 'resume', 'start-over'];

/**
 * What others do. In a world without latency and without stale reads a deployer can always see it
 * before its next call, so that little has to be excused: how many are healthy, where a label is, and
 * how the deploys end that were under way. Each number here is needed: without it a suite fails.
 */
export const DEEDS: Readonly<Record<Act, Deed>> = {
  /** The first signal to the process. */
  SIGINT: {
    excuses: [],
    mendedBy: ALL,
    do: ({ process }) => process.interrupt.abort(new Interruption('SIGINT')),
  },

  /** Another client of the lock takes it over and keeps it, as a person with the old tool would. */
  steal: {
    excuses: [],
    mendedBy: ALL,
    do: ({ facts: { clock, lock }, live, process }) => {
      const { [ATTRIBUTE.isReleased]: _released, ...rest } = lock.current ?? {};
      for (const each of [process, ...live]) {
        // Whoever is about to take it has been robbed as well.
        each.wasRobbed ||= each === process || each.owners.has(lock.owner ?? '');
      }
      lock.current = {
        ...rest,
        key: { S: LOCK_KEY },
        [ATTRIBUTE.owner]: { S: 'thief' },
        [ATTRIBUTE.leaseDuration]: { S: '10s' },
        [ATTRIBUTE.recordVersionNumber]: { S: `thief${clock.events}.${process.lockWrites}` },
      };
    },
  },

  /** A person exchanges the two rules' priorities. */
  swap: {
    excuses: [1, 8, 9],
    mendedBy: NOBODY,
    do: ({ facts: { world } }) => {
      const [first, second] = [...world.region.elb.rules.values()]
        .filter(({ priority }) => Number.isFinite(priority))
        .sort((a, b) => a.priority - b.priority);
      world.perform('SetRulePriorities', {
        RulePriorities: [
          { RuleArn: first?.ruleArn, Priority: second?.priority },
          { RuleArn: second?.ruleArn, Priority: first?.priority },
        ],
      });
    },
  },

  /** A person deletes the newest task set that does not serve. */
  'delete-idle': {
    excuses: [9, 13],
    mendedBy: ALL,
    do: ({ facts }) => {
      const taskSet = newestIdle(facts);
      if (!taskSet || taskSet.status === 'PRIMARY') return;
      facts.world.perform('DeleteTaskSet', { ...SERVICE, taskSet: taskSet.id, force: true });
    },
  },

  /** The oldest running task of what serves crashes; ECS replaces it. */
  'kill-task': {
    excuses: [1, 9],
    mendedBy: ALL,
    do: ({ facts }) => {
      const { runtime } = facts.world;
      const addresses = new Set(facts.targetsOf(facts.servingColor).map((t) => t.address));
      const task = runtime.running().find(({ address }) => addresses.has(address));
      if (task) runtime.exit(task.taskArn, 'hello', { exitCode: 1 });
    },
  },

  /** Every target on the idle colour begins to fail its health checks. */
  'sicken-idle': {
    excuses: [1, 9],
    isLasting: true,
    mendedBy: NOBODY,
    do: ({ facts }) => facts.world.sicken(targetGroupArns[facts.idleColor]),
  },

  /** Somebody takes every target out of the idle group; ECS puts none back. */
  'empty-idle': {
    excuses: [9],
    mendedBy: START_OVER,
    do: ({ facts }) => {
      const targets = facts.targetsOf(facts.idleColor);
      if (targets.length === 0) return;
      facts.world.perform('DeregisterTargets', {
        TargetGroupArn: targetGroupArns[facts.idleColor],
        Targets: targets.map(({ address, port }) => ({ Id: address, Port: port })),
      });
    },
  },

  /** Scaling wants one task more. */
  'scale-out': {
    excuses: [1, 9],
    mendedBy: ALL,
    do: ({ facts: { world } }) => {
      const desiredCount = world.service.desiredCount + 1;
      world.perform('UpdateService', { ...SERVICE, desiredCount });
    },
  },

  /** A person switches the service off. */
  'scale-to-zero': {
    excuses: [9],
    mendedBy: NOBODY,
    do: ({ facts: { world } }) => {
      world.perform('UpdateService', { ...SERVICE, desiredCount: 0 });
    },
  },

  /** A person makes the newest task set PRIMARY that does not serve. */
  'move-primary': {
    excuses: [8, 9, 23],
    mendedBy: START_OVER,
    do: ({ facts }) => {
      const taskSet = newestIdle(facts);
      if (!taskSet) return;
      facts.world.perform('UpdateServicePrimaryTaskSet', {
        ...SERVICE,
        primaryTaskSet: taskSet.id,
      });
    },
  },

  /** Another tool puts a task set of its own on the idle colour. */
  stranger: {
    excuses: [2, 9, 25],
    mendedBy: START_OVER,
    do: ({ facts }) => {
      if (!facts.world.region.ecs.families.has(family)) return;
      facts.world.perform('CreateTaskSet', {
        ...SERVICE,
        taskDefinition: family,
        launchType: 'FARGATE',
        loadBalancers: [
          {
            targetGroupArn: targetGroupArns[facts.idleColor],
            containerName: 'hello',
            containerPort: 8080,
          },
        ],
        networkConfiguration: { awsvpcConfiguration: { subnets, securityGroups } },
      });
    },
  },
};

function newestIdle(facts: Facts): TaskSet | undefined {
  return facts.liveOn(facts.idleColor).at(-1);
}
