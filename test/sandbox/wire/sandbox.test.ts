import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, expect, test } from '@jest/globals';
import { DescribeListenersCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { argumentsOf } from '../../../sandbox/arguments.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../../sandbox/sandbox.ts';
import type { WorldFile } from '../../../sandbox/world-file/world-file.ts';
import { sdkClients } from '../../support/sdk.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

const WORLD: WorldFile = {
  region: 'eu-west-1',
  loadBalancers: [{ name: 'web', listeners: [{ port: 80 }] }],
  tables: [{ name: 'DeployLock', hashKey: { name: 'key', type: 'S' } }],
};

const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function start(options: SandboxOptions): Promise<Sandbox> {
  const sandbox = await startSandbox(options);
  cleanups.push(() => sandbox.close());
  return sandbox;
}

test('a sandbox answers API calls, and its load balancers answer requests', async () => {
  const sandbox = await start({ worldFile: WORLD });
  const { elb, dynamoDb, destroy } = sdkClients(sandbox.url, { region: 'eu-west-1' });
  cleanups.push(destroy);

  const { TableNames } = await dynamoDb.send(new ListTablesCommand({}));
  const [loadBalancerArn] = sandbox.balancers().map((node) => node.loadBalancerArn);
  const { Listeners } = await elb.send(
    new DescribeListenersCommand({ LoadBalancerArn: loadBalancerArn }),
  );
  const pages = await Promise.all(sandbox.balancers().map(({ url }) => fetch(`${url}/path`)));
  const shown = await fetch(`${sandbox.url}/_sandbox/balancers`);
  const log = await fetch(`${sandbox.url}/_sandbox/access-log`);

  expect(TableNames).toEqual(['DeployLock']);
  expect(Listeners).toMatchObject([{ Port: 80, Protocol: 'HTTP' }]);
  expect(pages.map(({ status }) => status)).toEqual([404, 404]);
  expect(await Promise.all(pages.map((page) => page.text()))).toEqual(['No rule', 'No rule']);
  expect(await shown.json()).toEqual(sandbox.balancers());
  expect(await log.json()).toMatchObject([{ path: '/path' }, { path: '/path' }]);
  expect(sandbox.calls.entries()).toMatchObject([
    { service: 'dynamodb', operation: 'ListTables', outcome: 'ok' },
    { service: 'elasticloadbalancing', operation: 'DescribeListeners', outcome: 'ok' },
  ]);
});

test('its variables send a client there', async () => {
  const { url, env } = await start({ worldFile: WORLD });

  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect(env).toEqual({
    AWS_ENDPOINT_URL: url,
    AWS_REGION: 'eu-west-1',
    AWS_DEFAULT_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: expect.stringMatching(/^AKIA/),
    AWS_SECRET_ACCESS_KEY: expect.any(String),
  });
});

test('settings given to it are stronger than those of the world file', async () => {
  const { world } = await start({
    worldFile: { settings: { timeScale: 0.5, throttle: true } },
    settings: { timeScale: 0.02 },
  });

  expect(world.settings).toMatchObject({ timeScale: 0.02, throttle: true, strictDelete: true });
});

test('two sandboxes do not share the addresses of their tasks, unless told to', async () => {
  const sandboxes = [await start({}), await start({})];
  const told = await start({ settings: { firstTaskAddress: '127.20.0.1' } });

  const [one, other] = sandboxes.map(({ world }) => world.settings.firstTaskAddress);
  expect(one).toMatch(/^127\.\d+\.\d+\.1$/);
  expect(other).not.toBe(one);
  expect(told.world.settings.firstTaskAddress).toBe('127.20.0.1');
});

test('nothing listens after it has closed, and closing again is the same', async () => {
  const sandbox = await start({ worldFile: WORLD });
  const urls = [sandbox.url, ...sandbox.balancers().map(({ url }) => url)];
  expect(urls).toHaveLength(3);

  await Promise.all([sandbox.close(), sandbox.close()]);
  await sandbox.close();

  for (const url of urls) {
    await expect(fetch(url)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
  }
});

test('no timer is left after it has closed, and none is set any more', async () => {
  const clock = new VirtualClock();
  const sandbox = await start({
    clock,
    worldFile: { clusters: ['c'], services: [{ cluster: 'c', name: 's', desiredCount: 1 }] },
  });
  sandbox.world.afterSeconds(1, () => {});
  expect(clock.pending).toBeGreaterThan(0);

  await sandbox.close();
  sandbox.world.afterSeconds(1, () => {});

  expect(clock.pending).toBe(0);
});

test('a port that is taken is an error, and leaves nothing behind', async () => {
  const { url } = await start({});

  await expect(startSandbox({ port: Number(new URL(url).port) })).rejects.toMatchObject({
    code: 'EADDRINUSE',
  });
});

/** The program itself, as `npm run sandbox` starts it. */
function run(args: string[]) {
  const child = spawn(process.execPath, ['--import', 'tsx', 'sandbox/main.ts', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  cleanups.push(() => void child.kill('SIGKILL'));
  const lines: string[] = [];
  const errors: string[] = [];
  createInterface(child.stdout).on('line', (line) => lines.push(line));
  createInterface(child.stderr).on('line', (line) => errors.push(line));
  const ended = new Promise<{ code: number | null; lines: string[]; errors: string[] }>(
    (resolve) => {
      child.on('close', (code) => resolve({ code, lines, errors }));
    },
  );
  const line = (pattern: RegExp) =>
    new Promise<string>((resolve, reject) => {
      child.stdout.on('data', () => {
        const found = lines.find((candidate) => pattern.test(candidate));
        if (found !== undefined) resolve(found);
      });
      child.on('close', () => reject(new Error(`It ended: ${errors.join('\n')}`)));
    });
  return { child, ended, line };
}

function fileOf(value: unknown): string {
  const folder = mkdtempSync(join(tmpdir(), 'sandbox-'));
  cleanups.push(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'file.json');
  writeFileSync(path, JSON.stringify(value));
  return path;
}

test('the program prints what a shell can evaluate, and serves until it is told to stop', async () => {
  const { child, ended, line } = run(['--world', fileOf(WORLD), '--time-scale', '0.02']);

  const node = (await line(/node 1: http/)).replace(/^.*: /, '');
  expect((await fetch(node)).status).toBe(404);
  child.kill('SIGTERM');
  const { code, lines, errors } = await ended;

  expect({ code, errors }).toEqual({ code: 0, errors: [] });
  const exported = lines.filter((text) => !text.startsWith('#'));
  expect(exported.map((text) => text.replace(/=.*/, ''))).toEqual([
    'export AWS_ENDPOINT_URL',
    'export AWS_REGION',
    'export AWS_DEFAULT_REGION',
    'export AWS_ACCESS_KEY_ID',
    'export AWS_SECRET_ACCESS_KEY',
  ]);
});

test('the program ends with 2 and one line for what it cannot use', async () => {
  const worldFile = { services: [{ cluster: 'c', name: 's', desiredCount: 1 }] };

  const { code, lines, errors } = await run(['--world', fileOf(worldFile)]).ended;

  expect({ code, lines, errors }).toEqual({
    code: 2,
    lines: [],
    errors: [expect.stringMatching(/^sandbox: world file: services\/0: Cluster not found/)],
  });
});

test.each<[string, () => string[], string]>([
  ['an unknown option', () => ['--wrld', 'x'], "Unknown option '--wrld'"],
  ['a word without an option', () => ['world.json'], "Unexpected argument 'world.json'"],
  ['a port out of range', () => ['--port', '70000'], '--port: 70000 is not a port.'],
  ['a port that is no number', () => ['--port', '-1'], '--port'],
  ['a time scale of 0', () => ['--time-scale', '0'], '--time-scale: must be above 0.'],
  ['missing faults', () => ['--faults', '/nowhere.json'], '/nowhere.json: cannot be read'],
  [
    'faults that cannot fire',
    () => ['--faults', fileOf([{ operation: 'ecs.Nothing', do: { kind: 'drop' } }])],
    '0/operation: the sandbox implements no ecs.Nothing',
  ],
])('its arguments are refused for %s', (_, args, message) => {
  expect(() => argumentsOf(args())).toThrow(
    expect.objectContaining({
      name: 'BadInputError',
      message: expect.stringContaining(message),
    }),
  );
});

test('its arguments are read', () => {
  const rules = [{ operation: '*', do: { kind: 'drop' } }];
  const faults = fileOf(rules);

  expect(argumentsOf([])).toEqual({ faults: [], port: 0 });
  expect(argumentsOf(['--help'])).toBe('help');
  expect(
    argumentsOf(['--world=w.json', '--faults', faults, '--port', '4000', '--time-scale', '0.5']),
  ).toEqual({ worldFile: 'w.json', faults: rules, port: 4000, timeScale: 0.5 });
});
