import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts';
import type { Holdings, WorldFile } from '../../sandbox/world-file/world-file.ts';
import { ArtifactDb } from '../../src/artifactdb/artifact-db.ts';
import { ArtifactTable } from '../../src/aws/artifact-table.ts';
import { type Executable, type Finished, run, start } from '../support/executable.ts';
import { sdkClients } from '../support/sdk.ts';

const EXAMPLE = fileURLToPath(new URL('../../examples/hello/', import.meta.url));

/** Whatever is in a config file. */
export type Json = ReturnType<typeof JSON.parse>;

/** The example's files, to be changed by a test. */
export function exampleConfig(): Json {
  return JSON.parse(readFileSync(join(EXAMPLE, 'deploy-config.json'), 'utf8'));
}

/** Looks again and again until it is so; the test's time limit ends it. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 20));
}

/** With absolute paths to the app, since it is not read from the example's folder. */
export function exampleWorld(): WorldFile {
  const text = readFileSync(join(EXAMPLE, 'world.json'), 'utf8');
  return JSON.parse(text.replaceAll('./server.mjs', join(EXAMPLE, 'server.mjs'))) as WorldFile;
}

/** What `quickWorld` is made for. */
export const QUICK_TIME_SCALE = 0.05;

/** The example with little to wait for: what AWS takes its time for is tested elsewhere. */
export function quickWorld({ tasks = 2 }: { readonly tasks?: number } = {}): WorldFile {
  return quick(exampleWorld(), { tasks });
}

/** A world with little to wait for at a time scale of `QUICK_TIME_SCALE`. */
export function quick(world: WorldFile, { tasks }: { readonly tasks: number }): WorldFile {
  const settings = { taskStartSeconds: 5, taskDeprovisionSeconds: 2, schedulerTickSeconds: 2 };
  return {
    ...quickPlace(world, tasks),
    settings: { ...world.settings, ...settings },
    elsewhere: world.elsewhere?.map((place) => quickPlace(place, tasks)),
  };
}

function quickPlace<Place extends Holdings>(place: Place, tasks: number): Place {
  return {
    ...place,
    services: place.services?.map((service) => ({
      ...service,
      desiredCount: tasks,
      // A machine that is busy for a moment makes no task unhealthy enough to be replaced.
      healthCheckGracePeriodSeconds: 3_600,
    })),
    targetGroups: place.targetGroups?.map((group) => ({
      ...group,
      deregistrationDelaySeconds: 2,
      // The first checks come before any process listens, and the next ones shall not be late.
      healthCheck: {
        path: '/health',
        intervalSeconds: 5,
        timeoutSeconds: 4,
        healthyThreshold: 2,
        unhealthyThreshold: 10,
      },
    })),
  };
}

/** The hello app in a sandbox with real processes, and the built executables. */
export class Hello {
  readonly sandbox: Sandbox;
  /** Holds the configuration; removed at the end. */
  readonly folder: string;
  /** Variables that deploys get beside the sandbox's. */
  extraEnv: Readonly<Record<string, string>> = {};

  private constructor(sandbox: Sandbox, folder: string) {
    this.sandbox = sandbox;
    this.folder = folder;
  }

  /** With artifacts `hello:v1`, `hello:v2` and `hello:v3` of SHA aaaa1111, bbbb2222 and cccc3333. */
  static async start(
    options: {
      readonly world?: WorldFile;
      readonly config?: Json;
      readonly timeScale?: number;
      /** False: none are registered, as when the table is to be missing. */
      readonly hasArtifacts?: boolean;
      /** Hears each line that a task prints. */
      readonly onTaskOutput?: (line: string) => void;
    } = {},
  ): Promise<Hello> {
    const { config = exampleConfig(), timeScale = 0.1, world = exampleWorld() } = options;
    const { onTaskOutput = () => {} } = options;
    const sandbox = await startSandbox({
      worldFile: world,
      settings: { timeScale },
      onOutput: (_taskArn, _container, line) => onTaskOutput(line),
    });
    const folder = await mkdtemp(join(tmpdir(), 'ecs-deploy-e2e-'));
    const hello = new Hello(sandbox, folder);
    await hello.writeConfig(config);
    if (options.hasArtifacts === false) return hello;
    await hello.register('hello:v1', 'aaaa1111');
    await hello.register('hello:v2', 'bbbb2222');
    await hello.register('hello:v3', 'cccc3333');
    return hello;
  }

  /** Registers a build; without a process of its own, for most tests need three of them. */
  async register(value: string, sha: string): Promise<void> {
    const { destroy, dynamoDb } = sdkClients(this.sandbox.url);
    const artifacts = new ArtifactDb(new ArtifactTable(dynamoDb, 'ArtifactDB'));
    await artifacts.create('hello', { value, tags: { SHA: sha, ForAutomatedDeploy: 'true' } });
    destroy();
  }

  async writeConfig(config: Json): Promise<void> {
    await this.writeFile('deploy-config.json', JSON.stringify(config, null, 2));
  }

  async writeFile(name: string, text: string): Promise<void> {
    await writeFile(join(this.folder, name), text);
  }

  /** A deploy to dev, in the folder of the configuration. */
  deploy(sha: string, ...args: string[]): Promise<Finished> {
    return this.startDeploy(sha, ...args).finished;
  }

  startDeploy(sha: string, ...args: string[]): Executable {
    const flags = ['-app', 'hello', '-env', 'dev', '-sha', sha, '-config-sha', 'cfg00001', ...args];
    const env = { ...this.sandbox.env, ...this.extraEnv };
    return start('ecs-deploy', flags, { env, cwd: this.folder });
  }

  run(program: Parameters<typeof run>[0], ...args: string[]): Promise<Finished> {
    return run(program, args, { env: this.sandbox.env, cwd: this.folder });
  }

  /** Where clients reach the app: both nodes of its load balancer. */
  urls(environment = 'dev'): string[] {
    return this.sandbox
      .balancers()
      .filter(({ loadBalancerArn }) => loadBalancerArn.includes(`/hello-${environment}/`))
      .map(({ url }) => url);
  }

  /** Resolves once both nodes have applied the rules of the first deploy, which AWS tells nobody. */
  async answers(): Promise<void> {
    for (const url of this.urls()) await until(async () => (await fetch(url)).ok);
  }

  async close(): Promise<void> {
    await this.sandbox.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}
