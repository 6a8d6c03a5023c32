/**
 * The demo: brings up a local AWS, deploys version 1 of the hello app, and then version 2 while a
 * client makes 100 requests a second through the load balancer. Exits 1 if a single one fails.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts';
import { chartOf, tableOf } from './chart.ts';
import { startTraffic } from './traffic.ts';

const REQUESTS_PER_SECOND = 100;
/** So much traffic is shown before and after the second deploy. */
const MARGIN_MS = 2_000;

const here = fileURLToPath(new URL('.', import.meta.url));
const dist = fileURLToPath(new URL('../../dist/', import.meta.url));

async function demo(sandbox: Sandbox, folder: string): Promise<number> {
  const run = (program: string, ...args: string[]) => runProgram(sandbox, program, args);
  const deploy = (sha: string, ...args: string[]) =>
    run('ecs-deploy', '-app', 'hello', '-env', 'dev', '-sha', sha, ...CONFIG, ...args);

  say('Registering two artifacts: hello:v1 (SHA aaaa1111) and hello:v2 (SHA bbbb2222)');
  await run('artifact-db', 'create', '-p', 'hello', '-v', 'hello:v1', '-t', '{"SHA":"aaaa1111"}');
  await run('artifact-db', 'create', '-p', 'hello', '-v', 'hello:v2', '-t', '{"SHA":"bbbb2222"}');

  say('ecs-deploy -app hello -env dev -sha aaaa1111');
  await deploy('aaaa1111');

  const urls = sandbox
    .balancers()
    .filter(({ loadBalancerArn }) => loadBalancerArn.includes('/hello-dev/'))
    .map(({ url }) => url);
  // AWS tells nobody when a node has applied new rules; before the first version that shows.
  for (const url of urls) while (!(await fetch(url)).ok) await pause(50);
  say(`Sending ${REQUESTS_PER_SECOND} requests a second through the load balancer`);
  const traffic = startTraffic({ urls, requestsPerSecond: REQUESTS_PER_SECOND });
  await pause(MARGIN_MS);

  say('ecs-deploy -app hello -env dev -sha bbbb2222');
  const log = join(folder, 'deploy.log');
  await deploy('bbbb2222', '-log-file', log);
  await pause(MARGIN_MS);
  const report = await traffic.stop();

  say('Answers a second, by version');
  print(chartOf(report));
  say('How long each step of the second deploy took');
  print(tableOf(await readFile(log, 'utf8')));
  const { failed, latencyMs, total } = report;
  say(
    `${total} requests, ${failed.length} failed; half were answered within ${latencyMs.p50.toFixed(1)} ms, 99 % within ${latencyMs.p99.toFixed(1)} ms`,
  );
  for (const failure of failed.slice(0, 10)) print(`  failed: ${JSON.stringify(failure)}`);
  const isMoved = Object.keys(report.versions.at(-1) ?? {}).join() === 'v2';
  if (!isMoved) print('Version 2 does not answer alone at the end.');
  return failed.length === 0 && isMoved ? 0 : 1;
}

const CONFIG = ['-config', join(here, 'deploy-config.json'), '-config-sha', 'demo'];

/** Runs one of the built executables against the sandbox, as a person would at this terminal. */
async function runProgram(sandbox: Sandbox, name: string, args: string[]): Promise<void> {
  const { AWS_PROFILE: _profile, AWS_SESSION_TOKEN: _token, ...environment } = process.env;
  const child = spawn(process.execPath, [join(dist, `${name}.js`), ...args], {
    stdio: 'inherit',
    env: { ...environment, ...sandbox.env },
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`${name} ended with ${code}.`);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

function say(text: string): void {
  print(`\n▸ ${text}`);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

const folder = await mkdtemp(join(tmpdir(), 'ecs-deploy-demo-'));
let sandbox: Sandbox | undefined;
const cleanUp = async () => {
  await sandbox?.close();
  await rm(folder, { recursive: true, force: true });
};
process.once('SIGINT', () => {
  void cleanUp().then(() => process.exit(130));
});
try {
  say('Starting a local AWS with the world of examples/hello/world.json');
  sandbox = await startSandbox({ worldFile: join(here, 'world.json') });
  print(`  API: ${sandbox.url}`);
  for (const { listenerPort, node, url } of sandbox.balancers().slice(0, 2)) {
    print(`  Load balancer, port ${listenerPort}, node ${node}: ${url}`);
  }
  process.exitCode = await demo(sandbox, folder);
} catch (error) {
  print(`The demo failed: ${(error as Error).message}`);
  process.exitCode = 1;
} finally {
  await cleanUp();
}
