import { execFileSync } from 'node:child_process';
import { cpSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DescribeTaskDefinitionCommand, type TaskDefinition } from '@aws-sdk/client-ecs';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts';
import type { CallRecord } from '../../sandbox/wire/call-log.ts';
import { readWorldFile } from '../../sandbox/world-file/read.ts';
import { ArtifactDb } from '../../src/artifactdb/artifact-db.ts';
import { ArtifactTable } from '../../src/aws/artifact-table.ts';
import { type Finished, run } from '../support/executable.ts';
import { KionServer } from '../support/kion-server.ts';
import { sdkClients } from '../support/sdk.ts';
import { quick, QUICK_TIME_SCALE, until } from './hello.ts';

const FIXTURES = fileURLToPath(new URL('../fixtures/', import.meta.url));

/** Notes how it was called, and what it was given beside its arguments. */
const TASK_QUEUE = `#!/bin/sh
echo "$QUEUE_KEY, attempt $ECS_DEPLOY_ATTEMPT: $*" >> "$QUEUE_LOG"
echo "I have noted: $*"
`;

/** A call that changed something, or may have. */
export type Change = CallRecord;

/** The configs of `test/fixtures/configs`, each with its world. */
type FixtureName = 'commercial' | 'gov';

/**
 * A fixture as its team uses it: the config in git, untouched, the team's own program in PATH, and
 * CloudTamer's variables as the only credentials. A call to either account needs keys of that one.
 */
export class FixtureScene {
  /** The commit of the config. */
  readonly configSha: string;
  readonly #sandbox: Sandbox;
  readonly #region: string;
  readonly #folder: string;
  readonly #kion: KionServer;
  #printed = '';

  private constructor(parts: { sandbox: Sandbox; folder: string; kion: KionServer }, region = '') {
    this.#sandbox = parts.sandbox;
    this.#folder = parts.folder;
    this.#kion = parts.kion;
    this.#region = region;
    this.configSha = commit(parts.folder);
  }

  static async start(name: FixtureName): Promise<FixtureScene> {
    const world = readWorldFile(join(FIXTURES, `worlds/${name}.json`));
    const sandbox = await startSandbox({
      worldFile: quick(world, { tasks: 1 }),
      settings: { timeScale: QUICK_TIME_SCALE },
    });
    const kion = await KionServer.start();
    kion.onIssued = (key, accountId) => sandbox.front.credentials.set(key, accountId);
    const accounts = [world.settings, ...(world.elsewhere ?? [])].map((each) => each?.accountId);
    for (const accountId of new Set(accounts)) kion.addAccount(accountId ?? '', 'deployer');
    const folder = await mkdtemp(join(tmpdir(), 'ecs-deploy-e2e-'));
    await mkdir(join(folder, 'bin'));
    await writeFile(join(folder, 'bin/task-queue'), TASK_QUEUE, { mode: 0o755 });
    await writeFile(join(folder, '.gitignore'), 'bin\n*.log\n');
    cpSync(join(FIXTURES, 'configs', `${name}.json`), join(folder, 'deploy-config.json'));
    return new FixtureScene({ sandbox, folder, kion }, world.region);
  }

  /** Registers a build as CI does after a push: value, SHA, and whether it is of the main branch. */
  async register(app: string, sha: string, { isMain = true } = {}): Promise<void> {
    await this.#withArtifacts(async (artifacts) => {
      const tags = { SHA: sha, ForAutomatedDeploy: String(isMain) };
      await artifacts.create(app, { value: `${app}:${sha}`, tags });
    });
  }

  /** What the original tool records of a deploy. */
  async recordSuccess(app: string, buildNumber: number, environment: string): Promise<void> {
    await this.#withArtifacts(async (artifacts) => {
      const key = `deploy-${environment}-${this.configSha}`;
      await artifacts.setTag({ projectName: app, buildNumber }, key, 'success');
    });
  }

  async run(program: Parameters<typeof run>[0], ...args: string[]): Promise<Finished> {
    const { AWS_ACCESS_KEY_ID: _id, AWS_SECRET_ACCESS_KEY: _key, ...address } = this.#sandbox.env;
    const env = {
      ...address,
      ...this.#kion.env,
      PATH: `${join(this.#folder, 'bin')}:${process.env['PATH']}`,
      QUEUE_LOG: this.#queueLog,
      QUEUE_KEY: 'key-of-the-queue',
    };
    const finished = await run(program, args, { env, cwd: this.#folder });
    this.#printed += finished.stdout + finished.stderr;
    return finished;
  }

  /** A command of `ecs-deploy` about an environment; without one, a deploy. */
  to(environment: string, app: string, sha: string, ...command: string[]): Promise<Finished> {
    const flags = ['-app', app, '-env', environment, '-sha', sha];
    return this.run('ecs-deploy', ...command, ...flags);
  }

  /** What the team's program has noted since it was last asked. */
  async queueCalls(): Promise<string[]> {
    const text = await readFile(this.#queueLog, 'utf8').catch(() => '');
    await rm(this.#queueLog, { force: true });
    return text.split('\n').filter((line) => line !== '');
  }

  /** What `work` comes to, and which calls changed something meanwhile. */
  async watched<T>(work: () => Promise<T>): Promise<{ result: T; changes: Change[] }> {
    const { calls } = this.#sandbox;
    const before = calls.count;
    const result = await work();
    const changes = calls
      .entries()
      .filter(({ number, operation }) => number > before && !READS.test(operation));
    return { result, changes };
  }

  /** Resolves once users of an app get this version, which the nodes learn some time after the swap. */
  async serves(environment: string, app: string, sha: string): Promise<void> {
    const nodes = this.#sandbox
      .balancers()
      .filter(({ loadBalancerArn }) => loadBalancerArn.includes(`/${app}-${environment}/`));
    for (const { url } of nodes) {
      await until(async () => (await (await fetch(url)).text()).includes(`"version":"${sha}"`));
    }
  }

  /** The newest revision of a family in the config's account. */
  async taskDefinition(family: string): Promise<TaskDefinition> {
    const { destroy, ecs } = this.#clients();
    const { taskDefinition = {} } = await ecs.send(
      new DescribeTaskDefinitionCommand({ taskDefinition: family }),
    );
    destroy();
    return taskDefinition;
  }

  /** How many secrets CloudTamer has given out, and which of them a program has printed. */
  secrets(): { known: number; printed: string[] } {
    const { secrets } = this.#kion;
    return {
      known: secrets.length,
      printed: secrets.filter((secret) => this.#printed.includes(secret)),
    };
  }

  async close(): Promise<void> {
    await Promise.all([this.#sandbox.close(), this.#kion.close()]);
    await rm(this.#folder, { recursive: true, force: true });
  }

  get #queueLog(): string {
    return join(this.#folder, 'queue.log');
  }

  async #withArtifacts(work: (artifacts: ArtifactDb) => Promise<void>): Promise<void> {
    const { destroy, dynamoDb } = this.#clients();
    await work(new ArtifactDb(new ArtifactTable(dynamoDb, 'ArtifactDB')));
    destroy();
  }

  #clients() {
    return sdkClients(this.#sandbox.url, { region: this.#region });
  }
}

const READS = /^(?:BatchGet|Describe|Get|List|Query|Simulate)/;

/** Commits whatever is in the folder, and tells the commit. */
function commit(folder: string): string {
  const user = ['-c', 'user.name=t', '-c', 'user.email=t@example.org'];
  const git = (...args: string[]) =>
    execFileSync('git', [...user, ...args], { cwd: folder, encoding: 'utf8' });
  git('init', '-q');
  git('add', '.');
  git('commit', '-qm', 'config');
  return git('rev-parse', '--short=8', 'HEAD').trim();
}
