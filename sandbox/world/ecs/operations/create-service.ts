import type { CreateServiceRequest, CreateServiceResponse } from '@aws-sdk/client-ecs';
import { type Call, operation } from '../../operation.ts';
import { oncePerToken } from '../client-tokens.ts';
import { invalidParameter, notImplemented } from '../errors.ts';
import { findCluster } from '../find.ts';
import { isEmpty, refuseOthers, tagsOf, wholeNumber } from '../parameters.ts';
import { wakeScheduler } from '../scheduler.ts';
import { serviceShape } from '../service-shape.ts';
import type { Cluster, Service } from '../state.ts';
import { watchTargets } from '../task-stop.ts';

const SERVICE_NAME = /^[a-zA-Z0-9\-_]{1,255}$/;
export const COUNT_RANGE = { min: 0, max: 10_000 };
export const GRACE_PERIOD_RANGE = { min: 0, max: 2_147_483_647 };

/**
 * Creates a service whose task sets somebody else manages. What belongs to a task set is refused
 * here as AWS refuses it.
 * @see CreateService, Amazon ECS API Reference; Deploy Amazon ECS services using a third-party
 * controller, Amazon ECS Developer Guide
 */
export const createService = operation<CreateServiceRequest, CreateServiceResponse>({
  name: 'CreateService',
  accepts: [
    'cluster',
    'serviceName',
    'taskDefinition',
    'loadBalancers',
    'serviceRegistries',
    'desiredCount',
    'clientToken',
    'launchType',
    'capacityProviderStrategy',
    'platformVersion',
    'deploymentConfiguration',
    'networkConfiguration',
    'healthCheckGracePeriodSeconds',
    'schedulingStrategy',
    'deploymentController',
    'tags',
    'enableECSManagedTags',
    'propagateTags',
  ],
  handle(input, call) {
    const cluster = findCluster(call.region, input.cluster);
    return oncePerToken(call, `CreateService ${cluster.name}`, input, () => {
      checkController(input);
      refuseWhatTaskSetsHave(input);
      checkName(cluster, input.serviceName);
      const service = newService(input, cluster, call);
      cluster.services.set(service.name, service);
      call.region.ecs.liveServices.add(service);
      watchTargets(call);
      wakeScheduler(call);
      return { service: serviceShape(call, service, true) };
    });
  },
});

function checkController({ deploymentController, schedulingStrategy }: CreateServiceRequest): void {
  const type = deploymentController?.type ?? 'ECS';
  if (type !== 'EXTERNAL') throw notImplemented(`deploymentController.type ${type}`);
  if ((schedulingStrategy ?? 'REPLICA') !== 'REPLICA') {
    throw notImplemented(`schedulingStrategy ${schedulingStrategy}`);
  }
}

function refuseWhatTaskSetsHave(input: CreateServiceRequest): void {
  if (!isEmpty(input.loadBalancers)) {
    throw invalidParameter('LoadBalancers must be empty or null.');
  }
  if (!isEmpty(input.serviceRegistries)) {
    throw invalidParameter('ServiceRegistries must be empty or null.');
  }
  if (!isEmpty(input.capacityProviderStrategy)) {
    throw invalidParameter('CapacityProviderStrategy must be empty or null.');
  }
  if (input.networkConfiguration) throw invalidParameter('NetworkConfiguration must be null.');
  if (input.taskDefinition === '') {
    throw invalidParameter('Family should not be null or empty.');
  }
  // From here on the texts are the ones above by analogy: nobody has published AWS's own.
  if (input.taskDefinition !== undefined) throw invalidParameter('TaskDefinition must be null.');
  if (input.launchType !== undefined) throw invalidParameter('LaunchType must be null.');
  if (input.platformVersion !== undefined) throw invalidParameter('PlatformVersion must be null.');
}

function checkName(cluster: Cluster, name = ''): void {
  if (!SERVICE_NAME.test(name)) {
    throw invalidParameter(`Service must match ^[a-zA-Z0-9\\-_]{1,255}$, but was ${name}`);
  }
  const status = cluster.services.get(name)?.status;
  if (status === 'ACTIVE') throw invalidParameter('Creation of service was not idempotent.');
  if (status === 'DRAINING') {
    throw invalidParameter('Unable to Start a service that is still Draining.');
  }
}

function newService(input: CreateServiceRequest, cluster: Cluster, call: Call): Service {
  const { serviceName: name = '', deploymentConfiguration = {} } = input;
  const desiredCount = wholeNumber('desiredCount', input.desiredCount, COUNT_RANGE);
  if (desiredCount === undefined) throw invalidParameter('DesiredCount cannot be null.');
  refuseOthers('deploymentConfiguration', deploymentConfiguration, [
    'maximumPercent',
    'minimumHealthyPercent',
  ]);
  const { maximumPercent = 200, minimumHealthyPercent = 100 } = deploymentConfiguration;
  const grace = input.healthCheckGracePeriodSeconds;
  return {
    name,
    arn: call.region.arn('ecs', `service/${cluster.name}/${name}`),
    cluster,
    createdAt: call.world.now(),
    createdBy: call.caller.principalArn,
    tags: tagsOf(input.tags),
    status: 'ACTIVE',
    desiredCount,
    healthCheckGracePeriodSeconds:
      wholeNumber('healthCheckGracePeriodSeconds', grace, GRACE_PERIOD_RANGE) ?? 0,
    enableECSManagedTags: input.enableECSManagedTags ?? false,
    propagateTags: input.propagateTags ?? 'NONE',
    maximumPercent,
    minimumHealthyPercent,
    taskSets: new Map(),
    lastPrimary: undefined,
    events: [],
    quietMessages: new Map(),
  };
}
