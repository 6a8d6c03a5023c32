import type { ECSClient, Task as EcsTask } from '@aws-sdk/client-ecs';
import { DescribeTasksCommand, ListTasksCommand } from '@aws-sdk/client-ecs';
import type { StoppedTask, Task } from '../deploy/model.ts';
import type { TasksPort } from '../deploy/ports.ts';
import { call, required } from './errors.ts';

const LIST = 'ecs:ListTasks';
const DESCRIBE = 'ecs:DescribeTasks';
/** @see DescribeTasks, Amazon ECS API Reference: at most 100 tasks a call. */
const PAGE = 100;

/** The tasks of task sets over ECS: a set's id is what its tasks were started by. */
export function tasksPort(client: ECSClient, cluster: string): TasksPort {
  async function describeAll(
    startedBy: string,
    desiredStatus: 'RUNNING' | 'STOPPED',
  ): Promise<EcsTask[]> {
    const found: EcsTask[] = [];
    let nextToken: string | undefined;
    do {
      const listed = await call(LIST, () =>
        client.send(
          new ListTasksCommand({
            cluster,
            startedBy,
            desiredStatus,
            maxResults: PAGE,
            ...(nextToken === undefined ? {} : { nextToken }),
          }),
        ),
      );
      const tasks = required(LIST, 'taskArns', listed.taskArns);
      // ECS refuses an empty list.
      if (tasks.length > 0) {
        const described = await call(DESCRIBE, () =>
          client.send(new DescribeTasksCommand({ cluster, tasks })),
        );
        found.push(...required(DESCRIBE, 'tasks', described.tasks));
      }
      nextToken = listed.nextToken;
    } while (nextToken);
    return found;
  }

  return {
    running: async (taskSetId) => (await describeAll(taskSetId, 'RUNNING')).map(toTask),
    async unstopped(taskSetId) {
      // In this order: a task that is scaled away in between is in the second list, if not in both.
      const wanted = await describeAll(taskSetId, 'RUNNING');
      const unwanted = await describeAll(taskSetId, 'STOPPED');
      return [...wanted, ...unwanted]
        .filter(({ lastStatus }) => lastStatus !== 'STOPPED' && lastStatus !== 'DELETED')
        .map(toTask);
    },
    stopped: async (taskSetId) =>
      (await describeAll(taskSetId, 'STOPPED'))
        .filter((task) => task.lastStatus === 'STOPPED')
        .map(toStoppedTask),
  };
}

function toTask(task: EcsTask): Task {
  const address = task.containers
    ?.flatMap((container) => container.networkInterfaces ?? [])
    .find((networkInterface) => networkInterface.privateIpv4Address)?.privateIpv4Address;
  return {
    arn: required(DESCRIBE, 'taskArn', task.taskArn),
    lastStatus: task.lastStatus ?? 'UNKNOWN',
    ...(address === undefined ? {} : { address }),
  };
}

function toStoppedTask(task: EcsTask): StoppedTask {
  return {
    arn: required(DESCRIBE, 'taskArn', task.taskArn),
    stopCode: task.stopCode ?? 'unknown',
    stoppedReason: task.stoppedReason ?? 'no reason given',
    stoppedAtMs: task.stoppedAt?.getTime() ?? 0,
    containers: (task.containers ?? []).map((container) => ({
      name: container.name ?? '?',
      ...(container.exitCode === undefined ? {} : { exitCode: container.exitCode }),
      ...(container.reason === undefined ? {} : { reason: container.reason }),
    })),
  };
}
