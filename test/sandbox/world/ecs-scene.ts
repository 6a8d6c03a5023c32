import type {
  ContainerDefinition,
  CreateTaskSetRequest,
  ECS,
  RegisterTaskDefinitionRequest,
  Service,
  Task,
  TaskSet,
} from '@aws-sdk/client-ecs';
import type { ElasticLoadBalancingV2 } from '@aws-sdk/client-elastic-load-balancing-v2';
import { ECR_OPERATIONS } from '../../../sandbox/world/ecr/index.ts';
import { COMMAND_ANNOTATION } from '../../../sandbox/world/ecr/resolve-image.ts';
import { ECS_OPERATIONS } from '../../../sandbox/world/ecs/index.ts';
import { reportProbe, targetsToProbe } from '../../../sandbox/world/elb/health.ts';
import { ELB_OPERATIONS } from '../../../sandbox/world/elb/index.ts';
import type { WorldEvent } from '../../../sandbox/world/events.ts';
import { ScriptedRuntime } from '../../../sandbox/world/scripted-runtime.ts';
import type { Settings } from '../../../sandbox/world/settings.ts';
import type { World } from '../../../sandbox/world/world.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { call, createWorld, type OperationOf, type OutputOf, REGION } from '../../support/world.ts';

const ACCOUNT = '111111111111';
const IMAGE = `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com/web:v1`;
/** What most task sets need. */
export const NETWORK = {
  awsvpcConfiguration: { subnets: ['subnet-1'], securityGroups: ['sg-1'] },
};
const PORT = 8080;
const PROBE_SECONDS = 5;

/** A cluster `c` with a service `s` that wants two tasks, on a clock where one second is one second. */
export function createScene(settings: Partial<Settings> = {}) {
  const clock = new VirtualClock();
  const runtime = new ScriptedRuntime(clock);
  const world = createWorld({
    clock,
    runtime,
    settings: { timeScale: 1, accountId: ACCOUNT, staleSteadySeconds: 0, ...settings },
  });
  const region = world.region(ACCOUNT, REGION);
  const events: WorldEvent[] = [];
  world.subscribe((event) => events.push(event));
  const ecs = <Name extends OperationOf<ECS>>(name: Name, input: object) =>
    call(world, ECS_OPERATIONS, name, input) as OutputOf<ECS, Name>;
  const elb = <Name extends OperationOf<ElasticLoadBalancingV2>>(name: Name, input: object) =>
    call(world, ELB_OPERATIONS, name, input) as OutputOf<ElasticLoadBalancingV2, Name>;
  const inService = { cluster: 'c', service: 's' };

  const scene = {
    world,
    clock,
    runtime,
    region,
    events,
    ecs,
    elb,
    /** Lets so many seconds pass. */
    pass: (seconds: number) => clock.advanceSync(seconds * 1000),
    register: (
      containers: ContainerDefinition[] = [webContainer()],
      more: Partial<RegisterTaskDefinitionRequest> = {},
    ): string => {
      const output = ecs('RegisterTaskDefinition', {
        ...taskDefinitionInput(containers),
        ...more,
      });
      return output.taskDefinition!.taskDefinitionArn!;
    },
    /** A set of `web:v1` on Fargate, unless something else is said. */
    createTaskSet: (input: Partial<CreateTaskSetRequest> = {}): TaskSet => {
      return ecs('CreateTaskSet', {
        ...inService,
        taskDefinition: input.taskDefinition ?? scene.register(),
        launchType: 'FARGATE',
        networkConfiguration: NETWORK,
        scale: { value: 100, unit: 'PERCENT' },
        ...input,
      }).taskSet!;
    },
    service: (): Service => {
      const input = { cluster: 'c', services: ['s'] };
      return ecs('DescribeServices', input).services![0]!;
    },
    /** The set as it is described now; undefined when it is gone. */
    taskSet: (id: string | undefined): TaskSet | undefined => {
      const input = { ...inService, taskSets: [id] };
      return ecs('DescribeTaskSets', input).taskSets![0];
    },
    /** A set's tasks, those that run first, each kind oldest first. */
    tasks: (startedBy: string | undefined): Task[] => {
      const arns = ['RUNNING', 'STOPPED'].flatMap(
        (desiredStatus) => ecs('ListTasks', { cluster: 'c', startedBy, desiredStatus }).taskArns!,
      );
      if (arns.length === 0) return [];
      return ecs('DescribeTasks', { cluster: 'c', tasks: arns }).tasks!;
    },
    /** The service's messages, oldest first. */
    messages: () =>
      scene
        .service()
        .events!.map(({ message }) => message!)
        .toReversed(),
    pushImage: (tag: string, command: string[]) => pushImage(world, tag, command),
  };
  call(world, ECR_OPERATIONS, 'CreateRepository', { repositoryName: 'web' });
  scene.pushImage('v1', ['web']);
  ecs('CreateCluster', { clusterName: 'c' });
  ecs('CreateService', {
    cluster: 'c',
    serviceName: 's',
    desiredCount: 2,
    deploymentController: { type: 'EXTERNAL' },
  });
  return scene;
}

export type Scene = ReturnType<typeof createScene>;

export function webContainer(more: Partial<ContainerDefinition> = {}): ContainerDefinition {
  return { name: 'web', image: IMAGE, portMappings: [{ containerPort: PORT }], ...more };
}

export function taskDefinitionInput(
  containerDefinitions: ContainerDefinition[],
): RegisterTaskDefinitionRequest {
  return {
    family: 'web',
    networkMode: 'awsvpc',
    requiresCompatibilities: ['FARGATE'],
    cpu: '256',
    memory: '512',
    containerDefinitions,
  };
}

/** A target group behind a listener, checked every 5 s by both nodes; one answer decides. */
export function addTargetGroup(scene: Scene, options: { delaySeconds?: number } = {}) {
  const targetGroupArn = createTargetGroup(scene);
  scene.elb('ModifyTargetGroupAttributes', {
    TargetGroupArn: targetGroupArn,
    Attributes: [
      {
        Key: 'deregistration_delay.timeout_seconds',
        Value: String(options.delaySeconds ?? 60),
      },
    ],
  });
  const { LoadBalancers } = scene.elb('CreateLoadBalancer', {
    Name: 'lb',
    Subnets: ['subnet-1', 'subnet-2'],
  });
  scene.elb('CreateListener', {
    LoadBalancerArn: LoadBalancers![0]!.LoadBalancerArn,
    Protocol: 'HTTP',
    Port: 80,
    DefaultActions: [{ Type: 'forward', TargetGroupArn: targetGroupArn }],
  });
  /** Tasks whose health check fails though they run, by address. */
  const sick = new Set<string>();
  probeRegularly(scene, sick);
  return {
    targetGroupArn,
    sick,
    loadBalancers: [{ targetGroupArn, containerName: 'web', containerPort: PORT }],
    targetState: (address: string) => targetState(scene, targetGroupArn, address),
  };
}

/** A target group that no listener uses. */
export function createTargetGroup({ elb }: Scene, targetType = 'ip'): string {
  const { TargetGroups } = elb('CreateTargetGroup', {
    Name: `blue-${targetType}`,
    Protocol: 'HTTP',
    Port: PORT,
    VpcId: 'vpc-1',
    TargetType: targetType,
    HealthyThresholdCount: 2,
    UnhealthyThresholdCount: 2,
    HealthCheckIntervalSeconds: PROBE_SECONDS,
    HealthCheckTimeoutSeconds: 2,
  });
  return TargetGroups![0]!.TargetGroupArn!;
}

function targetState({ elb }: Scene, targetGroupArn: string, address: string): string {
  const { TargetHealthDescriptions } = elb('DescribeTargetHealth', {
    TargetGroupArn: targetGroupArn,
    Targets: [{ Id: address, Port: PORT }],
  });
  return TargetHealthDescriptions![0]!.TargetHealth!.State!;
}

function probeRegularly(scene: Scene, sick: ReadonlySet<string>): void {
  const { world, region, runtime, clock } = scene;
  clock.after(PROBE_SECONDS * 1000, () => {
    for (const target of targetsToProbe(world, region)) {
      const listens = runtime.listener(target.address, target.port) !== undefined;
      const isWell = { statusCode: sick.has(target.address) ? 500 : 200 };
      const result = listens ? isWell : { failure: 'refused' as const };
      for (const node of [0, 1]) {
        reportProbe(world, region, target.targetGroupArn, target, node, result);
      }
    }
    probeRegularly(scene, sick);
  });
}

/** Pushes an image whose program is `command`. A tag that exists moves to it. */
function pushImage(world: World, tag: string, command: string[]): void {
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  const annotations = { [COMMAND_ANNOTATION]: JSON.stringify(command) };
  const imageManifest = JSON.stringify({ schemaVersion: 2, mediaType, annotations });
  const input = { repositoryName: 'web', imageTag: tag, imageManifest };
  call(world, ECR_OPERATIONS, 'PutImage', input);
}
