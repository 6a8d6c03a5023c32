/** Proofs of ECS's operations on task definitions and tasks. */
import { expect } from '@jest/globals';
import {
  DeregisterTaskDefinitionCommand,
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  ListTaskDefinitionsCommand,
  ListTasksCommand,
  RegisterTaskDefinitionCommand,
  StopTaskCommand,
  type Task,
} from '@aws-sdk/client-ecs';
import { NO_CLUSTER, NO_SERVICE, invalid } from './ecs-words.ts';
import type { Proofs } from './proofs.ts';
import { ACCOUNT, ARNS, ECS, IMAGE, type Scene, START, TASK_DEFINITION_INPUT } from './scene.ts';

const client = (message: string) => ['ClientException', message] as const;
const CONTAINER = TASK_DEFINITION_INPUT.containerDefinitions[0]!;
const TASK_ID = '0123456789abcdef0123456789abcdef';

const DEFINITIONS: Proofs = {
  RegisterTaskDefinition: {
    command: RegisterTaskDefinitionCommand,
    works: {
      "answers the revision with AWS's defaults": async ({ ecs }) => {
        const answer = await ecs.send(
          new RegisterTaskDefinitionCommand({
            ...TASK_DEFINITION_INPUT,
            tags: [{ key: 'k', value: 'v' }],
          }),
        );

        expect(answer.tags).toEqual([{ key: 'k', value: 'v' }]);
        expect(answer.taskDefinition).toEqual({
          taskDefinitionArn: ARNS.taskDefinition,
          family: 'web',
          revision: 1,
          status: 'ACTIVE',
          networkMode: 'awsvpc',
          requiresCompatibilities: ['FARGATE'],
          compatibilities: ['EC2', 'FARGATE'],
          cpu: '256',
          memory: '512',
          containerDefinitions: [
            {
              name: 'web',
              image: IMAGE,
              cpu: 0,
              essential: true,
              environment: [],
              mountPoints: [],
              volumesFrom: [],
              systemControls: [],
              portMappings: [{ containerPort: 8080, hostPort: 8080, protocol: 'tcp' }],
            },
          ],
          volumes: [],
          placementConstraints: [],
          registeredAt: START,
          registeredBy: `arn:aws:iam::${ACCOUNT}:user/sandbox`,
        });
      },
      'never uses a number again': async ({ ecs, register }) => {
        const taskDefinition = await register();
        await ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition }));
        expect(await register()).toBe(`${ECS}:task-definition/web:2`);
      },
    },
    refuses: {
      'without an image': {
        input: { ...TASK_DEFINITION_INPUT, containerDefinitions: [{ ...CONTAINER, image: '' }] },
        error: client('Container.image should not be null or empty.'),
      },
      'without any memory': {
        input: { family: 'web', containerDefinitions: [CONTAINER] },
        error: client(
          "Invalid setting for container 'web'. At least one of 'memory' or 'memoryReservation' must be specified.",
        ),
      },
      'for a size that Fargate does not offer': {
        input: { ...TASK_DEFINITION_INPUT, memory: '8192' },
        error: client('No Fargate configuration exists for given values: 256 CPU, 8192 memory.'),
      },
      'with what the sandbox has not': {
        input: {
          ...TASK_DEFINITION_INPUT,
          containerDefinitions: [{ ...CONTAINER, privileged: true }],
        },
        error: invalid('containerDefinitions[0].privileged is not implemented by the sandbox.'),
      },
    },
  },
  DescribeTaskDefinition: {
    command: DescribeTaskDefinitionCommand,
    works: {
      'finds the latest ACTIVE revision of a family, and any revision by number': async (scene) => {
        const describe = async (taskDefinition: string) =>
          (await scene.ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition })))
            .taskDefinition;
        const first = await scene.register();
        const second = await scene.register();
        await scene.ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition: second }));

        expect(await describe('web')).toMatchObject({ taskDefinitionArn: first });
        expect(await describe('web:2')).toMatchObject({
          taskDefinitionArn: second,
          status: 'INACTIVE',
          deregisteredAt: START,
        });
        expect(await describe(second)).toMatchObject({ revision: 2 });
      },
    },
    refuses: {
      'for one that is not there': {
        input: { taskDefinition: 'nothing' },
        error: client('Unable to describe task definition.'),
      },
    },
  },
  DeregisterTaskDefinition: {
    command: DeregisterTaskDefinitionCommand,
    works: {
      'leaves sets that use it alone, also when they need new tasks': async (scene) => {
        const created = await scene.createTaskSet();
        scene.pass(60);
        const { taskDefinition } = await scene.ecs.send(
          new DeregisterTaskDefinitionCommand({ taskDefinition: created.taskDefinition }),
        );
        const [running] = scene.runtime.running();
        scene.runtime.exit(running!.taskArn, 'web', { exitCode: 1 });
        scene.pass(120);

        expect(taskDefinition).toMatchObject({ revision: 1, status: 'INACTIVE' });
        expect(await scene.taskSet(created)).toMatchObject({ runningCount: 2, pendingCount: 0 });
      },
    },
    refuses: {
      'for one that is not there': {
        input: { taskDefinition: 'nothing:1' },
        error: client('The specified task definition does not exist.'),
      },
      'without a revision': {
        input: { taskDefinition: 'web' },
        error: invalid('The revision of the task definition must be specified.'),
      },
    },
  },
  ListTaskDefinitions: {
    command: ListTaskDefinitionsCommand,
    works: {
      'lists a family in either order, page by page': async ({ ecs, register }) => {
        const first = await register();
        const second = await register();
        const list = (more: object) =>
          ecs.send(new ListTaskDefinitionsCommand({ familyPrefix: 'web', ...more }));
        const newest = await list({ sort: 'DESC', maxResults: 1 });
        const { nextToken } = newest;
        const rest = await list({ sort: 'DESC', maxResults: 1, nextToken });

        expect(newest.taskDefinitionArns).toEqual([second]);
        expect(rest.taskDefinitionArns).toEqual([first]);
        expect((await list({ status: 'INACTIVE' })).taskDefinitionArns).toEqual([]);
      },
    },
    refuses: {
      'for a token that was never given out': {
        input: { nextToken: 'x' },
        error: invalid('Invalid token.'),
      },
    },
  },
};

/** The tasks of a new set, in the cluster that the operations do not take for the default. */
const startTasks = async (scene: Scene) => {
  const { id: startedBy } = await scene.createTaskSet();
  scene.pass(60);
  return startedBy!;
};
const list = async ({ ecs }: Scene, filter: object) =>
  (await ecs.send(new ListTasksCommand({ cluster: 'c', ...filter }))).taskArns!;
const describeAll = async (scene: Scene, tasks: string[]): Promise<Task[]> =>
  (await scene.ecs.send(new DescribeTasksCommand({ cluster: 'c', tasks }))).tasks!;

const TASKS: Proofs = {
  ListTasks: {
    command: ListTasksCommand,
    works: {
      'lists the tasks of a set by its id, and of all sets by the service': async (scene) => {
        const startedBy = await startTasks(scene);
        await startTasks(scene);

        expect(await list(scene, { startedBy })).toHaveLength(2);
        expect(await list(scene, { serviceName: 's' })).toHaveLength(4);
        expect(await list(scene, { startedBy, desiredStatus: 'STOPPED' })).toEqual([]);
        expect(await list(scene, { desiredStatus: 'PENDING' })).toEqual([]);
      },
    },
    refuses: {
      'in a cluster that is not there': { input: { cluster: 'nowhere' }, error: NO_CLUSTER },
      'for a service that is not there': {
        input: { cluster: 'c', serviceName: 'nothing' },
        error: NO_SERVICE,
      },
      'when startedBy is not the only filter': {
        input: { cluster: 'c', serviceName: 's', startedBy: 'x' },
        error: invalid('startedBy must be the only filter.'),
      },
    },
  },
  DescribeTasks: {
    command: DescribeTasksCommand,
    works: {
      'shows where a task came from, and where it is reached': async (scene) => {
        const startedBy = await startTasks(scene);
        const [task] = await describeAll(scene, await list(scene, { startedBy }));

        expect(task).toMatchObject({
          taskArn: expect.stringMatching(
            /^arn:aws:ecs:us-east-1:111111111111:task\/c\/[0-9a-f]{32}$/,
          ),
          taskDefinitionArn: ARNS.taskDefinition,
          startedBy,
          group: 'service:s',
          lastStatus: 'RUNNING',
          desiredStatus: 'RUNNING',
          launchType: 'FARGATE',
          createdAt: expect.any(Date),
          startedAt: expect.any(Date),
          containers: [
            {
              name: 'web',
              image: IMAGE,
              lastStatus: 'RUNNING',
              networkInterfaces: [{ privateIpv4Address: expect.stringMatching(/^127\./) }],
            },
          ],
        });
        expect(task!.containers![0]).not.toHaveProperty('exitCode');
      },
      'shows why a task has stopped': async (scene) => {
        const startedBy = await startTasks(scene);
        const [running] = scene.runtime.running();
        scene.runtime.exit(running!.taskArn, 'web', {
          exitCode: 137,
          reason: 'OutOfMemoryError: Container killed due to memory usage',
        });
        scene.pass(60);
        const [task] = await describeAll(
          scene,
          await list(scene, { startedBy, desiredStatus: 'STOPPED' }),
        );

        expect(task).toMatchObject({
          taskArn: running!.taskArn,
          lastStatus: 'STOPPED',
          stopCode: 'EssentialContainerExited',
          stoppedReason: 'Essential container in task exited',
          containers: [
            {
              exitCode: 137,
              reason: 'OutOfMemoryError: Container killed due to memory usage',
            },
          ],
        });
      },
      'shows an image that cannot be pulled, of which nothing ran': async (scene) => {
        const { taskDefinition } = await scene.ecs.send(
          new RegisterTaskDefinitionCommand({
            ...TASK_DEFINITION_INPUT,
            containerDefinitions: [{ ...CONTAINER, image: IMAGE.replace('v1', 'v2') }],
          }),
        );
        const { id: startedBy } = await scene.createTaskSet({
          taskDefinition: taskDefinition!.taskDefinitionArn,
        });
        scene.pass(60);
        const [task] = await describeAll(
          scene,
          await list(scene, { startedBy, desiredStatus: 'STOPPED' }),
        );

        expect(task).toMatchObject({
          stopCode: 'TaskFailedToStart',
          stoppedReason: expect.stringMatching(
            /^CannotPullContainerError: pull image manifest has been retried \d+ time\(s\): failed to resolve ref .*web:v2: not found$/,
          ),
        });
        expect(task!.containers![0]).not.toHaveProperty('exitCode');
      },
      'says which are missing': async ({ ecs }) => {
        const answer = await ecs.send(new DescribeTasksCommand({ cluster: 'c', tasks: [TASK_ID] }));
        expect(answer.tasks).toEqual([]);
        expect(answer.failures).toEqual([{ arn: `${ECS}:task/c/${TASK_ID}`, reason: 'MISSING' }]);
      },
    },
    refuses: {
      'when no task is named': {
        input: { cluster: 'c', tasks: [] },
        error: invalid('Tasks cannot be empty.'),
      },
      'for more than 100 tasks': {
        input: { cluster: 'c', tasks: Array.from({ length: 101 }, () => TASK_ID) },
        error: invalid('Tasks cannot have more than 100 items.'),
      },
      'in a cluster that is not there': {
        input: { cluster: 'nowhere', tasks: [TASK_ID] },
        error: NO_CLUSTER,
      },
    },
  },
  StopTask: {
    command: StopTaskCommand,
    works: {
      'stops a task, which is replaced, and keeps the reason': async (scene) => {
        const startedBy = await startTasks(scene);
        const [first, second] = await list(scene, { startedBy });
        for (const input of [{ task: first, reason: 'too old' }, { task: second }]) {
          await scene.ecs.send(new StopTaskCommand({ cluster: 'c', ...input }));
        }
        scene.pass(400); // The target's deregistration delay comes before the signal.
        const stopped = await describeAll(scene, [first!, second!]);

        expect(stopped).toMatchObject([
          { lastStatus: 'STOPPED', stopCode: 'UserInitiated', stoppedReason: 'too old' },
          { stopCode: 'UserInitiated', stoppedReason: 'Task stopped by user' },
        ]);
        expect(await list(scene, { startedBy })).toHaveLength(2);
      },
    },
    refuses: {
      'for a task that is not there': {
        input: { cluster: 'c', task: TASK_ID },
        error: invalid('The referenced task was not found.'),
      },
      'in a cluster that is not there': {
        input: { cluster: 'nowhere', task: TASK_ID },
        error: NO_CLUSTER,
      },
    },
  },
};

export const TASK_PROOFS: Proofs = { ...DEFINITIONS, ...TASKS };
