import { furnishLoadBalancing } from '../../../sandbox/world-file/furnish-load-balancing.ts';
import { ECR_OPERATIONS } from '../../../sandbox/world/ecr/index.ts';
import { ECS_OPERATIONS } from '../../../sandbox/world/ecs/index.ts';
import type { Service, TaskSet } from '../../../sandbox/world/ecs/state.ts';
import { reportProbe } from '../../../sandbox/world/elb/health.ts';
import type { TargetGroup } from '../../../sandbox/world/elb/state.ts';
import type { Settings } from '../../../sandbox/world/settings.ts';
import type { WorldEvent } from '../../../sandbox/world/events.ts';
import type { Region } from '../../../sandbox/world/region.ts';
import { ScriptedRuntime } from '../../../sandbox/world/scripted-runtime.ts';
import type { World } from '../../../sandbox/world/world.ts';
import { clientTokenOf } from '../../../src/deploy/lineage.ts';
import { performDirectly } from '../../support/direct-client.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { call, createWorld } from '../../support/world.ts';
import { copyRegion } from './copy-world.ts';
import { FIRST_CHECK_MS, HELLO, HELLO_WORLD, QUICK, REGION, SECRET } from './hello.ts';
import { IMAGE_TAGS, manifestOf } from './images.ts';
import type { WorldSpec } from './scenario.ts';

/** When the world that was built has come to rest. */
const AT_REST_MS = 1_500;

/** The original's tasks have the first addresses. */
const COPY_SETTINGS: Partial<Settings> = { firstTaskAddress: '127.17.0.1' };

/** No run has it: with an original's seed it would give new things the ids of those that it copied. */
const ORIGINAL_SEED = 0x0416e417;

const originals = new Map<string, SimWorld>();

function originalOf(spec: WorldSpec): SimWorld {
  const key = `${spec.start} ${spec.tasks}`;
  let original = originals.get(key);
  if (!original) {
    original = SimWorld.build(spec);
    originals.set(key, original);
  }
  return original;
}

/** The AWS of one run: the sandbox's world with the hello app in it, and quick health checks. */
export class SimWorld {
  readonly world: World;
  readonly region: Region;
  readonly runtime: ScriptedRuntime;
  readonly #clock: VirtualClock;
  /** Target groups whose targets fail their health checks. */
  readonly #sick = new Set<string>();

  private constructor(clock: VirtualClock, settings: Partial<Settings>, seed: number) {
    this.#clock = clock;
    this.runtime = new ScriptedRuntime(clock.quiet);
    this.world = createWorld({
      clock: clock.quiet,
      runtime: this.runtime,
      settings: { ...QUICK, ...settings },
      seed,
    });
    this.region = this.world.region(this.world.settings.accountId, REGION);
    this.world.subscribe((event) => this.#check(event));
  }

  /** The world that a scenario begins in; it moves the clock to the moment at which it came to rest. */
  static create(clock: VirtualClock, spec: WorldSpec, seed: number): SimWorld {
    const original = originalOf(spec);
    const staleReadSeconds = spec.staleMs / 1000;
    const copy = new SimWorld(clock, { ...COPY_SETTINGS, staleReadSeconds }, seed);
    clock.advanceSync(AT_REST_MS - clock.monotonicMs());
    copyRegion(original.region, original.runtime, copy);
    return copy;
  }

  /** As `create`, by AWS's own operations. Takes ten times as long. */
  static build(spec: WorldSpec): SimWorld {
    const built = new SimWorld(new VirtualClock(), {}, ORIGINAL_SEED);
    built.#furnish(spec);
    built.#clock.advanceSync(AT_REST_MS);
    const isSteady = ({ stabilityStatus }: TaskSet) => stabilityStatus === 'STEADY_STATE';
    if (![...built.service.taskSets.values()].every(isSteady)) {
      throw new Error('The first version did not come up before the simulation began.');
    }
    return built;
  }

  /** Answers as AWS does. @throws the SDK's error. */
  perform(operation: string, input: object): unknown {
    return performDirectly(this.world, REGION, operation, input);
  }

  get service(): Service {
    const { cluster, service } = HELLO.environment;
    const found = this.region.ecs.clusters.get(cluster)?.services.get(service);
    if (!found) throw new Error('The simulated service is gone.');
    return found;
  }

  targetGroup(arn: string): TargetGroup {
    const found = this.region.elb.targetGroups.get(arn);
    if (!found) throw new Error(`The simulated target group ${arn} is gone.`);
    return found;
  }

  /** Every target of the group fails its checks from now on. */
  sicken(targetGroupArn: string): void {
    this.#sick.add(targetGroupArn);
    const group = this.targetGroup(targetGroupArn);
    for (const { address, port } of group.targets.values()) {
      this.#clock.quiet.after(FIRST_CHECK_MS, () => this.#probe(targetGroupArn, address, port));
    }
  }

  /** Both nodes check a new target once; nothing changes its health later but `sicken`. */
  #check(event: WorldEvent): void {
    if (event.type !== 'target.registered') return;
    const { targetGroupArn, address, port } = event;
    this.#clock.quiet.after(FIRST_CHECK_MS, () => this.#probe(targetGroupArn, address, port));
  }

  #probe(targetGroupArn: string, address: string, port: number): void {
    const isUp = this.runtime.listener(address, port) !== undefined;
    const isWell = isUp && !this.#sick.has(targetGroupArn);
    const result = isWell ? { statusCode: 200 } : ({ failure: 'refused' } as const);
    const { unhealthyThreshold } = this.targetGroup(targetGroupArn).healthCheck;
    for (let times = isWell ? 1 : unhealthyThreshold; times > 0; times--) {
      for (const node of [0, 1]) {
        reportProbe(this.world, this.region, targetGroupArn, { address, port }, node, result);
      }
    }
  }

  #furnish(spec: WorldSpec): void {
    const { world, region } = this;
    const { accountId } = region;
    const principalArn = `arn:aws:iam::${accountId}:user/sandbox`;
    furnishLoadBalancing({ world, region, caller: { accountId, principalArn } }, HELLO_WORLD, '');
    this.#pushImages();
    const { cluster, service } = HELLO.environment;
    this.perform('CreateCluster', { clusterName: cluster });
    this.#ecs('CreateService', {
      cluster,
      serviceName: service,
      desiredCount: spec.tasks,
      deploymentController: { type: 'EXTERNAL' },
    });
    if (spec.start === 'empty') return;
    const { blue, green } = HELLO.environment.targetGroupArns;
    const serving = this.#start('v1', blue);
    this.#ecs('UpdateServicePrimaryTaskSet', { cluster, service, primaryTaskSet: serving.id });
    if (spec.start === 'v1-v0') this.#start('v0', green);
  }

  #pushImages(): void {
    const scope = { region: REGION };
    call(this.world, ECR_OPERATIONS, 'CreateRepository', { repositoryName: 'hello' }, scope);
    for (const imageTag of IMAGE_TAGS) {
      const image = { repositoryName: 'hello', imageTag, imageManifest: manifestOf(imageTag) };
      call(this.world, ECR_OPERATIONS, 'PutImage', image, scope);
    }
  }

  /** A task set as an earlier deploy has left it. */
  #start(version: string, targetGroupArn: string): TaskSet {
    const { environment } = HELLO;
    const { cluster, family, service, subnets, securityGroups } = environment;
    this.#ecs('RegisterTaskDefinition', {
      family,
      cpu: environment.cpu,
      memory: environment.memory,
      executionRoleArn: environment.executionRoleArn,
      requiresCompatibilities: ['FARGATE'],
      networkMode: 'awsvpc',
      containerDefinitions: [containerOf(version)],
    });
    this.#ecs('CreateTaskSet', {
      cluster,
      service,
      externalId: `earlier.${version}`,
      clientToken: clientTokenOf({ deployId: version, attempt: 1 }),
      taskDefinition: family,
      launchType: 'FARGATE',
      loadBalancers: [{ targetGroupArn, containerName: 'hello', containerPort: 8080 }],
      networkConfiguration: { awsvpcConfiguration: { subnets, securityGroups } },
      tags: [
        { key: 'config-sha', value: 'cfg00000' },
        { key: 'artifact-build-number', value: version.slice(1) },
      ],
    });
    const made = [...this.service.taskSets.values()].at(-1);
    if (!made) throw new Error('The first task set was not created.');
    return made;
  }

  #ecs(operation: string, input: object): unknown {
    return call(this.world, ECS_OPERATIONS, operation, input, { region: REGION });
  }
}

function containerOf(version: string): object {
  return {
    name: 'hello',
    image: `111111111111.dkr.ecr.us-east-1.amazonaws.com/hello:${version}`,
    memoryReservation: 256,
    portMappings: [{ containerPort: 8080, protocol: 'tcp' }],
    environment: [{ name: 'PASSWORD', value: SECRET }],
  };
}
