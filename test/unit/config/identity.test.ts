/**
 * Goal: the config's version names a config that others can find in git, or there is no deploy.
 * Method: the real git in a folder of its own.
 */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { configSha, type Git } from '../../../src/config/identity.ts';
import { ConfigError } from '../../../src/errors.ts';

const ENVIRONMENT = {
  PATH: process.env['PATH'],
  // A repository around the temporary folder, or a person's settings, must not matter.
  GIT_CEILING_DIRECTORIES: tmpdir(),
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'Test',
  GIT_AUTHOR_EMAIL: 'test@example.com',
  GIT_COMMITTER_NAME: 'Test',
  GIT_COMMITTER_EMAIL: 'test@example.com',
};

const git: Git = (args, cwd) =>
  new Promise((resolve, reject) => {
    execFile('git', args, { cwd, env: ENVIRONMENT }, (error, stdout, stderr) => {
      const exitCode = error === null ? 0 : error.code;
      if (typeof exitCode === 'number') resolve({ exitCode, stdout, stderr });
      else reject(error ?? new Error('git was killed'));
    });
  });

let root: string;
let configPath: string;

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'config-identity-'));
  await mkdir(path.join(root, 'deploy'));
  configPath = path.join(root, 'deploy', 'deploy-config.json');
  await writeFile(configPath, '{}');
});

afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

async function run(...args: string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await git(args, root);
  if (exitCode !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`);
  return stdout.trim();
}

async function commitAll(): Promise<void> {
  await run('init', '--quiet');
  await run('add', '--all');
  await run('commit', '--quiet', '--message', 'first');
}

const sha = (given?: string) => configSha({ configPath, given, git });

async function refusalOf(work: Promise<string>): Promise<ConfigError> {
  const error = await work.catch((error: unknown) => error);
  expect(error).toBeInstanceOf(ConfigError);
  return error as ConfigError;
}

test('the version of a committed config is the commit, in 8 digits', async () => {
  await commitAll();

  expect(await sha()).toBe(await run('rev-parse', '--short=8', 'HEAD'));
});

test('changes to other files do not matter', async () => {
  await writeFile(path.join(root, 'deploy', 'other.json'), '1');
  await commitAll();
  await writeFile(path.join(root, 'deploy', 'other.json'), '2');
  await writeFile(path.join(root, 'deploy', 'new.json'), '3');

  expect(await sha()).toMatch(/^[0-9a-f]{8}$/);
});

test('a modified config is refused', async () => {
  await commitAll();
  await writeFile(configPath, '{ }');

  const { message, hint } = await refusalOf(sha());
  expect(message).toMatch(/is not as in commit [0-9a-f]{8}: it was modified\.$/);
  expect(hint).toContain('-config-sha');
});

test('a staged change is refused', async () => {
  await commitAll();
  await writeFile(configPath, '{ }');
  await run('add', '--all');

  expect((await refusalOf(sha())).message).toContain('it has staged changes');
});

test('a config that was added but never committed is refused', async () => {
  await rm(configPath);
  await writeFile(path.join(root, 'other'), '');
  await commitAll();
  await writeFile(configPath, '{}');
  await run('add', '--all');

  expect((await refusalOf(sha())).message).toContain('it was added but not committed');
});

test('an untracked config is refused, also when its name looks like a pattern', async () => {
  await commitAll();
  configPath = path.join(root, 'deploy', '*.json');
  await writeFile(configPath, '{}');

  expect((await refusalOf(sha())).message).toContain('is not tracked by git');
});

test('an ignored config is refused, though git status has nothing to say about it', async () => {
  await writeFile(path.join(root, '.gitignore'), 'ignored.json\n');
  await commitAll();
  configPath = path.join(root, 'deploy', 'ignored.json');
  await writeFile(configPath, '{}');

  expect((await refusalOf(sha())).message).toContain('is not tracked by git');
});

test('behind a symbolic link the file counts', async () => {
  const link = path.join(root, 'link.json');
  await symlink(configPath, link);
  await commitAll();
  expect(await configSha({ configPath: link, git })).toMatch(/^[0-9a-f]{8}$/);

  await writeFile(configPath, '{ }');
  const refusal = await refusalOf(configSha({ configPath: link, git }));
  expect(refusal.message).toContain('it was modified');
});

test('without a repository it says what git says, and what to type', async () => {
  const { message, hint } = await refusalOf(sha());

  expect(message).toContain('not a git repository');
  expect(hint).toMatch(/git add .*-config-sha/);
});

test('without a commit it is refused', async () => {
  await run('init', '--quiet');

  expect((await refusalOf(sha())).message).toContain('is in no git commit');
});

test.each<[string, Git]>([
  ['git is not started', () => Promise.reject(new Error('spawn git ENOENT'))],
  [
    'a shell finds no git',
    () => Promise.resolve({ exitCode: 127, stdout: '', stderr: 'spawn git ENOENT' }),
  ],
])('without git it is refused: %s', async (_how, missing) => {
  const { message, hint } = await refusalOf(configSha({ configPath, git: missing }));

  expect(message).toBe("git can't be run: spawn git ENOENT");
  expect(hint).toContain('Install git');
});

test('a given version is taken without asking git', async () => {
  const never: Git = () => Promise.reject(new Error('git was asked'));

  expect(await configSha({ configPath, given: 'v1.2-rc', git: never })).toBe('v1.2-rc');
});

test('a name that the program gives to contents is refused', async () => {
  const { message } = await refusalOf(sha('content.0123456789abcdef'));

  expect(message).toContain('is a name of what a config says, not of its version');
});

test.each(['', ' ', 'a b', 'a\nb', '-config', 'a'.repeat(129), 'ü', '$(x)'])(
  'the version %j is refused',
  async (given) => {
    expect((await refusalOf(sha(given))).message).toContain("can't be the name");
  },
);
