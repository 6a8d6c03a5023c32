/** Proofs of ECS's operations on services. */
import { expect } from '@jest/globals';
import {
  CreateServiceCommand,
  DeleteServiceCommand,
  DescribeServicesCommand,
  ListServicesCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import {
  deleteService,
  invalid,
  newService,
  NO_CLUSTER,
  NO_SERVICE,
  NOT_ACTIVE,
} from './ecs-words.ts';
import type { Proofs } from './proofs.ts';
import { ACCOUNT, ARNS, ECS, type Scene, START } from './scene.ts';

const serviceOf = async ({ ecs }: Scene, include: 'TAGS'[] = []) => {
  const input = { cluster: 'c', services: ['s'], include };
  return (await ecs.send(new DescribeServicesCommand(input))).services![0]!;
};

export const SERVICE_PROOFS: Proofs = {
  CreateService: {
    command: CreateServiceCommand,
    works: {
      'creates a service without deployments, task sets or tasks': async ({ ecs }) => {
        const input = newService({ cluster: ARNS.cluster, tags: [{ key: 'k', value: 'v' }] });
        const { service } = await ecs.send(new CreateServiceCommand(input));

        expect(service).toEqual({
          serviceArn: `${ECS}:service/c/new`,
          serviceName: 'new',
          clusterArn: ARNS.cluster,
          status: 'ACTIVE',
          desiredCount: 1,
          runningCount: 0,
          pendingCount: 0,
          launchType: 'EC2', // AWS shows it until there is a primary task set.
          loadBalancers: [],
          serviceRegistries: [],
          deployments: [],
          taskSets: [],
          events: [],
          deploymentConfiguration: { maximumPercent: 200, minimumHealthyPercent: 100 },
          deploymentController: { type: 'EXTERNAL' },
          schedulingStrategy: 'REPLICA',
          healthCheckGracePeriodSeconds: 0,
          placementConstraints: [],
          placementStrategy: [],
          enableECSManagedTags: false,
          enableExecuteCommand: false,
          propagateTags: 'NONE',
          createdAt: START,
          createdBy: `arn:aws:iam::${ACCOUNT}:user/sandbox`,
          tags: [{ key: 'k', value: 'v' }],
        });
      },
      'creates it once per client token': async ({ ecs }) => {
        const input = newService({ clientToken: 'token' });
        const first = await ecs.send(new CreateServiceCommand(input));
        const second = await ecs.send(new CreateServiceCommand(input));
        expect(second.service).toEqual(first.service);
      },
    },
    refuses: {
      'in a cluster that is not there': {
        input: newService({ cluster: 'nowhere' }),
        error: NO_CLUSTER,
      },
      'when the name is in use': {
        input: newService({ serviceName: 's' }),
        error: invalid('Creation of service was not idempotent.'),
      },
      'with load balancers, which task sets have': {
        input: newService({ loadBalancers: [{ targetGroupArn: ARNS.blue }] }),
        error: invalid('LoadBalancers must be empty or null.'),
      },
      'with a network, which task sets have': {
        input: newService({
          networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
        }),
        error: invalid('NetworkConfiguration must be null.'),
      },
      'with an empty task definition': {
        input: newService({ taskDefinition: '' }),
        error: invalid('Family should not be null or empty.'),
      },
      'with a launch type, which task sets have': {
        input: newService({ launchType: 'FARGATE' }),
        error: invalid('LaunchType must be null.'),
      },
      'for another deployment controller, which the sandbox has not': {
        input: newService({ deploymentController: { type: 'ECS' } }),
        error: invalid('deploymentController.type ECS is not implemented by the sandbox.'),
      },
    },
  },
  DescribeServices: {
    command: DescribeServicesCommand,
    works: {
      'shows the task sets and their tasks together, and what the primary one has': async (
        scene,
      ) => {
        const taskSet = await scene.createTaskSet();
        scene.pass(10);
        const service = await serviceOf(scene);

        expect(service).toMatchObject({ desiredCount: 2, runningCount: 0, pendingCount: 2 });
        expect(service.taskSets).toMatchObject([{ id: taskSet.id, pendingCount: 2, tags: [] }]);
        expect(service.deployments).toEqual([]);
        expect(service.taskDefinition).toBeUndefined();
        expect(service.tags).toBeUndefined();
        expect(service.events?.map(({ message }) => message)).toContain(
          `(service s) updated computedDesiredCount for taskSet ${taskSet.id} to 2.`,
        );
      },
      'says which are missing, and shows tags when asked to': async (scene) => {
        const answer = await scene.ecs.send(
          new DescribeServicesCommand({ cluster: 'c', services: ['nothing', ARNS.service] }),
        );

        expect(answer.services).toMatchObject([{ serviceName: 's' }]);
        expect(answer.failures).toEqual([{ arn: `${ECS}:service/c/nothing`, reason: 'MISSING' }]);
        expect((await serviceOf(scene, ['TAGS'])).tags).toEqual([]);
      },
    },
    refuses: {
      'in a cluster that is not there': {
        input: { cluster: 'nowhere', services: ['s'] },
        error: NO_CLUSTER,
      },
      'in the default cluster when there is none': {
        input: { services: ['s'] },
        error: NO_CLUSTER,
      },
      'when no service is named': {
        input: { cluster: 'c', services: [] },
        error: invalid('Services cannot be empty.'),
      },
      'for more than ten services': {
        input: { cluster: 'c', services: Array.from({ length: 11 }, (_, i) => `s${i}`) },
        error: invalid('Services cannot have more than 10 items.'),
      },
    },
  },
  ListServices: {
    command: ListServicesCommand,
    works: {
      'lists them page by page': async ({ ecs }) => {
        await ecs.send(new CreateServiceCommand(newService()));
        const first = await ecs.send(new ListServicesCommand({ cluster: 'c', maxResults: 1 }));
        const { nextToken } = first;
        const second = await ecs.send(new ListServicesCommand({ cluster: 'c', nextToken }));

        expect(first.serviceArns).toEqual([ARNS.service]);
        expect(second.serviceArns).toEqual([`${ECS}:service/c/new`]);
      },
    },
    refuses: {
      'in a cluster that is not there': { input: { cluster: 'nowhere' }, error: NO_CLUSTER },
      'for a page of no known size': {
        input: { cluster: 'c', maxResults: 101 },
        error: invalid('maxResults must be between 1 and 100.'),
      },
    },
  },
  UpdateService: {
    command: UpdateServiceCommand,
    works: {
      "changes the desired count, and each set's own with it": async (scene) => {
        const whole = await scene.createTaskSet();
        const half = await scene.createTaskSet({ scale: { value: 50, unit: 'PERCENT' } });
        const { service } = await scene.ecs.send(
          new UpdateServiceCommand({
            cluster: 'c',
            service: 's',
            desiredCount: 5,
            healthCheckGracePeriodSeconds: 30,
          }),
        );

        expect(service).toMatchObject({ desiredCount: 5, healthCheckGracePeriodSeconds: 30 });
        expect(await scene.taskSet(whole)).toMatchObject({ computedDesiredCount: 5 });
        expect(await scene.taskSet(half)).toMatchObject({ computedDesiredCount: 3 });
      },
    },
    refuses: {
      'in a cluster that is not there': {
        input: { cluster: 'nowhere', service: 's' },
        error: NO_CLUSTER,
      },
      'for a service that is not there': {
        input: { cluster: 'c', service: 'nothing' },
        error: NO_SERVICE,
      },
      'for a service that was deleted': {
        input: async (scene) => {
          await deleteService(scene);
          return { cluster: 'c', service: 's', desiredCount: 1 };
        },
        error: NOT_ACTIVE,
      },
      'for what belongs to task sets': {
        input: { cluster: 'c', service: 's', taskDefinition: 'web:1' },
        error: invalid(
          'Unable to update task definition on services with a EXTERNAL deployment controller.',
        ),
      },
    },
  },
  DeleteService: {
    command: DeleteServiceCommand,
    works: {
      'drains its sets and tasks, and leaves it INACTIVE': async (scene) => {
        await scene.createTaskSet({ loadBalancers: [] });
        scene.pass(60);
        const { service } = await scene.ecs.send(
          new DeleteServiceCommand({ cluster: 'c', service: 's', force: true }),
        );
        scene.pass(60);

        expect(service).toMatchObject({ status: 'DRAINING', desiredCount: 0, runningCount: 2 });
        expect(await serviceOf(scene)).toMatchObject({
          status: 'INACTIVE',
          taskSets: [],
          runningCount: 0,
        });
      },
      'returns one that was deleted already as it is': async (scene) => {
        await deleteService(scene);
        const { service } = await scene.ecs.send(
          new DeleteServiceCommand({ cluster: 'c', service: 's' }),
        );
        expect(service).toMatchObject({ serviceName: 's', status: 'INACTIVE' });
      },
    },
    refuses: {
      'in a cluster that is not there': {
        input: { cluster: 'nowhere', service: 's' },
        error: NO_CLUSTER,
      },
      'for a service that is not there': {
        input: { cluster: 'c', service: 'nothing' },
        error: NO_SERVICE,
      },
      'while it wants tasks': {
        input: { cluster: 'c', service: 's' },
        error: invalid('The service cannot be stopped while it is scaled above 0.'),
      },
    },
  },
};
