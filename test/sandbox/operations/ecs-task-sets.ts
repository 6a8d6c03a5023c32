/** Proofs of ECS's operations on task sets: what a blue/green deploy is made of. */
import { expect } from '@jest/globals';
import {
  CreateTaskSetCommand,
  DeleteTaskSetCommand,
  DeregisterTaskDefinitionCommand,
  DescribeServicesCommand,
  DescribeTaskSetsCommand,
  type TaskSet,
  UpdateServicePrimaryTaskSetCommand,
  UpdateTaskSetCommand,
} from '@aws-sdk/client-ecs';
import { deleteService, NO_CLUSTER, NO_SERVICE, NOT_ACTIVE, invalid } from './ecs-words.ts';
import type { Proof, Proofs } from './proofs.ts';
import { ARNS, ECS, type Scene, START, taskSetInput } from './scene.ts';

const GONE = 'ecs-svc/0123456789012345678';
const NO_TASK_SET = ['TaskSetNotFoundException', 'The specified task set does not exist.'] as const;

/** An operation's input that names a set of the scene's service. */
const naming = (member: string, value: unknown, more: object = {}) => ({
  cluster: 'c',
  service: 's',
  [member]: value,
  ...more,
});

/** All operations on task sets need a cluster, and a service that is ACTIVE. */
const withoutService = (member: string, more: object = {}): Proof['refuses'] => ({
  'without a cluster, which has no default here': {
    input: { service: 's', [member]: GONE, ...more },
    error: invalid('Cluster cannot be empty.'),
  },
  'in a cluster that is not there': {
    input: { cluster: 'nowhere', service: 's', [member]: GONE, ...more },
    error: NO_CLUSTER,
  },
  'for a service that is not there': {
    input: { cluster: 'c', service: 'nothing', [member]: GONE, ...more },
    error: NO_SERVICE,
  },
  'for a service that was deleted': {
    input: async (scene) => {
      await deleteService(scene);
      return naming(member, GONE, more);
    },
    error: NOT_ACTIVE,
  },
});

/** The input of a new task set that differs from a good one. */
const created = (change: object) => async (scene: Scene) => ({
  ...taskSetInput(await scene.register()),
  ...change,
});

const lookUp = async ({ ecs }: Scene, id: string, more: object = {}) =>
  ecs.send(new DescribeTaskSetsCommand({ cluster: 'c', service: 's', taskSets: [id], ...more }));

const CREATION: Proofs = {
  CreateTaskSet: {
    command: CreateTaskSetCommand,
    works: {
      'answers the whole set as it is right after its creation': async (scene) => {
        const taskSet = await scene.createTaskSet({
          externalId: 'deploy-1',
          tags: [{ key: 'k', value: 'v' }],
        });

        expect(taskSet).toEqual({
          id: expect.stringMatching(/^ecs-svc\/\d{19}$/),
          taskSetArn: `${ECS}:task-set/c/s/${taskSet.id}`,
          serviceArn: ARNS.service,
          clusterArn: ARNS.cluster,
          externalId: 'deploy-1',
          status: 'ACTIVE',
          taskDefinition: ARNS.taskDefinition,
          computedDesiredCount: 2,
          pendingCount: 0,
          runningCount: 0,
          createdAt: START,
          updatedAt: START,
          launchType: 'FARGATE',
          platformVersion: '1.4.0',
          platformFamily: 'Linux',
          networkConfiguration: {
            awsvpcConfiguration: {
              subnets: ['subnet-1'],
              securityGroups: ['sg-1'],
              assignPublicIp: 'DISABLED',
            },
          },
          loadBalancers: [
            { targetGroupArn: ARNS.green, containerName: 'web', containerPort: 8080 },
          ],
          serviceRegistries: [],
          scale: { value: 100, unit: 'PERCENT' },
          stabilityStatus: 'STABILIZING',
          stabilityStatusAt: START,
          tags: [{ key: 'k', value: 'v' }],
        });
      },
      'creates one set per client token, however often it is called': async (scene) => {
        const input = { clientToken: 'token', taskDefinition: await scene.register() };
        const first = await scene.createTaskSet(input);
        const second = await scene.createTaskSet(input);

        expect(second).toEqual(first);
        const { services } = await scene.ecs.send(
          new DescribeServicesCommand({ cluster: 'c', services: ['s'] }),
        );
        expect(services![0]!.taskSets).toHaveLength(1);
      },
      'has no external id unless given, and 100 percent': async (scene) => {
        const { scale: _, ...input } = taskSetInput(await scene.register());
        const { taskSet } = await scene.ecs.send(new CreateTaskSetCommand(input));

        expect(taskSet).not.toHaveProperty('externalId');
        expect(taskSet?.scale).toEqual({ value: 100, unit: 'PERCENT' });
      },
    },
    refuses: {
      ...withoutService('taskDefinition'),
      'as the sixth of its service, those that drain included': {
        input: async (scene) => {
          const sets: TaskSet[] = [];
          for (let count = 0; count < 5; count++) sets.push(await scene.createTaskSet());
          scene.pass(60);
          const [{ id: taskSet } = {}] = sets;
          const input = { cluster: 'c', service: 's', taskSet, force: true };
          await scene.ecs.send(new DeleteTaskSetCommand(input));
          return taskSetInput(await scene.register());
        },
        error: invalid(
          '5 deployments exist on the service. Unable to create new TaskSet since this exceeds the maximum limit.',
        ),
      },
      'when the client token was used for another set': {
        input: async (scene) => {
          await scene.createTaskSet({ clientToken: 'token' });
          return { ...taskSetInput('web:1'), clientToken: 'token', externalId: 'other' };
        },
        error: invalid('The client token was already used with different parameters.'),
      },
      'when the token was used for another set, where that is a conflict': {
        settings: { tokenConflict: 'ConflictException' },
        input: async (scene) => {
          await scene.createTaskSet({ clientToken: 'token' });
          return { ...taskSetInput('web:1'), clientToken: 'token', externalId: 'other' };
        },
        error: [
          'ConflictException',
          'The client token was already used with different parameters.',
        ],
        undeclared: 'What AWS answers is unknown, and it documents this for RunTask.',
      },
      'for a target group without a load balancer': {
        input: created({
          loadBalancers: [
            { targetGroupArn: ARNS.spare, containerName: 'web', containerPort: 8080 },
          ],
        }),
        error: invalid(
          `The target group with targetGroupArn ${ARNS.spare} does not have an associated load balancer.`,
        ),
      },
      'for a target group that is not there': {
        input: created({
          loadBalancers: [
            { targetGroupArn: `${ARNS.spare}x`, containerName: 'web', containerPort: 8080 },
          ],
        }),
        error: invalid(`The target group ${ARNS.spare}x does not exist.`),
      },
      'for a container that the task definition has not': {
        input: created({
          loadBalancers: [{ targetGroupArn: ARNS.green, containerName: 'db', containerPort: 8080 }],
        }),
        error: invalid('The container db does not exist in the task definition.'),
      },
      'without a network': {
        input: created({ networkConfiguration: undefined }),
        error: invalid(
          "Network Configuration must be provided when networkMode 'awsvpc' is specified.",
        ),
      },
      'for both a launch type and capacity providers': {
        input: created({ capacityProviderStrategy: [{ capacityProvider: 'FARGATE_SPOT' }] }),
        error: invalid(
          'Specifying both a launch type and capacity provider strategy is not supported. Remove one and try again.',
        ),
      },
      'for a task definition that is not there': {
        input: taskSetInput('nothing:1'),
        error: ['ClientException', 'TaskDefinition not found.'],
      },
      'for a task definition that is INACTIVE': {
        input: async (scene) => {
          const taskDefinition = await scene.register();
          await scene.ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition }));
          return taskSetInput(taskDefinition);
        },
        error: ['ClientException', 'TaskDefinition is inactive'],
      },
    },
  },
};

const READING: Proofs = {
  DescribeTaskSets: {
    command: DescribeTaskSetsCommand,
    works: {
      'finds a set by id and by ARN, with its tags only when asked for': async (scene) => {
        const { id, taskSetArn } = await scene.createTaskSet({ tags: [{ key: 'k', value: 'v' }] });
        const plain = await lookUp(scene, id!);
        const withTags = await lookUp(scene, taskSetArn!, { include: ['TAGS'] });

        expect(plain.taskSets).toMatchObject([{ id, tags: [] }]);
        expect(plain.failures).toEqual([]);
        expect(withTags.taskSets).toMatchObject([{ id, tags: [{ key: 'k', value: 'v' }] }]);
      },
      'shows a set become steady once its tasks run and its targets are healthy': async (scene) => {
        const created = await scene.createTaskSet();
        scene.pass(20);
        const starting = await scene.taskSet(created);
        scene.pass(40);
        const steady = await scene.taskSet(created);

        expect(starting).toMatchObject({
          pendingCount: 2,
          runningCount: 0,
          stabilityStatus: 'STABILIZING',
          stabilityStatusAt: START,
        });
        expect(steady).toMatchObject({
          computedDesiredCount: 2,
          pendingCount: 0,
          runningCount: 2,
          stabilityStatus: 'STEADY_STATE',
        });
        expect(steady!.stabilityStatusAt!.getTime()).toBeGreaterThan(START.getTime());
        expect(await scene.targetStates(ARNS.green)).toEqual(['healthy', 'healthy']);
      },
      'says which sets are missing': async (scene) => {
        expect(await lookUp(scene, GONE)).toMatchObject({
          taskSets: [],
          failures: [{ arn: `${ECS}:task-set/c/s/${GONE}`, reason: 'MISSING' }],
        });
        scene.world.settings.describeGone = 'empty';
        expect(await lookUp(scene, GONE)).toMatchObject({ taskSets: [], failures: [] });
      },
    },
    refuses: {
      ...withoutService('taskSets', { taskSets: [GONE] }),
      'when no set is named: it does not list': {
        input: naming('taskSets', undefined),
        error: invalid('TaskSets cannot be empty.'),
      },
      'for what is not the id of a task set': {
        input: naming('taskSets', [`${ECS}:task/c/0123456789abcdef0123456789abcdef`]),
        error: invalid('Task Set Identifier is invalid'),
      },
      'for a set that is gone, where that is an exception': {
        settings: { describeGone: 'exception' },
        input: naming('taskSets', [GONE]),
        error: NO_TASK_SET,
        undeclared: 'What AWS answers is unknown, and some clients expect this.',
      },
    },
  },
};

const CHANGES: Proofs = {
  UpdateTaskSet: {
    command: UpdateTaskSetCommand,
    works: {
      'rounds up what the scale makes of the desired count': async (scene) => {
        const { id } = await scene.createTaskSet();
        const counts: unknown[] = [];
        for (const value of [1, 50, 51, 0]) {
          const { taskSet } = await scene.ecs.send(
            new UpdateTaskSetCommand({
              cluster: 'c',
              service: 's',
              taskSet: id,
              scale: { value, unit: 'PERCENT' },
            }),
          );
          counts.push([taskSet?.scale?.value, taskSet?.computedDesiredCount]);
        }

        expect(counts).toEqual([
          [1, 1],
          [50, 1],
          [51, 2],
          [0, 0],
        ]);
      },
    },
    refuses: {
      ...withoutService('taskSet', { scale: { value: 1, unit: 'PERCENT' } }),
      'for a set that is gone': {
        input: naming('taskSet', GONE, { scale: { value: 1, unit: 'PERCENT' } }),
        error: NO_TASK_SET,
      },
      'above 100 percent': {
        input: async (scene) =>
          naming('taskSet', (await scene.createTaskSet()).id, { scale: { value: 101 } }),
        error: invalid('Scale value must be between 0.0 and 100.0.'),
      },
    },
  },
  DeleteTaskSet: {
    command: DeleteTaskSetCommand,
    works: {
      'makes it DRAINING, and lets it vanish after its tasks': async (scene) => {
        const created = await scene.createTaskSet();
        scene.pass(60);
        const input = { cluster: 'c', service: 's', taskSet: created.id, force: true };
        const { taskSet } = await scene.ecs.send(new DeleteTaskSetCommand(input));
        const again = await scene.ecs.send(new DeleteTaskSetCommand(input));
        scene.pass(10);
        const draining = await scene.taskSet(created);
        const targets = await scene.targetStates(ARNS.green);
        scene.pass(400); // The deregistration delay of 300 s, and the time that tasks take to stop.

        expect(taskSet).toMatchObject({ status: 'DRAINING', runningCount: 2 });
        expect(again.taskSet).toMatchObject({ status: 'DRAINING' });
        expect(draining).toMatchObject({ status: 'DRAINING', computedDesiredCount: 0 });
        expect(targets).toEqual(['draining', 'draining']);
        expect(await scene.taskSet(created)).toBeUndefined();
        expect(await scene.targetStates(ARNS.green)).toEqual([]);
      },
      'needs no force where AWS is taken to be lenient': async (scene) => {
        scene.world.settings.strictDelete = false;
        const { id } = await scene.createTaskSet();
        const { taskSet } = await scene.ecs.send(
          new DeleteTaskSetCommand({ cluster: 'c', service: 's', taskSet: id }),
        );
        expect(taskSet?.status).toBe('DRAINING');
      },
    },
    refuses: {
      ...withoutService('taskSet'),
      'for a set that is gone': { input: naming('taskSet', GONE), error: NO_TASK_SET },
      'for the primary set, unless forced': {
        input: async (scene) => {
          const { id } = await scene.createTaskSet();
          await scene.ecs.send(
            new UpdateServicePrimaryTaskSetCommand({
              cluster: 'c',
              service: 's',
              primaryTaskSet: id,
            }),
          );
          return naming('taskSet', id);
        },
        error: invalid('Primary TaskSet cannot be deleted'),
      },
      'for a set that is not scaled to 0, unless forced': {
        input: async (scene) => naming('taskSet', (await scene.createTaskSet()).id),
        error: invalid('The TaskSet cannot be deleted while it is scaled above 0.'),
      },
    },
  },
  UpdateServicePrimaryTaskSet: {
    command: UpdateServicePrimaryTaskSetCommand,
    works: {
      'moves the label, by ARN too, and the service shows what the set has': async (scene) => {
        const makePrimary = (primaryTaskSet: string | undefined) =>
          scene.ecs.send(
            new UpdateServicePrimaryTaskSetCommand({ cluster: 'c', service: 's', primaryTaskSet }),
          );
        const old = await scene.createTaskSet();
        const fresh = await scene.createTaskSet();
        await makePrimary(old.id);
        const { taskSet } = await makePrimary(fresh.taskSetArn);
        const { services } = await scene.ecs.send(
          new DescribeServicesCommand({ cluster: 'c', services: ['s'] }),
        );

        expect(taskSet).toMatchObject({ id: fresh.id, status: 'PRIMARY' });
        expect(services![0]).toMatchObject({
          taskDefinition: fresh.taskDefinition,
          launchType: 'FARGATE',
          platformVersion: '1.4.0',
          loadBalancers: fresh.loadBalancers,
          networkConfiguration: fresh.networkConfiguration,
          taskSets: [
            { id: old.id, status: 'ACTIVE' },
            { id: fresh.id, status: 'PRIMARY' },
          ],
        });
      },
    },
    refuses: {
      ...withoutService('primaryTaskSet'),
      'for a set that is gone': { input: naming('primaryTaskSet', GONE), error: NO_TASK_SET },
      'for a set that drains': {
        input: async (scene) => {
          const { id } = await scene.createTaskSet();
          scene.pass(60);
          await scene.ecs.send(
            new DeleteTaskSetCommand({ cluster: 'c', service: 's', taskSet: id, force: true }),
          );
          return naming('primaryTaskSet', id);
        },
        error: NO_TASK_SET,
      },
    },
  },
};

export const TASK_SET_PROOFS: Proofs = { ...CREATION, ...READING, ...CHANGES };
