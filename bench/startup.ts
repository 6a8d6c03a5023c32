/**
 * How fast the executables start, as multiples of an empty `node` process on the same machine.
 * Every round starts each of them once, so that a busy moment slows all alike; medians are compared.
 *
 *     npm run bench:startup [-- <rounds>]
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

interface Case {
  readonly name: string;
  readonly args: readonly string[];
  /** When the stop-watch stops: when the process is gone, or at its first request to AWS. */
  readonly until: 'exit' | 'request';
  /** The largest ratio allowed; none for what is only shown. */
  readonly target?: number;
}

const DEFAULT_ROUNDS = 31;
const TIMEOUT_MS = 20_000;
const dist = fileURLToPath(new URL('../dist/', import.meta.url));
const BASE: Case = { name: 'node -e ""', args: ['-e', ''], until: 'exit' };

/** A local AWS that only notes when it is asked something, and answers that it is out of order. */
class Stopwatch {
  #server = createServer((request, response) => {
    this.#asked();
    request.resume();
    response.writeHead(503).end();
  });
  #asked: () => void = () => {};

  async start(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async measure(one: Case, options: { cwd: string; env: NodeJS.ProcessEnv }): Promise<number> {
    const firstRequest = new Promise<void>((resolve) => {
      this.#asked = resolve;
    });
    const startedMs = performance.now();
    const child = spawn(process.execPath, one.args, { ...options, stdio: 'ignore' });
    const exited = once(child, 'exit') as Promise<[number | null]>;
    const timer = setTimeout(() => child.kill('SIGKILL'), TIMEOUT_MS);
    if (one.until === 'request') {
      const first = await Promise.race([firstRequest.then(() => 'request'), exited]);
      const elapsedMs = performance.now() - startedMs;
      child.kill('SIGKILL');
      await exited;
      clearTimeout(timer);
      if (first !== 'request') throw new Error(`${one.name} ended without asking AWS for anything`);
      return elapsedMs;
    }
    const [code] = await exited;
    clearTimeout(timer);
    if (code !== 0) throw new Error(`${one.name} exited with ${code}`);
    return performance.now() - startedMs;
  }

  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

function casesFor(): readonly Case[] {
  const program = (name: string) => join(dist, `${name}.js`);
  const ecsDeploy = program('ecs-deploy');
  return [
    BASE,
    { name: 'ecs-deploy --version', args: [ecsDeploy, '--version'], until: 'exit', target: 1.5 },
    { name: 'ecs-deploy --help', args: [ecsDeploy, '--help'], until: 'exit', target: 1.5 },
    {
      name: 'artifact-db --help',
      args: [program('artifact-db'), '--help'],
      until: 'exit',
      target: 1.5,
    },
    {
      name: 'artifact-db latest: first AWS request',
      args: [program('artifact-db'), 'latest', '-p', 'hello'],
      until: 'request',
      target: 2.5,
    },
    {
      name: 'ecs-deploy status: first AWS request',
      args: [ecsDeploy, 'status', '-app', 'hello'],
      until: 'request',
      target: 2.5,
    },
    {
      name: 'ecs-deploy deploy: first AWS request',
      args: [ecsDeploy, '-app', 'hello', '-env', 'dev', '-sha', '1a2b3c4d', '-config-sha', 'abcd'],
      until: 'request',
    },
  ];
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function report(cases: readonly Case[], timesMs: ReadonlyMap<string, readonly number[]>): boolean {
  const baseMs = median(timesMs.get(BASE.name) ?? []);
  let isMissed = false;
  console.log(
    `${'what'.padEnd(40)}${'median'.padStart(9)}${'ratio'.padStart(8)}${'target'.padStart(8)}`,
  );
  for (const { name, target } of cases) {
    const ms = median(timesMs.get(name) ?? []);
    const ratio = ms / baseMs;
    const isOver = target !== undefined && ratio > target;
    isMissed ||= isOver;
    const columns = [
      name.padEnd(40),
      `${ms.toFixed(1)} ms`.padStart(9),
      ratio.toFixed(2).padStart(8),
      (target?.toFixed(2) ?? '').padStart(8),
      isOver ? '  MISSED' : '',
    ];
    console.log(columns.join(''));
  }
  return isMissed;
}

async function main(): Promise<void> {
  const rounds = Number(process.argv[2] ?? DEFAULT_ROUNDS);
  const cwd = await mkdtemp(join(tmpdir(), 'ecs-deploy-startup-'));
  const stopwatch = new Stopwatch();
  try {
    await writeFile(join(cwd, 'deploy-config.json'), JSON.stringify(CONFIG));
    const env = {
      ...process.env,
      AWS_ENDPOINT_URL: await stopwatch.start(),
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'example',
    };
    const cases = casesFor();
    const timesMs = new Map<string, number[]>(cases.map(({ name }) => [name, []]));
    for (let round = -1; round < rounds; round++) {
      for (const one of cases) {
        const elapsedMs = await stopwatch.measure(one, { cwd, env });
        if (round >= 0) timesMs.get(one.name)?.push(elapsedMs); // The first one warms the disk up.
      }
    }
    if (report(cases, timesMs)) process.exitCode = 1;
  } finally {
    stopwatch.stop();
    await rm(cwd, { recursive: true });
  }
}

/** The smallest one that is valid: what is measured is the way to the first request. */
const CONFIG = {
  ConfigAccountID: '123456789012',
  ConfigRegion: 'us-east-1',
  Apps: {
    hello: {
      ArtifactDBProjectName: 'hello',
      ContainerDefinitionTemplates: [
        { Name: 'hello', Image: 'hello', PortMappings: [{ ContainerPort: 8080 }] },
      ],
      Environments: {
        dev: {
          AccountID: '123456789012',
          Region: 'us-east-1',
          CPU: '256',
          Memory: '512',
          ExecutionRoleARN: 'arn:aws:iam::123456789012:role/execution',
          TaskRoleARN: 'arn:aws:iam::123456789012:role/task',
          Family: 'hello-dev',
          Cluster: 'hello',
          SecurityGroups: ['sg-1'],
          Subnets: ['subnet-1'],
          ListenerARN: 'arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/hello/1/2',
          TargetGroupARNs: {
            blue: 'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/blue/1',
            green: 'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/green/2',
          },
        },
      },
    },
  },
};

await main();
