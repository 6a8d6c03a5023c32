import { type FaultRule, checkedFaultRules } from '../../../sandbox/wire/fault-rules.ts';
import { Faults } from '../../../sandbox/wire/faults.ts';
import { Front } from '../../../sandbox/wire/front.ts';
import { startHttpServer } from '../../../sandbox/wire/http-server.ts';
import { inProcessHandler } from '../../../sandbox/wire/in-process.ts';
import { furnish } from '../../../sandbox/world-file/furnish.ts';
import { readWorldFile } from '../../../sandbox/world-file/read.ts';
import type { WorldFile } from '../../../sandbox/world-file/world-file.ts';
import { ScriptedRuntime } from '../../../sandbox/world/scripted-runtime.ts';
import type { Settings } from '../../../sandbox/world/settings.ts';
import { createAwsPorts } from '../../../src/aws/ports.ts';
import type { ClientOptions } from '../../../src/aws/clients.ts';
import { CallFailedError, type TaskDefinitionSpec } from '../../../src/deploy/ports.ts';
import { sdkClients } from '../../support/sdk.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { createWorld } from '../../support/world.ts';

export const REGION = 'us-east-1';
const ACCOUNT = '111111111111';
export const PORT = 8080;
export const BLUE = `arn:aws:elasticloadbalancing:${REGION}:${ACCOUNT}:targetgroup/blue/73e2d6bc24d8a067`;
export const GREEN = `arn:aws:elasticloadbalancing:${REGION}:${ACCOUNT}:targetgroup/green/09966783158cda59`;
export const LISTENER = `arn:aws:elasticloadbalancing:${REGION}:${ACCOUNT}:listener/app/web/50dc6c495c0c9188/f2f7dc8efc522ab2`;

/** A service `web` in the cluster `shop` that wants two tasks, behind a listener with two rules. */
const SHOP: WorldFile = {
  region: REGION,
  clusters: ['shop'],
  services: [{ cluster: 'shop', name: 'web', desiredCount: 2 }],
  repositories: [{ name: 'web', images: [{ tags: ['v1'], command: ['web'] }] }],
  targetGroups: [
    { name: 'blue', arn: BLUE, port: PORT },
    { name: 'green', arn: GREEN, port: PORT },
  ],
  loadBalancers: [
    {
      name: 'web',
      listeners: [
        {
          port: 80,
          arn: LISTENER,
          rules: [
            { priority: 9, paths: ['/*'], targetGroup: 'blue' },
            { priority: 10, paths: ['/*'], targetGroup: 'green' },
          ],
        },
      ],
    },
  ],
  tables: [{ name: 'ArtifactDB', hashKey: { name: 'id', type: 'S' } }],
};

export const TASK_DEFINITION: TaskDefinitionSpec = {
  family: 'web',
  cpu: '256',
  memory: '512',
  executionRoleArn: `arn:aws:iam::${ACCOUNT}:role/execution`,
  containerDefinitions: [
    {
      name: 'web',
      image: `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com/web:v1`,
      portMappings: [{ containerPort: PORT }],
    },
  ],
  tags: {},
};

/**
 * The shop in a world on a virtual clock, where one second is one second, with the adapters over the
 * real SDK in front of it. Each call makes one attempt unless a test says otherwise.
 */
export async function startShop(
  options: {
    settings?: Partial<Settings>;
    faults?: FaultRule[];
    worldFile?: WorldFile;
    client?: Partial<ClientOptions>;
  } = {},
) {
  const clock = new VirtualClock();
  const runtime = new ScriptedRuntime(clock);
  const world = createWorld({
    clock,
    runtime,
    settings: { timeScale: 1, accountId: ACCOUNT, ...options.settings },
  });
  const faults = new Faults(checkedFaultRules(options.faults ?? [], 'faults'));
  const front = new Front({ world, faults });
  await furnish(front, readWorldFile({ ...SHOP, ...options.worldFile }));
  const handler = inProcessHandler(front);
  const clientOptions: ClientOptions = {
    region: REGION,
    credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' },
    requestHandler: handler,
    maxAttempts: 1,
    ...options.client,
  };
  const aws = await createAwsPorts(clientOptions, { cluster: 'shop', service: 'web' });
  return {
    clock,
    runtime,
    world,
    region: world.region(ACCOUNT, REGION),
    front,
    aws,
    handler,
    clientOptions,
    /** Somebody else with the SDK. */
    sdk: sdkClients(handler, { region: REGION }),
    /** What arrived, as `operation outcome`. */
    calls: () => front.calls.entries().map(({ operation, outcome }) => `${operation} ${outcome}`),
    /** Lets so many seconds pass. */
    pass: (seconds: number) => clock.advance(seconds * 1000),
  };
}

export type Shop = Awaited<ReturnType<typeof startShop>>;

/** What a new task set of the shop needs; each test says what differs. */
export async function taskSetSpec({ aws }: Shop, more: { clientToken?: string } = {}) {
  return {
    clientToken: 'token-1',
    externalId: 'deploy.1',
    taskDefinitionArn: await aws.taskDefinitions.register(TASK_DEFINITION),
    targetGroupArn: GREEN,
    containerName: 'web',
    containerPort: PORT,
    subnets: ['subnet-1', 'subnet-2'],
    securityGroups: ['sg-1'],
    assignPublicIp: false,
    tags: { Deploy: 'deploy' },
    ...more,
  };
}

/** The error that a call fails with; anything else fails the test. */
export async function failureOf(call: Promise<unknown>): Promise<CallFailedError> {
  try {
    await call;
  } catch (error) {
    if (error instanceof CallFailedError) return error;
    throw error;
  }
  throw new Error('The call did not fail.');
}

/** The same shop behind a real socket, where clients without a handler of their own go meanwhile. */
export async function listen({ front }: Pick<Shop, 'front'>) {
  const server = await startHttpServer(front, 0);
  const restore = setEnvironment({
    AWS_ENDPOINT_URL: server.url,
    AWS_ACCESS_KEY_ID: 'AKIATEST',
    AWS_SECRET_ACCESS_KEY: 'secret',
  });
  return {
    url: server.url,
    async close() {
      restore();
      front.close();
      await server.close();
    },
  };
}

/** @returns what puts the variables back. */
function setEnvironment(variables: Readonly<Record<string, string>>): () => void {
  const before = Object.keys(variables).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, variables);
  return () => {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  };
}
