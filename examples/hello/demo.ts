/**
 * The demo: brings up a local AWS, deploys version 1 of the hello app, then version 2 while a client
 * makes 100 requests a second through the load balancer, then version 3 by a deployer that is killed
 * half way. Exits 1 if a single request fails, or if version 3 does not serve alone at the end.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts';
import { deployIsKilled, deployUnderTraffic, firstDeploy } from './acts.ts';
import { chartOf } from './chart.ts';
import { print, say, Stage } from './stage.ts';
import { startTraffic, type TrafficReport } from './traffic.ts';

const REQUESTS_PER_SECOND = 100;

/** A little faster than the sandbox's usual tenth of AWS's time: somebody is watching. */
const TIME_SCALE = 0.07;

async function demo(stage: Stage): Promise<number> {
  await stage.furnish();
  await firstDeploy(stage);

  say(`From now on ${REQUESTS_PER_SECOND} requests a second come through the load balancer`);
  const traffic = startTraffic({ urls: stage.urls(), requestsPerSecond: REQUESTS_PER_SECOND });
  const startMs = performance.now();
  let killedSecond = 0;
  await deployUnderTraffic(stage);
  await deployIsKilled(stage, () => {
    killedSecond = Math.floor((performance.now() - startMs) / 1000);
  });
  return judge(await traffic.stop(), killedSecond);
}

/** Shows what the users have seen, and says what the demo ends with. */
function judge(report: TrafficReport, killedSecond: number): number {
  const { failed, latencyMs, total } = report;
  say('What the users got: answers a second, by version');
  const notes = new Map([[killedSecond, 'the deployer is killed']]);
  print(chartOf(report, { columns: process.stdout.columns ?? 80, notes }));
  say(
    `${total} requests, ${failed.length} failed; half were answered within ${latencyMs.p50.toFixed(1)} ms, 99 % within ${latencyMs.p99.toFixed(1)} ms`,
  );
  for (const failure of failed.slice(0, 10)) print(`  failed: ${JSON.stringify(failure)}`);
  const isAlone = Object.keys(report.versions.at(-1) ?? {}).join() === 'v3';
  if (!isAlone) print('Version 3 does not answer alone at the end.');
  return failed.length === 0 && isAlone ? 0 : 1;
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
  const worldFile = fileURLToPath(new URL('world.json', import.meta.url));
  sandbox = await startSandbox({ worldFile, settings: { timeScale: TIME_SCALE } });
  print(`  API: ${sandbox.url}`);
  for (const { listenerPort, node, url } of sandbox.balancers().slice(0, 2)) {
    print(`  Load balancer, port ${listenerPort}, node ${node}: ${url}`);
  }
  process.exitCode = await demo(new Stage(sandbox, folder));
} catch (error) {
  print(`The demo failed: ${(error as Error).message}`);
  process.exitCode = 1;
} finally {
  await cleanUp();
}
