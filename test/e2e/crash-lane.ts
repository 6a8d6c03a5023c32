import { startTraffic, type Traffic, type TrafficReport } from '../../examples/hello/traffic.ts';
import { outcomeIn } from '../../src/artifactdb/artifact.ts';
import { ArtifactTable } from '../../src/aws/artifact-table.ts';
import { isRunning } from '../sandbox/runtime/processes.ts';
import { sdkClients } from '../support/sdk.ts';
import { CrashPoints } from './crash-points.ts';
import { exampleConfig, Hello, type Json, QUICK_TIME_SCALE, quickWorld } from './hello.ts';
import { observe, type Observed } from './observe.ts';

/** Each version's SHA and build number. */
const BUILDS = {
  v1: { sha: 'aaaa1111', buildNumber: 1 },
  v2: { sha: 'bbbb2222', buildNumber: 2 },
  v3: { sha: 'cccc3333', buildNumber: 3 },
} as const;
type Version = keyof typeof BUILDS;
const VERSIONS = ['v1', 'v2', 'v3'] as const satisfies Version[];

/** A machine that is busy with other tests is slow, but refuses nobody. */
const PATIENCE_MS = 20_000;

const REQUESTS_PER_SECOND = 25;

/** How long the nodes are given to apply the last rules; they need a tenth of it. */
const ANSWERS_TIMEOUT_MS = 3_000;

/** What is typed after a crash. */
export type Way = 'resume' | 'start-over';

/** What became of a deploy that was killed. */
export interface Outcome extends Observed {
  /** Which version served before, which one was killed, and which one was deployed in the end. */
  readonly versions: { readonly before: Version; readonly killed: Version; readonly last: Version };
  /** The task set that served, as PRIMARY, before. */
  readonly original: string;
  /** The task set that served when the deploy had been killed. */
  readonly survivor: string;
  readonly exitCode: number | null;
  /** The last line of the deploy after the crash; all of them when it failed. */
  readonly output: string;
  readonly failedRequests: TrafficReport['failed'];
  /** Which versions answer at the end, through either node. */
  readonly answers: readonly string[];
  /** What ArtifactDB says of the deployed artifact with this configuration. */
  readonly recorded: string | undefined;
  /** What both deploys together have changed in ECS and the load balancer, in order. */
  readonly changes: readonly string[];
  /** The version of each task whose process runs. */
  readonly processes: readonly string[];
}

interface TaskProcess {
  readonly pid: number;
  readonly version: string;
}

/**
 * An app under traffic, in a sandbox of its own, in which one deploy after the other is killed and
 * another one follows. Each begins with what the one before has left.
 */
export class CrashLane {
  readonly #hello: Hello;
  readonly #tasks: readonly TaskProcess[];
  readonly #points: CrashPoints;
  readonly #traffic: Traffic;
  #serving: Version = 'v1';
  #count = 0;
  /** The crash that nothing has ended well yet. */
  #open: string | undefined;

  private constructor(hello: Hello, points: CrashPoints, tasks: readonly TaskProcess[]) {
    this.#hello = hello;
    this.#points = points;
    this.#tasks = tasks;
    this.#traffic = startTraffic({
      urls: hello.urls(),
      requestsPerSecond: REQUESTS_PER_SECOND,
      timeoutMs: PATIENCE_MS,
    });
  }

  /** With version 1 serving, and version 3 beside it from an earlier deploy. */
  static async start(): Promise<CrashLane> {
    const tasks: TaskProcess[] = [];
    const hello = await Hello.start({
      world: quickWorld({ tasks: 1 }),
      config: crashConfig(),
      timeScale: QUICK_TIME_SCALE,
      onTaskOutput: (line) => {
        const [, version = '', pid] = /^hello (\w+) listens .* process (\d+)$/.exec(line) ?? [];
        if (pid !== undefined) tasks.push({ pid: Number(pid), version });
      },
    });
    const points = new CrashPoints(hello);
    for (const { sha } of [BUILDS.v3, BUILDS.v1]) {
      const { code, stdout } = await hello.deploy(sha);
      if (code !== 0) throw new Error(`The lane could not be prepared:\n${stdout}`);
    }
    await answersOf(hello, 'v1');
    return new CrashLane(hello, points, tasks);
  }

  /** What users have seen since the start. */
  traffic(): TrafficReport {
    return this.#traffic.report();
  }

  /**
   * Kills a deploy at a point, and resumes it or starts over with yet another version.
   * @throws {Error} when the crash before did not end well: this one would prove nothing.
   */
  async crash(point: string, way: Way): Promise<Outcome> {
    if (this.#open !== undefined) throw new Error(`Not tried, because of: ${this.#open}`);
    this.#open = `${way} ${point}`;
    const hello = this.#hello;
    const before = this.#serving;
    const [killed = before, other = before] = VERSIONS.filter((version) => version !== before);
    const last = way === 'resume' ? killed : other;
    const configSha = `cfg-${++this.#count}`;
    const callsBefore = hello.sandbox.calls.count;
    const failedBefore = this.traffic().failed.length;
    const original = await this.#servingTaskSet();

    const flags = ['-config-sha', configSha];
    await this.#points.killAt(point, () => hello.startDeploy(BUILDS[killed].sha, ...flags));
    const survivor = await this.#servingTaskSet();
    const finished = await hello.deploy(BUILDS[last].sha, ...flags, `-${way}`);

    this.#serving = last;
    if (finished.code === 0) this.#open = undefined;
    return {
      versions: { before, killed, last },
      original,
      survivor,
      exitCode: finished.code,
      output: finished.code === 0 ? lastLine(finished.stdout) : finished.stdout + finished.stderr,
      answers: await answersOf(hello, last),
      ...(await observe(hello.sandbox.url)),
      recorded: await this.#recorded(last, configSha),
      changes: this.#changesSince(callsBefore),
      failedRequests: this.traffic().failed.slice(failedBefore),
      processes: this.#processes(),
    };
  }

  async close(): Promise<void> {
    await this.#traffic.stop();
    await this.#hello.close();
  }

  async #servingTaskSet(): Promise<string> {
    const { taskSets } = await observe(this.#hello.sandbox.url);
    return taskSets.find(({ serves, status }) => serves && status !== 'DRAINING')?.id ?? '';
  }

  async #recorded(version: Version, configSha: string): Promise<string | undefined> {
    const { destroy, dynamoDb } = sdkClients(this.#hello.sandbox.url);
    const { buildNumber } = BUILDS[version];
    const artifact = await new ArtifactTable(dynamoDb, 'ArtifactDB').get({
      projectName: 'hello',
      buildNumber,
    });
    destroy();
    return artifact && outcomeIn(artifact, 'dev', configSha);
  }

  #changesSince(number: number): string[] {
    return this.#hello.sandbox.calls
      .entries()
      .filter((call) => call.number > number && call.outcome === 'ok')
      .filter(({ service }) => service === 'ecs' || service === 'elasticloadbalancing')
      .map(({ operation }) => operation)
      .filter((operation) => !/^(Describe|List)/.test(operation));
  }

  #processes(): string[] {
    const running = this.#tasks.filter(({ pid }) => isRunning(pid));
    return running.map(({ version }) => version).sort();
  }
}

function lastLine(text: string): string {
  return text.trimEnd().split('\n').at(-1) ?? '';
}

/** Which versions answer through either node, once it is only this one or the time is over. */
async function answersOf(hello: Hello, version: Version): Promise<string[]> {
  const deadlineMs = Date.now() + ANSWERS_TIMEOUT_MS;
  for (;;) {
    const answers = new Set<string>();
    for (const url of hello.urls()) {
      const response = await fetch(url);
      const body = response.ok ? ((await response.json()) as { version: string }) : undefined;
      answers.add(body?.version ?? String(response.status));
    }
    if ((answers.size === 1 && answers.has(version)) || Date.now() > deadlineMs) {
      return [...answers].sort();
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** With a command that can be kept waiting. */
function crashConfig(): Json {
  const config = exampleConfig();
  config.Apps.hello.PreDeployCommandTemplates = [CrashPoints.command];
  return config;
}
