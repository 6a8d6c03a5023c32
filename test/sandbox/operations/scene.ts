import {
  CreateTaskSetCommand,
  type CreateTaskSetCommandInput,
  DescribeTaskSetsCommand,
  RegisterTaskDefinitionCommand,
  type TaskSet,
} from '@aws-sdk/client-ecs';
import { DescribeTargetHealthCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { Front } from '../../../sandbox/wire/front.ts';
import { inProcessHandler } from '../../../sandbox/wire/in-process.ts';
import { furnish } from '../../../sandbox/world-file/furnish.ts';
import { readWorldFile } from '../../../sandbox/world-file/read.ts';
import type { WorldFile } from '../../../sandbox/world-file/world-file.ts';
import { reportProbe, targetsToProbe } from '../../../sandbox/world/elb/health.ts';
import { ScriptedRuntime } from '../../../sandbox/world/scripted-runtime.ts';
import type { Settings } from '../../../sandbox/world/settings.ts';
import { World } from '../../../sandbox/world/world.ts';
import { type SdkClients, sdkClients, sdkConfiguration } from '../../support/sdk.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { seededRandom } from '../../support/world.ts';
import { refuseUnknownMembers, refuseUnknownMembersOf } from './members.ts';

/** Whose everything in a scene is, where it is, and when it begins. */
export const ACCOUNT = '111111111111';
export const REGION = 'us-east-1';
export const START = new Date('2026-01-01T00:00:00Z');
/** What stands before a resource's own name in the ARNs of ECS and of load balancing. */
export const ECS = `arn:aws:ecs:${REGION}:${ACCOUNT}`;
export const ELB = `arn:aws:elasticloadbalancing:${REGION}:${ACCOUNT}`;
export const IMAGE = `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com/web:v1`;
export const ARNS = {
  cluster: `${ECS}:cluster/c`,
  service: `${ECS}:service/c/s`,
  taskDefinition: `${ECS}:task-definition/web:1`,
  loadBalancer: `${ELB}:loadbalancer/app/web/1`,
  listener: `${ELB}:listener/app/web/1/2`,
  blueRule: `${ELB}:listener-rule/app/web/1/2/3`,
  greenRule: `${ELB}:listener-rule/app/web/1/2/4`,
  blue: `${ELB}:targetgroup/blue/1`,
  green: `${ELB}:targetgroup/green/2`,
  /** A target group that no rule uses. */
  spare: `${ELB}:targetgroup/spare/3`,
} as const;

const PROBE_SECONDS = 5;
const HEALTH_CHECK = { path: '/health', intervalSeconds: PROBE_SECONDS, timeoutSeconds: 2 };

/** One service with two colours, and something in each of the other services. */
const WORLD_FILE: WorldFile = {
  region: REGION,
  clusters: ['c'],
  services: [{ cluster: 'c', name: 's', desiredCount: 2 }],
  repositories: [{ name: 'web', images: [{ tags: ['v1'], command: ['web'] }] }],
  targetGroups: [
    { name: 'blue', arn: ARNS.blue, port: 8080, healthCheck: HEALTH_CHECK },
    { name: 'green', arn: ARNS.green, port: 8080, healthCheck: HEALTH_CHECK },
    { name: 'spare', arn: ARNS.spare, port: 8080, healthCheck: HEALTH_CHECK },
  ],
  loadBalancers: [
    {
      name: 'web',
      arn: ARNS.loadBalancer,
      listeners: [
        {
          port: 80,
          arn: ARNS.listener,
          rules: [
            { priority: 10, arn: ARNS.blueRule, paths: ['/*'], targetGroup: 'blue' },
            { priority: 20, arn: ARNS.greenRule, paths: ['/*'], targetGroup: 'green' },
          ],
        },
      ],
    },
  ],
  parameters: [
    { name: '/web/url', type: 'String', value: 'http://example' },
    { name: '/web/secret/key', type: 'SecureString', value: 'hunter2' },
  ],
  tables: [{ name: 'Locks', hashKey: { name: 'key', type: 'S' } }],
  roles: [{ arn: `arn:aws:iam::222222222222:role/deployer`, externalId: 'x' }],
};

/**
 * A sandbox behind the SDK's own clients, without sockets or processes: one second takes as long as
 * AWS's, and passes when it is told to.
 */
export interface Scene extends Omit<SdkClients, 'destroy'> {
  readonly front: Front;
  readonly world: World;
  readonly runtime: ScriptedRuntime;
  /** Other clients for the same sandbox. */
  readonly clients: (config: Parameters<typeof sdkClients>[1]) => SdkClients;
  /** A client of a service that not every scene needs: each costs time to load. */
  readonly clientOf: <Client extends { readonly middlewareStack: object }>(
    Service: new (config: ReturnType<typeof sdkConfiguration>) => Client,
  ) => Client;
  /** Lets so many seconds pass, a multiple of 5; targets are checked meanwhile. */
  readonly pass: (seconds: number) => void;
  /** Registers the next revision of the family `web`; returns its ARN. */
  readonly register: () => Promise<string>;
  /** A task set of `web` on Fargate and the green colour, unless something else is said. */
  readonly createTaskSet: (input?: Partial<CreateTaskSetCommandInput>) => Promise<TaskSet>;
  /** As it is described now; undefined when it is gone. */
  readonly taskSet: (taskSet: TaskSet) => Promise<TaskSet | undefined>;
  /** The states of all targets of a group. */
  readonly targetStates: (targetGroupArn: string) => Promise<(string | undefined)[]>;
}

/** A new scene, with a world that behaves alike in every run. */
export async function startScene(settings: Partial<Settings> = {}): Promise<Scene> {
  const clock = new VirtualClock(START.getTime());
  const runtime = new ScriptedRuntime(clock);
  const world = new World({
    clock,
    random: seededRandom(1),
    runtime,
    settings: { timeScale: 1, accountId: ACCOUNT, staleSteadySeconds: 0, ...settings },
  });
  const front = new Front({
    world,
    onBug: (error) => {
      throw error;
    },
  });
  await furnish(front, readWorldFile(WORLD_FILE));
  const clients = (config: Parameters<typeof sdkClients>[1]) => {
    const made = sdkClients(inProcessHandler(front), { maxAttempts: 1, ...config });
    refuseUnknownMembers(made);
    return made;
  };
  const { ecs, elb, ...others } = clients({});
  const register = async () => {
    const { taskDefinition } = await ecs.send(
      new RegisterTaskDefinitionCommand(TASK_DEFINITION_INPUT),
    );
    return taskDefinition!.taskDefinitionArn!;
  };
  return {
    ...others,
    ecs,
    elb,
    front,
    world,
    runtime,
    clients,
    clientOf: (Service) => {
      const client = new Service(sdkConfiguration(inProcessHandler(front), { maxAttempts: 1 }));
      refuseUnknownMembersOf(client);
      return client;
    },
    register,
    pass: (seconds) => {
      for (let passed = 0; passed < seconds; passed += PROBE_SECONDS) {
        clock.advanceSync(PROBE_SECONDS * 1000);
        probeAll(world, runtime);
      }
    },
    createTaskSet: async (input = {}) => {
      const taskDefinition = input.taskDefinition ?? (await register());
      const { taskSet } = await ecs.send(
        new CreateTaskSetCommand({ ...taskSetInput(taskDefinition), ...input }),
      );
      return taskSet!;
    },
    taskSet: async ({ id }) => {
      const input = { cluster: 'c', service: 's', taskSets: [id!] };
      return (await ecs.send(new DescribeTaskSetsCommand(input))).taskSets?.[0];
    },
    targetStates: async (TargetGroupArn) => {
      const answer = await elb.send(new DescribeTargetHealthCommand({ TargetGroupArn }));
      return answer.TargetHealthDescriptions!.map(({ TargetHealth }) => TargetHealth?.State);
    },
  };
}

/** A Fargate task definition of one container that listens on 8080. */
export const TASK_DEFINITION_INPUT = {
  family: 'web',
  networkMode: 'awsvpc' as const,
  requiresCompatibilities: ['FARGATE' as const],
  cpu: '256',
  memory: '512',
  containerDefinitions: [{ name: 'web', image: IMAGE, portMappings: [{ containerPort: 8080 }] }],
};

/** All that the API wants to know of a new task set on the green colour. */
export function taskSetInput(taskDefinition: string) {
  return {
    cluster: 'c',
    service: 's',
    taskDefinition,
    launchType: 'FARGATE',
    networkConfiguration: {
      awsvpcConfiguration: { subnets: ['subnet-1'], securityGroups: ['sg-1'] },
    },
    loadBalancers: [{ targetGroupArn: ARNS.green, containerName: 'web', containerPort: 8080 }],
    scale: { value: 100, unit: 'PERCENT' },
  } satisfies CreateTaskSetCommandInput;
}

/** What listens answers 200; what does not refuses the connection. */
function probeAll(world: World, runtime: ScriptedRuntime): void {
  const region = world.region(ACCOUNT, REGION);
  for (const target of Array.from(targetsToProbe(world, region))) {
    const listens = runtime.listener(target.address, target.port) !== undefined;
    for (const node of [0, 1]) {
      const result = listens ? { statusCode: 200 } : { failure: 'refused' as const };
      reportProbe(world, region, target.targetGroupArn, target, node, result);
    }
  }
}
