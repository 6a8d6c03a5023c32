import type {
  Attachment,
  Container as ContainerShape,
  Task as TaskShape,
} from '@aws-sdk/client-ecs';
import { tagShapes } from './parameters.ts';
import { uuidFrom } from './random-ids.ts';
import type { Container, Task } from './state.ts';

/**
 * A task as the API shows it. The ids of its containers and of its network interface are made of
 * the task's own id, so that they need not be kept.
 * @see Task, Amazon ECS API Reference
 */
export function taskShape(task: Task, regionName: string, withTags: boolean): TaskShape {
  const { taskSet } = task;
  const { shape } = taskSet.taskDefinition;
  return {
    attachments: [networkInterface(task, regionName)],
    attributes: [{ name: 'ecs.cpu-architecture', value: 'x86_64' }],
    availabilityZone: `${regionName}a`,
    capacityProviderName: task.capacityProviderName,
    clusterArn: taskSet.service.cluster.arn,
    connectivity: 'CONNECTED',
    connectivityAt: task.startedAt,
    containers: task.containers.map((container, i) => containerShape(task, container, i)),
    cpu: shape.cpu,
    createdAt: task.createdAt,
    desiredStatus: task.desiredStatus,
    enableExecuteCommand: false,
    executionStoppedAt: task.executionStoppedAt,
    group: `service:${taskSet.service.name}`,
    healthStatus: 'UNKNOWN',
    lastStatus: task.lastStatus,
    launchType: 'FARGATE',
    memory: shape.memory,
    overrides: {
      containerOverrides: task.containers.map(({ definition: { name } }) => ({ name })),
      inferenceAcceleratorOverrides: [],
    },
    platformVersion: taskSet.platformVersion,
    platformFamily: 'Linux',
    pullStartedAt: task.pullStartedAt,
    pullStoppedAt: task.pullStoppedAt,
    startedAt: task.startedAt,
    startedBy: taskSet.id,
    stopCode: task.stopCode,
    stoppedAt: task.stoppedAt,
    stoppedReason: task.stoppedReason,
    stoppingAt: task.stoppingAt,
    tags: withTags ? tagShapes(task.tags) : [],
    taskArn: task.arn,
    taskDefinitionArn: taskSet.taskDefinition.arn,
    version: task.version,
    ephemeralStorage: { sizeInGiB: shape.ephemeralStorage?.sizeInGiB ?? 20 },
  };
}

function containerShape(task: Task, container: Container, index: number): ContainerShape {
  const { definition, exitCode, reason, imageDigest } = container;
  const prefix = task.arn.replace(':task/', ':container/');
  return {
    containerArn: `${prefix}/${uuidFrom(rotate(task.id, index + 1))}`,
    taskArn: task.arn,
    name: definition.name,
    image: definition.image,
    imageDigest,
    ...(task.startedAt && { runtimeId: `${task.id}-${definition.name}` }),
    lastStatus: container.lastStatus,
    exitCode,
    reason,
    networkBindings: [],
    networkInterfaces: hasNetwork(task)
      ? [{ attachmentId: attachmentId(task), privateIpv4Address: task.address }]
      : [],
    healthStatus: 'UNKNOWN',
    cpu: String(definition.cpu ?? 0),
    ...(definition.memory !== undefined && { memory: String(definition.memory) }),
    ...(definition.memoryReservation !== undefined && {
      memoryReservation: String(definition.memoryReservation),
    }),
  };
}

function networkInterface(task: Task, regionName: string): Attachment {
  const attachment = { id: attachmentId(task), type: 'ElasticNetworkInterface' };
  const subnetId = task.taskSet.network?.subnets?.[0];
  const details = [{ name: 'subnetId', value: subnetId ?? '' }];
  if (!hasNetwork(task)) return { ...attachment, status: 'PRECREATED', details };
  details.push(
    { name: 'networkInterfaceId', value: `eni-${task.id.slice(0, 17)}` },
    {
      name: 'macAddress',
      value: `0a:${[0, 2, 4, 6, 8].map((at) => task.id.slice(at, at + 2)).join(':')}`,
    },
    {
      name: 'privateDnsName',
      value: `ip-${task.address.replaceAll('.', '-')}.${regionName}.compute.internal`,
    },
    { name: 'privateIPv4Address', value: task.address },
  );
  return { ...attachment, status: task.stoppedAt ? 'DELETED' : 'ATTACHED', details };
}

function hasNetwork({ lastStatus }: Task): boolean {
  return lastStatus !== 'PROVISIONING';
}

function attachmentId(task: Task): string {
  return uuidFrom(task.id);
}

/** Another 32 digits made of a task's id; containers have fewer than 16 neighbours. */
function rotate(id: string, by: number): string {
  return id.slice(by) + id.slice(0, by);
}
