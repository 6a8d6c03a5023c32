/**
 * How long a status of 200 apps × 3 environments in 3 accounts takes, as a multiple of what AWS's
 * published rates allow for the calls that it needs. Every call takes 50 ms, and the sandbox enforces
 * the rates by a table of its own: a call that it throttles is a failure.
 *
 * The clock is virtual, so that only the calls count: the SDK, the adapters and the pacing are those
 * that are shipped. How much of a processor they take is shown beside it.
 *
 *     npm run bench:status [-- <apps>]
 */
import { bucketsOf, type ApiBucket } from '../src/aws/rate-limits.ts';
import { StatusScene } from '../test/sandbox/status/status-scene.ts';
import { seededRandom } from '../test/support/world.ts';

const TARGET = 1.1;
const LATENCY_MS = 50;
const APPS = Number(process.argv[2] ?? 200);
const ENVIRONMENTS = ['dev', 'int', 'prod'];
/** DescribeServices takes as many of one cluster. */
const SERVICES_A_CALL = 10;
/** Enough for every task to run and to be found healthy. */
const SETTLE_SECONDS = 120;

interface Case {
  readonly name: string;
  readonly sharedClusters: boolean;
}

const CASES: readonly Case[] = [
  { name: 'a cluster for each app', sharedClusters: false },
  { name: 'a cluster for each account', sharedClusters: true },
];

/** What has to be asked in one account, whoever asks: each app has its own listener and two versions. */
function needed({ sharedClusters }: Case): Readonly<Record<string, number>> {
  return {
    'ElasticLoadBalancingV2.DescribeRules': APPS,
    // Who serves; of the idle version ECS says whether it is steady.
    'ElasticLoadBalancingV2.DescribeTargetHealth': APPS,
    'ECS.DescribeServices': sharedClusters ? Math.ceil(APPS / SERVICES_A_CALL) : APPS,
    // Only they tell the tags, by which the versions have names.
    'ECS.DescribeTaskSets': APPS,
    // What the idle version takes.
    'ECS.DescribeTaskDefinition': APPS,
  };
}

/** The earliest moment at which AWS could have let all of them through: burst and refill, no more. */
function allowedMs(calls: Readonly<Record<string, number>>): number {
  const loads = new Map<string, { bucket: ApiBucket; count: number }>();
  for (const [operation, count] of Object.entries(calls)) {
    for (const bucket of bucketsOf(operation)) {
      const load = loads.get(bucket.name) ?? { bucket, count: 0 };
      load.count += count;
      loads.set(bucket.name, load);
    }
  }
  return Math.max(
    ...[...loads.values()].map(({ bucket, count }) =>
      Math.max(0, (1000 * (count - bucket.burst)) / bucket.refillPerSecond),
    ),
  );
}

async function deployed({ sharedClusters }: Case): Promise<StatusScene> {
  const apps = Array.from({ length: APPS }, (_, index) => `app${index + 1}`);
  const scene = await StatusScene.create({
    apps,
    environments: ENVIRONMENTS,
    sharedClusters,
    settings: { throttle: true, schedulerTickSeconds: 30 },
  });
  for (const app of apps) {
    for (const build of [1, 2]) {
      const outcomes = ENVIRONMENTS.map((name) => [`deploy-${name}-cfg00001`, 'success']);
      await scene.artifacts.create(app, {
        value: `${app}:v${build}`,
        tags: Object.fromEntries(outcomes) as Record<string, string>,
      });
    }
    for (const environment of ENVIRONMENTS) {
      scene.startTaskSet({ app, environment }, 'green', { build: 1 });
      scene.startTaskSet({ app, environment }, 'blue', { build: 2, isPrimary: true });
    }
  }
  await scene.pass(SETTLE_SECONDS);
  return scene;
}

async function measure(one: Case): Promise<boolean> {
  const scene = await deployed(one);
  const random = seededRandom(1);
  // Networks are uneven: a call takes a part of its time to get there, and the rest to come back.
  scene.latencyMs = () => {
    const there = random() * LATENCY_MS;
    return [there, LATENCY_MS - there];
  };
  // What a client does once, before its first call, takes real time, in which the clock would run.
  const reader = scene.reader();
  await scene.read(['app1'], reader);
  await scene.pass(SETTLE_SECONDS);
  const before = scene.front.calls.count;
  const startedMs = scene.clock.monotonicMs();
  const cpuBefore = process.cpuUsage();
  const { apps, health } = await scene.read(undefined, reader);
  const tookMs = scene.clock.monotonicMs() - startedMs;
  const { user, system } = process.cpuUsage(cpuBefore);
  const calls = scene.front.calls.entries().slice(before - scene.front.calls.count);
  const throttled = calls.filter(({ outcome }) => /throttl/i.test(outcome)).length;
  const limited = calls.filter(({ service }) => service !== 'dynamodb').length;
  const wanted = needed(one);
  const neededCalls = ENVIRONMENTS.length * Object.values(wanted).reduce((a, b) => a + b, 0);
  const allowed = allowedMs(wanted);
  if (allowed === 0) throw new Error(`AWS lets ${APPS} apps through at once: ask for more.`);
  const ratio = tookMs / allowed;
  const environments = apps.flatMap((app) => app.environments);
  const isMissed = ratio > TARGET || throttled > 0 || health !== 'healthy' || limited > neededCalls;
  console.log(
    [
      `${environments.length} environments, ${one.name}: ${health}`,
      `  calls that AWS limits  ${limited} (needed: ${neededCalls}), throttled: ${throttled}`,
      `  other calls            ${calls.length - limited} (DynamoDB)`,
      `  AWS allows             ${(allowed / 1000).toFixed(1)} s`,
      `  took                   ${(tookMs / 1000).toFixed(1)} s`,
      `  ratio                  ${ratio.toFixed(3)} (target: ${TARGET})${isMissed ? '  MISSED' : ''}`,
      `  processor time         ${((user + system) / 1e6).toFixed(1)} s, the sandbox's included`,
    ].join('\n'),
  );
  return isMissed;
}

for (const one of CASES) if (await measure(one)) process.exitCode = 1;
