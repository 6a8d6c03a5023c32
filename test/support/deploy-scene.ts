import { readFileSync } from 'node:fs';
import type { ECSClient } from '@aws-sdk/client-ecs';
import type { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { Faults } from '../../sandbox/wire/faults.ts';
import { Front } from '../../sandbox/wire/front.ts';
import { furnish } from '../../sandbox/world-file/furnish.ts';
import type { WorldFile } from '../../sandbox/world-file/world-file.ts';
import { reportProbe, targetsToProbe } from '../../sandbox/world/elb/health.ts';
import { ScriptedRuntime } from '../../sandbox/world/scripted-runtime.ts';
import type { Settings } from '../../sandbox/world/settings.ts';
import type { World } from '../../sandbox/world/world.ts';
import { ArtifactDb } from '../../src/artifactdb/artifact-db.ts';
import { rulesPort } from '../../src/aws/rules.ts';
import { servicePort } from '../../src/aws/service.ts';
import { targetsPort } from '../../src/aws/targets.ts';
import { taskDefinitionsPort } from '../../src/aws/task-definitions.ts';
import { tasksPort } from '../../src/aws/tasks.ts';
import { parseConfig } from '../../src/config/parse.ts';
import { selectEnvironment } from '../../src/config/select.ts';
import { deploy } from '../../src/deploy/deploy.ts';
import { type DeployHistory, historyIn } from '../../src/deploy/history/history.ts';
import type { DeployRequest, DeployTools } from '../../src/deploy/request.ts';
import { type Checkpoint, decodeCheckpoint } from '../../src/deploy/checkpoint.ts';
import type { Color, ListenerRule, TaskSet } from '../../src/deploy/model.ts';
import { RefusedError } from '../../src/errors.ts';
import { gatedCommands, MutationGate } from '../../src/deploy/mutation-gate.ts';
import { planDeploy } from '../../src/deploy/plan.ts';
import type { Command, CommandOptions } from '../../src/deploy/ports.ts';
import type { DeployEvent, Serving } from '../../src/report/events.ts';
import { DirectClient } from './direct-client.ts';
import { type AskedImage, directImages } from './direct-images.ts';
import { Machine } from './machine.ts';
import { MemoryArtifactStore } from './memory-artifact-store.ts';
import { MemoryJournalStore } from './memory-journal-store.ts';
import { MemoryLockStore } from './memory-lock-store.ts';
import { VirtualClock } from './virtual-clock.ts';
import { createWorld, seededRandom } from './world.ts';

const EXAMPLE = new URL('../../examples/hello/', import.meta.url);
const REGION = 'us-east-1';
const ACCOUNT_ID = '111111111111';
const REGISTRY = `${ACCOUNT_ID}.dkr.ecr.${REGION}.amazonaws.com`;
/** How often the simulated nodes check every target. */
const PROBE_INTERVAL_MS = 5_000;

/** What one deploy came to. */
export interface Run {
  /** Absent when it failed. */
  readonly serving?: Serving;
  readonly error?: Error;
  readonly events: readonly DeployEvent[];
  /** Names of the operations that changed ECS or ELB, in order. */
  readonly changes: readonly string[];
}

export interface RunOptions extends Partial<Omit<DeployRequest, 'app' | 'environment'>> {
  readonly environmentName?: string;
  readonly interrupt?: AbortSignal;
  /** For `crashAt`: the call takes effect, and only its answer is never seen. */
  readonly isDone?: boolean;
  /** Told of each event as it happens. */
  readonly onEvent?: (event: DeployEvent) => void;
}

/**
 * The hello app of the examples in a world on a virtual clock, deployed by the real deployer through
 * the real adapters. Only the wire is left out. Each test says only what differs.
 */
export class DeployScene {
  readonly clock = new VirtualClock();
  readonly runtime: ScriptedRuntime;
  readonly world: World;
  readonly client: DirectClient;
  readonly lockStore: MemoryLockStore;
  readonly artifactStore = new MemoryArtifactStore();
  readonly artifacts = new ArtifactDb(this.artifactStore);
  /** Commands that were run, as `program argument …`; throw from `onCommand` to fail one. */
  readonly commands: string[] = [];
  onCommand: (command: Command, options: CommandOptions) => Promise<void> | void = () => {};
  /** What the health path of a running task answers. */
  healthOf: (address: string) => { statusCode: number } | { failure: 'timeout' } = () => ({
    statusCode: 200,
  });
  config: Record<string, unknown>;
  /** Questions about images, in order; throw from `onImage` to leave one without an answer. */
  readonly asked: AskedImage[] = [];
  onImage: (asked: AskedImage) => void = () => {};
  /** What is remembered of deploys. */
  readonly journal: MemoryJournalStore;
  readonly history: DeployHistory;
  /** What the check of the accounts says; empty when they are as configured. */
  accountProblem = '';
  /** What that check waits for first. */
  accountProblemAfter: Promise<unknown> = Promise.resolve();
  /** How often the lock's item had been written when the test began. */
  historyAtStart = 0;
  readonly #random = seededRandom(7);

  private constructor(settings: Partial<Settings>) {
    this.runtime = new ScriptedRuntime(this.clock);
    this.world = createWorld({
      clock: this.clock,
      runtime: this.runtime,
      settings: { timeScale: 1, ...settings },
    });
    this.client = new DirectClient(this.world, REGION);
    this.lockStore = new MemoryLockStore(this.clock);
    this.journal = new MemoryJournalStore(this.clock);
    this.history = historyIn(this.journal, { user: 'ann', host: 'test' });
    this.config = readJson('deploy-config.json');
    this.#probe();
  }

  /** With both artifacts of the example registered, and nothing deployed. */
  static async create(
    options: { settings?: Partial<Settings>; adaptWorld?: (file: WorldFile) => WorldFile } = {},
  ): Promise<DeployScene> {
    const scene = new DeployScene(options.settings ?? {});
    const { tables: _tables, ...file } = readJson('world.json') as unknown as WorldFile;
    const front = new Front({ world: scene.world, faults: new Faults([]) });
    const adapted = options.adaptWorld?.(file) ?? file;
    await furnish(front, adapted);
    await scene.artifacts.create('hello', { value: 'hello:v1', tags: { SHA: 'aaaa1111' } });
    await scene.artifacts.create('hello', { value: 'hello:v2', tags: { SHA: 'bbbb2222' } });
    await scene.artifacts.create('hello', { value: 'hello:v3', tags: { SHA: 'cccc3333' } });
    return scene;
  }

  /** The environment's part of the configuration, to be changed in place. */
  environmentConfig(name = 'dev'): Record<string, unknown> {
    return this.appConfig()['Environments'][name] as Record<string, unknown>;
  }

  appConfig(): Record<string, never> & { Environments: Record<string, unknown> } {
    const { Apps } = this.config as { Apps: Record<string, never> };
    return Apps['hello'] as never;
  }

  /** Deploys with the virtual clock running; never rejects. */
  async deploy(sha: string | undefined, options: RunOptions = {}): Promise<Run> {
    const events: DeployEvent[] = [];
    const before = this.client.changes.length;
    const work = this.#deploy(sha, options, (event) => {
      events.push(event);
      options.onEvent?.(event);
    });
    const result = await this.clock.run(
      work.then(
        (serving) => ({ serving }),
        (error: unknown) => ({ error: error as Error }),
      ),
    );
    const changes = this.client.changes.slice(before).map(({ operation }) => operation);
    return { ...result, events, changes };
  }

  /** What ECS shows of the environment's service. */
  async taskSets(environmentName = 'dev'): Promise<readonly TaskSet[]> {
    const name = `hello-${environmentName}`;
    const service = await servicePort(this.#ecs, name, name).describe();
    return service?.taskSets ?? [];
  }

  /** The active colour's rule comes first. */
  async rules(environmentName = 'dev'): Promise<readonly ListenerRule[]> {
    const listenerArn = this.environmentConfig(environmentName)['ListenerARN'] as string;
    return rulesPort(this.#elb).describe(listenerArn);
  }

  checkpoint(lockKey: string): Checkpoint {
    return decodeCheckpoint(this.lockStore.item(lockKey)['data']?.B ?? new Uint8Array());
  }

  get #ecs(): ECSClient {
    return this.client as unknown as ECSClient;
  }

  get #elb(): ElasticLoadBalancingV2Client {
    return this.client as unknown as ElasticLoadBalancingV2Client;
  }

  /** The task sets that are attached to the colour's target group and not on their way out. */
  async taskSetsOn(color: Color, environmentName = 'dev'): Promise<readonly TaskSet[]> {
    const { TargetGroupARNs } = this.environmentConfig(environmentName) as {
      TargetGroupARNs: Record<Color, string>;
    };
    const sets = await this.taskSets(environmentName);
    return sets.filter(
      ({ status, targetGroupArns }) =>
        status !== 'DRAINING' && targetGroupArns.includes(TargetGroupARNs[color]),
    );
  }

  /** The id that the checkpoint has; empty before the task set has been created. */
  newTaskSetId(lockKey: string): string {
    return this.checkpoint(lockKey).newTaskSetId;
  }

  /** A person exchanges the two rules' priorities at the console. */
  async swapByHand(): Promise<void> {
    const [active, idle] = await this.rules();
    await this.thirdParty('SetRulePriorities', {
      RulePriorities: [
        { RuleArn: active?.ruleArn, Priority: idle?.priority },
        { RuleArn: idle?.ruleArn, Priority: active?.priority },
      ],
    });
  }

  /** What a task definition calls the image with this tag when it is pinned. */
  imageOf(tag: string): string {
    const digest = this.#repository.tags.get(tag) ?? `no image has the tag ${tag}`;
    return `${REGISTRY}/hello@${digest}`;
  }

  get #repository() {
    const { repositories } = this.world.region(ACCOUNT_ID, REGION).ecr;
    const hello = repositories.get('hello');
    if (!hello) throw new Error('The world has no repository.');
    return hello;
  }

  /** Moves a tag to another tag's image. */
  retag(tag: string, to: string): void {
    const digest = this.#repository.tags.get(to);
    if (digest === undefined) throw new Error(`No image has the tag ${to}.`);
    this.#repository.tags.set(tag, digest);
  }

  /** Removes an image with its tag, as a lifecycle policy may. */
  deleteImage(tag: string): void {
    const { images, tags } = this.#repository;
    images.delete(tags.get(tag) ?? '');
    tags.delete(tag);
  }

  /** Tasks whose image has this tag and whose containers run. */
  runningTasksOf(tag: string): number {
    return this.addressesOf(tag).length;
  }

  /** Addresses of the running tasks whose image has this tag. */
  addressesOf(tag: string): string[] {
    const isOf = (image: string) => image.endsWith(`:${tag}`) || image === this.imageOf(tag);
    return this.runtime
      .running()
      .filter(({ containers }) => containers.every(({ image }) => isOf(image)))
      .map(({ address }) => address);
  }

  /** What somebody else does in AWS meanwhile. */
  async thirdParty(operation: string, input: object): Promise<void> {
    const other = new DirectClient(this.world, REGION);
    const command = { input, constructor: { name: `${operation}Command` } };
    await other.send(command);
  }

  /** Another deploy while one runs; whoever started that one moves the clock. */
  deployConcurrently(sha: string | undefined, options: RunOptions = {}): Promise<Serving> {
    return this.#deploy(sha, options, () => {});
  }

  /** Deploys until the first call of an operation; there the machine is switched off. */
  async crashAt(
    operation: string,
    sha: string | undefined,
    options: RunOptions = {},
  ): Promise<void> {
    const machine = new Machine();
    const crashed = new Promise<void>((resolve) => {
      this.client.faultFor = (call) => {
        if (call.operation !== operation) return undefined;
        machine.crash();
        resolve();
        return options.isDone ? 'lost-answer' : 'lost-request';
      };
    });
    this.#deploy(sha, options, () => {}, machine).catch(() => {});
    await this.clock.run(crashed);
    this.client.faultFor = () => undefined;
  }

  async #deploy(
    sha: string | undefined,
    options: RunOptions,
    report: (event: DeployEvent) => void,
    machine = new Machine(),
  ): Promise<Serving> {
    const { request, tools } = this.prepared(sha, options, report, machine);
    return deploy(request, tools);
  }

  /** What a deploy with these options would be asked for, and work with. */
  prepared(
    sha: string | undefined,
    options: RunOptions = {},
    report: (event: DeployEvent) => void = () => {},
    machine = new Machine(),
  ): { readonly request: DeployRequest; readonly tools: DeployTools } {
    const { environmentName = 'dev', interrupt = new AbortController().signal } = options;
    const { onEvent: _onEvent, isDone: _isDone, ...rest } = options;
    const { config } = parseConfig(JSON.stringify(this.config), 'deploy-config.json');
    const { app, environment } = selectEnvironment(config, 'hello', environmentName);
    const request: DeployRequest = {
      app,
      environment,
      ...(sha === undefined ? {} : { sha }),
      configSha: 'cfg00001',
      mode: 'deploy',
      skipCommands: false,
      flags: [],
      ...rest,
    };
    return { request, tools: this.#tools(environment, report, interrupt, machine) };
  }

  #tools(
    { cluster, service }: { cluster: string; service: string },
    report: (event: DeployEvent) => void,
    interrupt: AbortSignal,
    machine: Machine,
  ): DeployTools {
    const gate = new MutationGate();
    const client = machine.attached(this.client.guardedBy(gate));
    const ecs = client as unknown as ECSClient;
    const elb = client as unknown as ElasticLoadBalancingV2Client;
    return {
      aws: {
        rules: rulesPort(elb),
        targets: targetsPort(elb),
        service: servicePort(ecs, cluster, service),
        taskDefinitions: taskDefinitionsPort(ecs),
        tasks: tasksPort(ecs, cluster),
      },
      images: machine.attached(
        directImages(this.world, (asked) => {
          this.asked.push(asked);
          this.onImage(asked);
        }),
      ),
      history: machine.attached(this.history),
      artifacts: machine.attached(this.artifacts),
      lockStore: machine.attached(this.lockStore),
      commands: gatedCommands(
        {
          run: async (command, commandOptions) => {
            this.commands.push([command.program, ...command.arguments].join(' '));
            await this.onCommand(command, commandOptions);
          },
        },
        gate,
      ),
      gate,
      assertAccounts: async () => {
        await this.accountProblemAfter;
        if (this.accountProblem) throw new RefusedError(this.accountProblem, { hint: 'Log in.' });
      },
      clock: machine.clock(this.clock),
      randomBytes: (count) => Uint8Array.from({ length: count }, () => this.#random() * 256),
      report,
      interrupt,
      machine: { host: 'test', pid: 1 },
      planDeploy, // Loading it would take real time, which the virtual clock knows nothing of.
    };
  }

  #probe(): void {
    this.probeNow();
    this.clock.after(PROBE_INTERVAL_MS, () => this.#probe());
  }

  /** Both nodes check every target, as the real balancer does over HTTP. */
  probeNow(): void {
    for (const region of this.world.regions()) {
      for (const { address, healthCheck, port, targetGroupArn } of targetsToProbe(
        this.world,
        region,
      )) {
        const isListening = this.runtime.listener(address, healthCheck.port) !== undefined;
        const result = isListening ? this.healthOf(address) : ({ failure: 'refused' } as const);
        for (const node of [0, 1]) {
          reportProbe(this.world, region, targetGroupArn, { address, port }, node, result);
        }
      }
    }
  }
}

function readJson(name: string): Record<string, unknown> {
  return JSON.parse(readFileSync(new URL(name, EXAMPLE), 'utf8')) as Record<string, unknown>;
}
