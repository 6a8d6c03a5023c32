import { type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { statusAws } from '../../../cmd/status-aws.ts';
import { Faults } from '../../../sandbox/wire/faults.ts';
import { Front } from '../../../sandbox/wire/front.ts';
import { type InProcessHandler, inProcessHandler } from '../../../sandbox/wire/in-process.ts';
import { furnish } from '../../../sandbox/world-file/furnish.ts';
import { readWorldFile } from '../../../sandbox/world-file/read.ts';
import type { Holdings, WorldFile } from '../../../sandbox/world-file/world-file.ts';
import { ECS_OPERATIONS } from '../../../sandbox/world/ecs/index.ts';
import { reportProbe, targetsToProbe } from '../../../sandbox/world/elb/health.ts';
import { ELB_OPERATIONS } from '../../../sandbox/world/elb/index.ts';
import { ScriptedRuntime } from '../../../sandbox/world/scripted-runtime.ts';
import type { Settings } from '../../../sandbox/world/settings.ts';
import type { World } from '../../../sandbox/world/world.ts';
import { ArtifactDb } from '../../../src/artifactdb/artifact-db.ts';
import { ArtifactTable } from '../../../src/aws/artifact-table.ts';
import { lockTable } from '../../../src/aws/lock-table.ts';
import type { DeployConfig } from '../../../src/config/config.ts';
import { parseConfig } from '../../../src/config/parse.ts';
import type { Color } from '../../../src/deploy/model.ts';
import type { LockStore } from '../../../src/lock/store.ts';
import { type Overview, readOverview } from '../../../src/status/overview.ts';
import { sdkClients } from '../../support/sdk.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { call, createWorld } from '../../support/world.ts';

const REGION = 'us-east-1';
const PORT = 8080;
const LISTEN_MS = 2_500;

export interface SceneOptions {
  readonly apps: readonly string[];
  /** Each has an account of its own; the first one's has the lock table and ArtifactDB. */
  readonly environments: readonly string[];
  /** One cluster for all apps of an environment, instead of one for each. */
  readonly sharedClusters?: boolean;
  readonly settings?: Partial<Settings>;
  readonly tasks?: number;
}

/** Where something of an environment is. */
export interface Place {
  readonly app: string;
  readonly environment: string;
}

/**
 * Apps in several accounts, in a world on a virtual clock behind the sandbox's front, and a status
 * that reads them through the real adapters and the real SDK. Nothing is deployed at the start.
 */
export class StatusScene {
  readonly clock = new VirtualClock();
  readonly world: World;
  readonly front: Front;
  readonly config: DeployConfig;
  readonly artifacts: ArtifactDb;
  readonly lockStore: LockStore;
  /** What a health check of a target is answered. */
  healthOf: (address: string) => number = () => 200;
  /** Waits before a call reaches AWS, and before its answer is back, in milliseconds. */
  latencyMs: () => readonly [number, number] = () => [0, 0];
  readonly #options: SceneOptions;
  readonly #dynamoDb: DynamoDBClient;
  readonly #handler: InProcessHandler;
  #calls = 0;

  private constructor(options: SceneOptions) {
    this.#options = options;
    const settings = { timeScale: 1, accountId: this.accountOf(0), ...options.settings };
    const runtime = new ScriptedRuntime(this.clock.quiet);
    this.world = createWorld({ clock: this.clock, runtime, settings });
    this.front = new Front({ world: this.world, faults: new Faults([]) });
    this.config = parseConfig(JSON.stringify(this.#configFile()), 'deploy-config.json').config;
    this.#handler = this.#slowed(inProcessHandler(this.front));
    const sdk = sdkClients(this.#handler, { accessKeyId: this.#keyOf(0) });
    this.#dynamoDb = sdk.dynamoDb;
    this.artifacts = new ArtifactDb(new ArtifactTable(sdk.dynamoDb, 'ArtifactDB'));
    this.lockStore = lockTable({ client: sdk.dynamoDb, tableName: 'DeployLock' });
  }

  static async create(options: SceneOptions): Promise<StatusScene> {
    // To load them later would take real time, which the virtual clock knows nothing of.
    await Promise.all([
      import('../../../src/aws/region-reads.ts'),
      import('../../../src/aws/sdk/dynamodb.ts'),
      import('../../../src/aws/sdk/ecs.ts'),
      import('../../../src/aws/sdk/elb.ts'),
    ]);
    const scene = new StatusScene(options);
    await furnish(scene.front, readWorldFile(scene.#worldFile()));
    return scene;
  }

  /** Of the nth environment. */
  accountOf(index: number): string {
    return String(index + 1).repeat(12);
  }

  #keyOf(index: number): string {
    return `AKIA${this.accountOf(index)}`;
  }

  #indexOf(environment: string): number {
    return this.#options.environments.indexOf(environment);
  }

  /** Calls an operation as somebody else would who has the account. */
  aws(environment: string, operation: string, input: object): Record<string, never> {
    const operations = [...ECS_OPERATIONS, ...ELB_OPERATIONS];
    const accountId = this.accountOf(this.#indexOf(environment));
    return call(this.world, operations, operation, input, { accountId, region: REGION }) as Record<
      string,
      never
    >;
  }

  /** Starts a task set of a version on a colour. @returns its id. */
  startTaskSet(
    place: Place,
    color: Color | undefined,
    version: { readonly build?: number; readonly configSha?: string; readonly isPrimary?: boolean },
  ): string {
    const { environment } = place;
    const { build, configSha = 'cfg00001', isPrimary = false } = version;
    const accountId = this.accountOf(this.#indexOf(environment));
    const tags =
      build === undefined
        ? []
        : [
            { key: 'config-sha', value: configSha },
            { key: 'artifact-build-number', value: String(build) },
          ];
    const { taskDefinition } = this.aws(environment, 'RegisterTaskDefinition', {
      family: `${place.app}-${environment}`,
      cpu: '256',
      memory: '512',
      requiresCompatibilities: ['FARGATE'],
      networkMode: 'awsvpc',
      executionRoleArn: `arn:aws:iam::${accountId}:role/execution`,
      containerDefinitions: [
        {
          name: 'web',
          image: `${accountId}.dkr.ecr.${REGION}.amazonaws.com/web:v1`,
          portMappings: [{ containerPort: PORT }],
        },
      ],
    }) as never as { taskDefinition: { taskDefinitionArn: string } };
    const { taskSet } = this.aws(environment, 'CreateTaskSet', {
      ...this.serviceOf(place),
      taskDefinition: taskDefinition.taskDefinitionArn,
      launchType: 'FARGATE',
      scale: { value: 100, unit: 'PERCENT' },
      networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
      loadBalancers:
        color === undefined
          ? []
          : [
              {
                targetGroupArn: this.targetGroupOf(place, color),
                containerName: 'web',
                containerPort: PORT,
              },
            ],
      tags,
    }) as never as { taskSet: { id: string } };
    if (isPrimary) this.makePrimary(place, taskSet.id);
    return taskSet.id;
  }

  makePrimary(place: Place, primaryTaskSet: string): void {
    const input = { ...this.serviceOf(place), primaryTaskSet };
    this.aws(place.environment, 'UpdateServicePrimaryTaskSet', input);
  }

  /** Exchanges the priorities of the two rules. */
  swap(place: Place): void {
    const { Rules } = this.aws(place.environment, 'DescribeRules', {
      ListenerArn: this.listenerOf(place),
    }) as never as { Rules: { RuleArn: string; Priority: string; IsDefault: boolean }[] };
    const [first, second] = Rules.filter((rule) => !rule.IsDefault);
    this.aws(place.environment, 'SetRulePriorities', {
      RulePriorities: [
        { RuleArn: first?.RuleArn, Priority: Number(second?.Priority) },
        { RuleArn: second?.RuleArn, Priority: Number(first?.Priority) },
      ],
    });
  }

  serviceOf({ app, environment }: Place): { cluster: string; service: string } {
    const cluster = this.#options.sharedClusters ? environment : `${app}-${environment}`;
    return { cluster, service: `${app}-${environment}` };
  }

  listenerOf({ app, environment }: Place): string {
    return `${this.#elb(environment)}:listener/app/${app}/50dc6c495c0c9188/f2f7dc8efc522ab2`;
  }

  targetGroupOf({ app, environment }: Place, color: Color): string {
    return `${this.#elb(environment)}:targetgroup/${app}-${color}/73e2d6bc24d8a067`;
  }

  #elb(environment: string): string {
    const accountId = this.accountOf(this.#indexOf(environment));
    return `arn:aws:elasticloadbalancing:${REGION}:${accountId}`;
  }

  /** Lets so many seconds pass, with both nodes checking every target every five. */
  async pass(seconds: number): Promise<void> {
    for (let left = seconds; left > 0; left -= 5) {
      this.clock.advanceSync(Math.min(left, 5) * 1000);
      for (const region of this.world.regions()) {
        for (const target of targetsToProbe(this.world, region)) {
          const result = { statusCode: this.healthOf(target.address) };
          for (const node of [0, 1]) {
            reportProbe(this.world, region, target.targetGroupArn, target, node, result);
          }
        }
      }
    }
  }

  /** From now on AWS refuses whatever names this service, as for want of a permission. */
  refuseServices(name: string): void {
    this.#refuse(({ body }) => body.includes(name));
  }

  /** From now on AWS refuses whatever is asked in this account. */
  refuseAccount(accountId: string): void {
    this.#refuse(({ authorization }) => authorization.includes(`AKIA${accountId}`));
  }

  /** From now on DynamoDB refuses whatever names this table. */
  refuseTable(name: string): void {
    this.#refuse(({ body }) => body.includes(`"${name}"`));
  }

  #refuse(isMeant: (request: { body: string; authorization: string }) => boolean): void {
    const handle = this.front.handle.bind(this.front);
    this.front.handle = (request) => {
      const body = Buffer.from(request.body).toString();
      const { authorization = '' } = request.headers;
      if (!isMeant({ body, authorization })) return handle(request);
      const text = JSON.stringify({ __type: 'AccessDeniedException', message: 'Not you.' });
      const headers = { 'content-type': 'application/x-amz-json-1.1' };
      return Promise.resolve({ status: 400, headers, body: Buffer.from(text) });
    };
  }

  /** Whatever anybody may have put there. */
  async putLock(item: Record<string, { S: string } | { B: Uint8Array }>): Promise<void> {
    await this.#dynamoDb.send(new PutItemCommand({ TableName: 'DeployLock', Item: item }));
  }

  /** Reads a status of everything, or of some apps, while the clock runs. */
  async read(apps = this.#options.apps, reader = this.reader()): Promise<Overview> {
    const selections = apps.map((name) => {
      const app = this.config.apps.get(name)!;
      return { app, environments: [...app.environments.values()] };
    });
    const look = reader.look();
    const tools = { ...look, clock: this.clock, listenMs: LISTEN_MS };
    return this.run(readOverview(selections, tools, { latest: apps.length === 1 }));
  }

  /** Clients with the credentials of each account, their calls paced. */
  reader() {
    return statusAws(
      this.config,
      async ({ accountId, region }) => ({
        region,
        credentials: { accessKeyId: `AKIA${accountId}`, secretAccessKey: 'secret' },
        requestHandler: this.#handler,
      }),
      this.clock,
    );
  }

  /** Counts what is being answered. */
  #slowed(handler: InProcessHandler): InProcessHandler {
    return {
      ...handler,
      handle: async (request, options) => {
        const [beforeMs, afterMs] = this.latencyMs();
        await this.#pause(beforeMs);
        this.#calls++;
        const answer = await handler.handle(request, options).finally(() => this.#calls--);
        await this.#pause(afterMs);
        return answer;
      },
    };
  }

  /** Moves the clock until the work is done, but never while a call is being answered. */
  async run<T>(work: Promise<T>): Promise<T> {
    let isSettled = false;
    const settle = () => {
      isSettled = true;
    };
    work.then(settle, settle);
    for (;;) {
      await this.#idle();
      if (isSettled) return work;
      const { nextAtMs } = this.clock;
      if (nextAtMs === undefined) throw new Error('Nothing due settles the work.');
      await this.clock.advance(nextAtMs - this.clock.monotonicMs());
    }
  }

  /** What the SDK does between two calls takes it several turns. */
  async #idle(): Promise<void> {
    const TURNS = 5;
    for (let turn = 0; turn < TURNS; turn++) {
      if (this.#calls > 0) turn = 0;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  #pause(ms: number): Promise<void> {
    if (ms === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.clock.after(ms, resolve);
    });
  }

  #worldFile(): WorldFile {
    const { environments } = this.#options;
    const [first, ...others] = environments.map((environment, index) => ({
      accountId: this.accountOf(index),
      ...this.#holdings(environment),
    }));
    const { accountId: _, ...own } = first!;
    return {
      region: REGION,
      ...own,
      elsewhere: others,
      credentials: environments.map((_, index) => ({
        accessKeyId: this.#keyOf(index),
        accountId: this.accountOf(index),
      })),
      tables: [
        { name: 'DeployLock', hashKey: { name: 'key', type: 'S' } },
        {
          name: 'ArtifactDB',
          hashKey: { name: 'ProjectName', type: 'S' },
          rangeKey: { name: 'BuildNumber', type: 'N' },
        },
      ],
    };
  }

  #holdings(environment: string): Holdings {
    const { apps, tasks = 1 } = this.#options;
    const places = apps.map((app) => ({ app, environment }));
    const clusters = new Set(places.map((place) => this.serviceOf(place).cluster));
    return {
      clusters: [...clusters],
      services: places.map((place) => {
        const { cluster, service } = this.serviceOf(place);
        return { cluster, name: service, desiredCount: tasks };
      }),
      repositories: [{ name: 'web', images: [{ tags: ['v1'], command: ['web'] }] }],
      targetGroups: places.flatMap((place) =>
        (['blue', 'green'] as const).map((color) => ({
          name: `${place.app}-${color}`,
          arn: this.targetGroupOf(place, color),
          port: PORT,
          healthCheck: { intervalSeconds: 5, timeoutSeconds: 2, healthyThreshold: 2 },
        })),
      ),
      loadBalancers: places.map((place) => ({
        name: place.app,
        listeners: [
          {
            port: 80,
            arn: this.listenerOf(place),
            rules: (['blue', 'green'] as const).map((color, at) => ({
              priority: 11 + at,
              paths: ['*'],
              targetGroup: `${place.app}-${color}`,
            })),
          },
        ],
      })),
    };
  }

  #configFile(): object {
    const { apps, environments } = this.#options;
    return {
      ConfigAccountID: this.accountOf(0),
      ConfigRegion: REGION,
      Apps: Object.fromEntries(
        apps.map((app) => [
          app,
          {
            ArtifactDBProjectName: app,
            ContainerDefinitionTemplates: [
              { Name: 'web', Image: 'web:v1', PortMappings: [{ ContainerPort: PORT }] },
            ],
            Environments: Object.fromEntries(
              environments.map((environment, index) => [
                environment,
                this.#environmentFile({ app, environment }, this.accountOf(index)),
              ]),
            ),
          },
        ]),
      ),
    };
  }

  #environmentFile(place: Place, accountId: string): object {
    const { cluster, service } = this.serviceOf(place);
    return {
      AccountID: accountId,
      Region: REGION,
      CPU: '256',
      Memory: '512',
      ExecutionRoleARN: `arn:aws:iam::${accountId}:role/execution`,
      Family: service,
      Cluster: cluster,
      SecurityGroups: ['sg-0a1b2c3d4e5f60718'],
      Subnets: ['subnet-0a1b2c3d4e5f60718'],
      ListenerARN: this.listenerOf(place),
      TargetGroupARNs: {
        blue: this.targetGroupOf(place, 'blue'),
        green: this.targetGroupOf(place, 'green'),
      },
    };
  }
}
