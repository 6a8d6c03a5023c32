/**
 * Goal: the executables that are shipped behave as the sources do, from the first byte to the exit
 * code. Method: run dist/ (npm run build) as child processes, and compare with the parser's own help.
 */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, constants, cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { artifactCommands } from '../../cmd/commands/artifact.ts';
import { addCommands, COMMAND_NAMES } from '../../cmd/commands/index.ts';
import { appStatusCommand } from '../../cmd/commands/app-status.ts';
import { type Program, run } from '../../cmd/main.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const dist = join(root, 'dist');

interface Outcome {
  readonly code: number | string;
  readonly out: string;
  readonly err: string;
}

/** Runs an executable by its shebang, as a shell would. */
function execute(
  program: string,
  argv: readonly string[],
  env: Record<string, string> = {},
): Promise<Outcome> {
  const { PATH = '', HOME = '' } = process.env;
  return new Promise((resolve) => {
    const options = { env: { PATH, HOME, ...env }, timeout: 20_000, cwd: tmpdir() };
    execFile(program, argv, options, (error, out, err) => {
      resolve({ code: error?.code ?? 0, out, err });
    });
  });
}

const built = (program: string) => join(dist, `${program}.js`);
const ecsDeploy = (...argv: string[]) => execute(built('ecs-deploy'), argv);

/** The same command line, read by the sources with the parser as it was published. */
async function helpFromSource(program: Program, argv: readonly string[]): Promise<string> {
  let out = '';
  const stdout = { write: (text: string) => void (out += text) };
  const exitCode = await run(program, argv, { stdout, stderr: stdout, env: {}, cwd: root });
  expect(exitCode).toBe(0);
  return out;
}

const PROGRAMS: readonly Program[] = [
  { name: 'ecs-deploy', addCommands, commandNames: COMMAND_NAMES },
  { name: 'artifact-db', addCommands: artifactCommands },
  {
    name: 'ecs-app-status',
    addCommands: (cli, session) => appStatusCommand(cli, session),
  },
];

describe('help', () => {
  test.each(PROGRAMS)('of $name is what its parser says', async (program) => {
    const fromSource = await helpFromSource(program, ['--help']);

    expect(fromSource).toContain(`${program.name} `);
    for (const flag of ['--help', '-help', '-h']) {
      // Answered at once, from what was built in.
      expect(await execute(built(program.name), [flag])).toStrictEqual({
        code: 0,
        out: fromSource,
        err: '',
      });
    }
    // Answered by the bundled parser.
    expect((await execute(built(program.name), ['--help', '--verbose'])).out).toBe(fromSource);
  });

  test.each([
    ['ecs-deploy', ['status', '--help']],
    ['ecs-deploy', ['artifact', '--help']],
    ['ecs-deploy', ['artifact', 'create', '--help']],
    ['ecs-deploy', ['artifact', 'tag', 'set', '--help']],
    ['artifact-db', ['latest', '--help']],
    ['artifact-db', ['tag', '--help']],
  ])('of %s %p is laid out as by the published parser', async (name, argv) => {
    const program = PROGRAMS.find((one) => one.name === name)!;

    const { code, out, err } = await execute(built(name), argv);

    expect({ code, err }).toStrictEqual({ code: 0, err: '' });
    expect(out).toBe(await helpFromSource(program, argv));
  });

  test('survives a reader that has seen enough', async () => {
    const child = spawn(built('ecs-deploy'), ['--help'], { stdio: ['ignore', 'pipe', 'pipe'] });
    let err = '';
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
    child.stdout.destroy();

    const [code] = (await once(child, 'close')) as [number];

    expect({ code, err }).toStrictEqual({ code: 0, err: '' });
  });
});

test.each(['--version', '-version'])('%s is the version of the package', async (flag) => {
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as {
    version: string;
  };

  for (const { name } of PROGRAMS) {
    expect(await execute(built(name), [flag])).toStrictEqual({
      code: 0,
      out: `${version}\n`,
      err: '',
    });
  }
});

describe('a mistake on the command line', () => {
  test.each([
    [[], 'Missing: -app, -env'],
    [['-app', 'x', '-env', 'dev'], '-sha is missing'],
    [['-app', 'x', '-env', 'dev', '-sha='], '-sha has an empty value'],
    [['-ap', 'x'], 'Unknown flag: -ap\nDid you mean -app?'],
    [['status', '-interval', '5s'], '--watch is missing'],
    [['stauts'], 'Unknown command: stauts\nDid you mean ecs-deploy status?'],
    [['deplyo'], 'Unknown command: deplyo\nDid you mean ecs-deploy deploy?'],
    [['artifact', 'lates'], 'Unknown command\nDid you mean latest?'],
    [['-app', 'x', '-env', 'd', '-resume', '-start-over'], 'exclude each other'],
    [['-config', '/nowhere.json', '-app', 'x', '-env', 'd', '-sha', 'a'], '/nowhere.json'],
  ])('%j exits 2 and is explained in a few lines', async (argv, message) => {
    const { code, out, err } = await ecsDeploy(...argv);

    expect({ code, out }).toStrictEqual({ code: 2, out: '' });
    expect(err).toMatch(/^ecs-deploy: /);
    expect(err).toContain(message);
    expect(err.trimEnd().split('\n').length).toBeLessThanOrEqual(4);
    expect(err).not.toMatch(/^ +at /m);
  });
});

test('a command that talks to AWS prints its result and no warning of the SDK', () =>
  expectLatestToPrintNothing(built('artifact-db')));

test('AWS that cannot be reached is an ending, not a bug', async () => {
  const { code, err } = await execute(built('artifact-db'), ['latest', '-p', 'hello'], {
    AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
    AWS_ACCESS_KEY_ID: 'example',
    AWS_SECRET_ACCESS_KEY: 'example',
    AWS_MAX_ATTEMPTS: '2',
  });

  expect(code).toBe(1);
  expect(err).toMatch(/^artifact-db: Table ArtifactDB .*ECONNREFUSED/);
  expect(err).not.toMatch(/bug|^ +at /m);
});

describe('the package', () => {
  test('has every executable that it promises, and they run through links', async () => {
    const { bin } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as {
      bin: Record<string, string>;
    };
    const folder = await mkdtemp(join(tmpdir(), 'ecs-deploy-bin-'));
    try {
      for (const [name, path] of Object.entries(bin)) {
        await access(join(root, path), constants.X_OK);
        await symlink(join(root, path), join(folder, name));
        expect((await execute(join(folder, name), ['--help', '--verbose'])).code).toBe(0);
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test('names what it bundles, with licences', async () => {
    const notices = await readFile(join(dist, 'THIRD-PARTY-NOTICES.txt'), 'utf8');

    for (const name of ['yargs', 'pino', '@aws-sdk/client-ecs', 'zod', 'execa']) {
      expect(notices).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+ \\(`, 'm'));
    }
    expect(notices).toContain('Apache License');
    expect(notices).not.toContain('(undefined)');
  });

  test('needs nothing but itself: it runs where there is no node_modules', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'ecs-deploy-dist-'));
    try {
      await cp(dist, folder, { recursive: true });
      await writeFile(join(folder, 'package.json'), '{"type":"module"}');
      const argv = ['-config', '/nowhere.json', '-app', 'x', '-env', 'd', '-sha', 'a'];

      // Comes as far as everything that a deploy imports, the AWS SDK included.
      const { code, err } = await execute(join(folder, 'ecs-deploy.js'), argv);

      expect({ code, err }).toMatchObject({
        code: 2,
        err: expect.stringContaining('/nowhere.json'),
      });
      await expectLatestToPrintNothing(join(folder, 'artifact-db.js'));
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

/** Asks a local server in place of AWS, which knows no artifact. */
async function expectLatestToPrintNothing(program: string): Promise<void> {
  const server = createServer((request, response) => {
    request.resume();
    response.setHeader('content-type', 'application/x-amz-json-1.0').end('{"Items":[]}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const outcome = await execute(program, ['latest', '-p', 'hello'], {
      AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      AWS_ACCESS_KEY_ID: 'example',
      AWS_SECRET_ACCESS_KEY: 'example',
    });

    expect(outcome).toStrictEqual({ code: 0, out: '', err: '' });
  } finally {
    server.close();
    server.closeAllConnections();
  }
}
