import type { At } from './at.ts';
import { allocateAddress } from './addresses.ts';
import { capacityProviderFor } from './capacity.ts';
import { pullContainers } from './container-images.ts';
import { randomHex32 } from './random-ids.ts';
import { addEvent, inSet } from './service-events.ts';
import type { Task, TaskSet } from './state.ts';
import { moveTo } from './task-changes.ts';
import { containerExited, stopTask } from './task-stop.ts';
import { registerTargets } from './targets.ts';

/**
 * Parts of `taskStartSeconds`, from a Fargate task that took 25 s: its network interface was there
 * after 3 s, its image was pulled from 18 s on.
 */
const NETWORK_READY = 0.12;
const PULL_BEGINS = 0.72;

/** Starts one task of a set; it is RUNNING `taskStartSeconds` later, or has failed to start. */
export function startTask(at: At, taskSet: TaskSet): Task {
  const task = createTask(at, taskSet);
  taskSet.tasks.add(task);
  taskSet.service.cluster.tasks.set(task.id, task);
  moveTo(at, task, 'PROVISIONING');
  const { taskStartSeconds } = at.world.settings;
  const later = (part: number, step: () => void) => {
    task.cancelNextStep = at.world.afterSeconds(taskStartSeconds * part, step);
  };
  later(NETWORK_READY, () => {
    moveTo(at, task, 'PENDING');
    later(PULL_BEGINS - NETWORK_READY, () => {
      task.pullStartedAt = at.world.now();
      moveTo(at, task, 'ACTIVATING');
      later(1 - PULL_BEGINS, () => launch(at, task));
    });
  });
  return task;
}

function createTask(at: At, taskSet: TaskSet): Task {
  const { world, region } = at;
  const id = randomHex32(world);
  const { cluster } = taskSet.service;
  return {
    id,
    arn: region.arn('ecs', `task/${cluster.name}/${id}`),
    taskSet,
    address: allocateAddress(world),
    capacityProviderName: capacityProviderFor(taskSet),
    containers: taskSet.taskDefinition.containers.map((definition) => ({
      definition,
      lastStatus: 'PENDING',
      exitCode: undefined,
      reason: undefined,
      imageDigest: undefined,
      cancelKill: undefined,
    })),
    createdAt: world.now(),
    tags: new Map(),
    lastStatus: 'PROVISIONING',
    desiredStatus: 'RUNNING',
    version: 0,
    pullStartedAt: undefined,
    pullStoppedAt: undefined,
    startedAt: undefined,
    startedMs: 0,
    stoppingAt: undefined,
    executionStoppedAt: undefined,
    stoppedAt: undefined,
    forgetMs: Infinity,
    stopCode: undefined,
    stoppedReason: undefined,
    seenRunning: false,
    cancelNextStep: undefined,
  };
}

function launch(at: At, task: Task): void {
  task.cancelNextStep = undefined;
  const pulled = pullContainers(at, task);
  if ('failure' in pulled) {
    stopTask(at, task, { code: 'TaskFailedToStart', reason: pulled.failure });
    return;
  }
  const { world } = at;
  task.pullStoppedAt = world.now();
  registerTargets(at, task);
  for (const container of task.containers) container.lastStatus = 'RUNNING';
  task.startedAt = world.now();
  task.startedMs = world.clock.monotonicMs();
  moveTo(at, task, 'RUNNING');
  for (const { targetGroupArn } of task.taskSet.loadBalancers) {
    const message = `${inSet(task.taskSet)} registered 1 targets in (target-group ${targetGroupArn})`;
    addEvent(at, task.taskSet.service, message);
  }
  // A runtime may report an exit before it returns: from here on the task may be stopping.
  world.runtime.start(
    { taskArn: task.arn, address: task.address, containers: pulled.containers },
    (exit) => containerExited(at, task, exit),
  );
}
