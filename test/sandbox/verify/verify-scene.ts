import { readFileSync } from 'node:fs';
import {
  CreateTaskSetCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
  UpdateServicePrimaryTaskSetCommand,
} from '@aws-sdk/client-ecs';
import { PutItemCommand, type PutItemCommandInput } from '@aws-sdk/client-dynamodb';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { verifyPorts } from '../../../cmd/verify-aws.ts';
import { Front } from '../../../sandbox/wire/front.ts';
import { inProcessHandler } from '../../../sandbox/wire/in-process.ts';
import { textOf } from '../../../sandbox/wire/message.ts';
import { operationNamed } from '../../../sandbox/wire/services.ts';
import { furnish } from '../../../sandbox/world-file/furnish.ts';
import { readWorldFile } from '../../../sandbox/world-file/read.ts';
import type { WorldFile } from '../../../sandbox/world-file/world-file.ts';
import type { ServiceName } from '../../../sandbox/world/operation.ts';
import type { Region } from '../../../sandbox/world/region.ts';
import { ScriptedRuntime } from '../../../sandbox/world/scripted-runtime.ts';
import { World } from '../../../sandbox/world/world.ts';
import { ArtifactDb } from '../../../src/artifactdb/artifact-db.ts';
import { ArtifactTable } from '../../../src/aws/artifact-table.ts';
import { createDynamoDbClient } from '../../../src/aws/clients.ts';
import { parseConfig } from '../../../src/config/parse.ts';
import { selectEnvironment } from '../../../src/config/select.ts';
import { Facts } from '../../../src/verify/facts.ts';
import type { Verdict } from '../../../src/verify/finding.ts';
import { CHECKS } from '../../../src/verify/index.ts';
import { LeapingClock } from '../../../src/plan/leaping-clock.ts';
import { type Verification, verify } from '../../../src/verify/verify.ts';
import { sdkConfiguration } from '../../support/sdk.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { seededRandom } from '../../support/world.ts';

const EXAMPLE = new URL('../../../examples/hello/', import.meta.url);
const MARKS: Readonly<Record<Verdict, string>> = {
  ok: '✓',
  warning: '!',
  problem: '✗',
  unknown: '?',
};

export const ACCOUNT = '111111111111';
export const REGION = 'us-east-1';
/** Where the hello app's images are. */
export const REGISTRY = `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com`;

const TASK_DEFINITION = {
  family: 'hello-dev',
  networkMode: 'awsvpc' as const,
  requiresCompatibilities: ['FARGATE' as const],
  cpu: '256',
  memory: '512',
  containerDefinitions: [
    { name: 'hello', image: `${REGISTRY}/hello:v1`, portMappings: [{ containerPort: 8080 }] },
  ],
};

type Json = Record<string, unknown>;

/** A container definition's part of the configuration. */
export interface ContainerTemplate extends Json {
  Image: string;
  LogConfiguration?: {
    LogDriver: string;
    Options?: Record<string, string>;
    SecretOptions?: { Name: string; ValueFrom: string }[];
  };
  Secrets?: { Name: string; ValueFrom: string }[];
}

interface Options {
  readonly env?: string;
  readonly sha?: string;
  /** Undefined: git's, which knows nothing of this config. */
  readonly configSha?: string | undefined;
  readonly variables?: NodeJS.ProcessEnv;
}

/** Something that can be changed in place before it is looked at. */
type Adapt<T> = (value: T) => void;

export type WorldDraft = { -readonly [Member in keyof WorldFile]: WorldFile[Member] };

/**
 * The hello app of the examples, with an artifact and nothing wrong, in a sandbox in process. Each
 * test says only what differs.
 */
export class VerifyScene {
  readonly front: Front;
  readonly config = readJson('deploy-config.json');
  readonly #handler: ReturnType<typeof inProcessHandler>;

  private constructor(front: Front) {
    this.front = front;
    this.#handler = inProcessHandler(front);
  }

  static async start(adaptWorld: Adapt<WorldDraft> = () => {}): Promise<VerifyScene> {
    const clock = new VirtualClock();
    const world = new World({
      clock,
      random: seededRandom(3),
      runtime: new ScriptedRuntime(clock),
    });
    const front = new Front({
      world,
      onBug: (error) => {
        throw error;
      },
    });
    const file = readJson('world.json') as WorldDraft;
    adaptWorld(file);
    await furnish(front, readWorldFile(file));
    const scene = new VerifyScene(front);
    await scene.register('hello:v1', { SHA: 'aaaa1111', ForAutomatedDeploy: 'true' });
    return scene;
  }

  /** The dev environment's part of the configuration, to be changed in place. */
  get environment(): Json {
    return this.#app().Environments['dev']!;
  }

  /** As `environment`, of prod. */
  get production(): Json {
    return this.#app().Environments['prod']!;
  }

  get container(): ContainerTemplate {
    return this.#app().ContainerDefinitionTemplates[0]!;
  }

  async register(value: string, tags: Record<string, string>): Promise<void> {
    const { artifactDbTable } = parseConfig(JSON.stringify(this.config), 'config').config;
    const client = await createDynamoDbClient(this.#clientOptions(REGION));
    await new ArtifactDb(new ArtifactTable(client, artifactDbTable)).create('hello', {
      value,
      tags,
    });
  }

  /** Writes the lock of the dev environment, as any client may. */
  async putLock(item: PutItemCommandInput['Item']): Promise<void> {
    const client = await createDynamoDbClient(this.#clientOptions(REGION));
    const Item = { key: { S: 'hello-dev' }, ...item };
    await client.send(new PutItemCommand({ TableName: 'DeployLock', Item }));
  }

  /** Makes AWS refuse an operation, e.g. `iam.GetRole`, for want of permission. */
  deny(...operations: string[]): this {
    for (const operation of operations) this.fail(operation, codeOfDenial(operation));
    return this;
  }

  fail(operation: string, code: string, status = 403): void {
    this.front.faults.add([{ operation, do: { kind: 'reject', code, status } }]);
  }

  /** What the app's account has in its Region. */
  get world(): Region {
    return this.front.world.region(ACCOUNT, REGION);
  }

  /** What somebody does in AWS. */
  perform(service: ServiceName, operation: string, input: object): void {
    const { world } = this.front;
    const caller = { accountId: ACCOUNT, principalArn: `arn:aws:iam::${ACCOUNT}:user/x` };
    const call = { world, region: this.world, caller };
    operationNamed(service, operation).handle(input as Json, call);
  }

  get ecs(): ECSClient {
    return new ECSClient(sdkConfiguration(this.#handler));
  }

  get elb(): ElasticLoadBalancingV2Client {
    return new ElasticLoadBalancingV2Client(sdkConfiguration(this.#handler));
  }

  async verify(options: Options = {}): Promise<Verification> {
    return verify(...this.#subject(options));
  }

  /** What one check finds, a line a finding: `✗ subnet subnet-1: does not exist`. */
  async linesOf(name: string, options: Options = {}): Promise<string[]> {
    const check = CHECKS.find((each) => each.name === name)!;
    const found = await check.run(new Facts(...this.#subject(options)));
    return found.map(({ verdict, subject, message }) => `${MARKS[verdict]} ${subject}: ${message}`);
  }

  /**
   * A task set of the dev service.
   * @param targetGroupArn Another one than its colour's, if given.
   * @returns its id.
   */
  async runTaskSet(
    color: 'blue' | 'green',
    options: { isPrimary?: boolean; targetGroupArn?: string } = {},
  ): Promise<string> {
    const { ecs } = this;
    const { TargetGroupARNs: groups } = this.environment as {
      TargetGroupARNs: Record<string, string>;
    };
    const here = { cluster: 'hello-dev', service: 'hello-dev' };
    const { taskDefinition } = await ecs.send(new RegisterTaskDefinitionCommand(TASK_DEFINITION));
    const { taskSet } = await ecs.send(
      new CreateTaskSetCommand({
        ...here,
        taskDefinition: taskDefinition!.taskDefinitionArn,
        launchType: 'FARGATE',
        networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
        loadBalancers: [
          {
            targetGroupArn: options.targetGroupArn ?? groups[color],
            containerName: 'hello',
            containerPort: 8080,
          },
        ],
        scale: { value: 100, unit: 'PERCENT' },
      }),
    );
    const id = taskSet!.id!;
    if (options.isPrimary) {
      await ecs.send(new UpdateServicePrimaryTaskSetCommand({ ...here, primaryTaskSet: id }));
    }
    return id;
  }

  #subject(options: Options) {
    const { env = 'dev', sha, configSha, variables = {} } = { configSha: 'cfg00001', ...options };
    const { config } = parseConfig(JSON.stringify(this.config), 'deploy-config.json');
    const { app, environment } = selectEnvironment(config, 'hello', env);
    const ports = verifyPorts(
      { config, configPath: '/deploy-config.json', app, environment, configSha },
      {
        env: variables,
        clock: new LeapingClock(0, () => {}),
        clientOptions: async ({ region }) => this.#clientOptions(region),
        download: (address) => this.#download(address),
      },
    );
    return [{ config, app, environment, flags: [], ...(sha && { sha }) }, ports] as const;
  }

  #app() {
    const { Apps } = this.config as unknown as {
      Apps: Record<
        string,
        {
          Environments: Record<string, Json>;
          ContainerDefinitionTemplates: ContainerTemplate[];
        }
      >;
    };
    return Apps['hello']!;
  }

  #clientOptions(region: string) {
    return {
      region,
      credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' },
      endpoint: 'http://sandbox.invalid',
      requestHandler: this.#handler,
      maxAttempts: 1,
    };
  }

  async #download(address: string): Promise<string> {
    const path = new URL(address).pathname;
    const answer = await this.front.handle({ method: 'GET', path, headers: {}, body: Buffer.of() });
    if (answer === 'drop' || answer.status !== 200) throw new Error('No such download.');
    return textOf(answer);
  }
}

/** Each service has its own word for it. */
function codeOfDenial(operation: string): string {
  if (operation.startsWith('ec2.')) return 'UnauthorizedOperation';
  return /^(?:iam|elasticloadbalancing|sts)\./.test(operation)
    ? 'AccessDenied'
    : 'AccessDeniedException';
}

function readJson(name: string): Json {
  return JSON.parse(readFileSync(new URL(name, EXAMPLE), 'utf8')) as Json;
}
