import type {
  AwsVpcConfiguration,
  CapacityProviderStrategyItem,
  CreateTaskSetRequest,
  LaunchType,
  LoadBalancer,
} from '@aws-sdk/client-ecs';
import { targetGroupOf } from '../elb/targets.ts';
import type { Region } from '../region.ts';
import { invalidParameter, notImplemented } from './errors.ts';
import { refuseOthers } from './parameters.ts';
import type { TaskDefinition, TaskSetLoadBalancer } from './state.ts';

/** What `LATEST` means; the API shows the number. */
const PLATFORM_VERSION = '1.4.0';
const PLATFORM_VERSIONS = new Set(['LATEST', PLATFORM_VERSION]);
const CAPACITY_PROVIDERS = new Set(['FARGATE', 'FARGATE_SPOT']);

interface Launch {
  launchType: LaunchType | undefined;
  capacityProviderStrategy: CapacityProviderStrategyItem[];
  platformVersion: string;
}

/** Where a set's tasks run. The sandbox has Fargate only: it has no container instances. */
export function launchOf(input: CreateTaskSetRequest, taskDefinition: TaskDefinition): Launch {
  const { launchType, capacityProviderStrategy = [], platformVersion = 'LATEST' } = input;
  if (launchType && capacityProviderStrategy.length > 0) {
    throw invalidParameter(
      'Specifying both a launch type and capacity provider strategy is not supported. Remove one and try again.',
    );
  }
  for (const { capacityProvider = '' } of capacityProviderStrategy) {
    if (!CAPACITY_PROVIDERS.has(capacityProvider)) {
      throw notImplemented(`capacityProviderStrategy ${capacityProvider}`);
    }
  }
  if (capacityProviderStrategy.length === 0 && launchType !== 'FARGATE') {
    throw notImplemented(`launchType ${launchType ?? 'EC2 (the default)'}`);
  }
  if (!PLATFORM_VERSIONS.has(platformVersion)) {
    throw notImplemented(`platformVersion ${platformVersion}`);
  }
  if (!taskDefinition.shape.compatibilities?.includes('FARGATE')) {
    throw invalidParameter('Task definition does not support launch_type FARGATE.');
  }
  return {
    launchType,
    capacityProviderStrategy: capacityProviderStrategy.map((item) => ({ ...item })),
    platformVersion: PLATFORM_VERSION,
  };
}

/** A set's subnets and security groups. There is no VPC here: any name will do. */
export function networkOf(
  input: CreateTaskSetRequest,
  taskDefinition: TaskDefinition,
): AwsVpcConfiguration | undefined {
  const network = input.networkConfiguration?.awsvpcConfiguration;
  if (!network) {
    if (taskDefinition.shape.networkMode !== 'awsvpc') return undefined;
    throw invalidParameter(
      "Network Configuration must be provided when networkMode 'awsvpc' is specified.",
    );
  }
  const { subnets = [], securityGroups = [], assignPublicIp = 'DISABLED' } = network;
  if (subnets.length === 0) throw invalidParameter('subnets can not be empty.');
  if (subnets.length > 16) throw invalidParameter('subnets can have at most 16 items.');
  if (securityGroups.length > 5) {
    throw invalidParameter('securityGroups can have at most 5 items.');
  }
  return { subnets: [...subnets], securityGroups: [...securityGroups], assignPublicIp };
}

/** A set's load balancer, of which it may have one, checked against its target group. */
export function loadBalancersOf(
  { loadBalancers = [] }: CreateTaskSetRequest,
  taskDefinition: TaskDefinition,
  region: Region,
): TaskSetLoadBalancer[] {
  if (loadBalancers.length > 1) {
    throw invalidParameter('load balancers can have at most 1 items.');
  }
  return loadBalancers.map((item, i) => {
    refuseOthers(`loadBalancers[${i}]`, item, ['targetGroupArn', 'containerName', 'containerPort']);
    const loadBalancer = withContainer(item, taskDefinition);
    checkTargetGroup(region, loadBalancer.targetGroupArn);
    return loadBalancer;
  });
}

function withContainer(item: LoadBalancer, taskDefinition: TaskDefinition): TaskSetLoadBalancer {
  const { targetGroupArn, containerName, containerPort } = item;
  if (!targetGroupArn) throw invalidParameter('targetGroupArn cannot be empty.');
  if (!containerName) throw invalidParameter('containerName cannot be empty.');
  if (containerPort === undefined) throw invalidParameter('containerPort cannot be empty.');
  const container = taskDefinition.containers.find(({ name }) => name === containerName);
  if (!container) {
    throw invalidParameter(`The container ${containerName} does not exist in the task definition.`);
  }
  const ports = container.portMappings ?? [];
  if (!ports.some((mapping) => mapping.containerPort === containerPort)) {
    throw invalidParameter(
      `The container ${containerName} did not have a container port ${containerPort} defined.`,
    );
  }
  return { targetGroupArn, containerName, containerPort };
}

function checkTargetGroup(region: Region, arn: string): void {
  const targetGroup = targetGroupOf(region, arn);
  if (!targetGroup) throw invalidParameter(`The target group ${arn} does not exist.`);
  if (targetGroup.targetType !== 'ip') {
    throw invalidParameter(
      `The provided target group ${arn} has target type ${targetGroup.targetType}, which is incompatible with the awsvpc network mode specified in the task definition.`,
    );
  }
  if (targetGroup.loadBalancerArns.length === 0) {
    throw invalidParameter(
      `The target group with targetGroupArn ${arn} does not have an associated load balancer.`,
    );
  }
}
