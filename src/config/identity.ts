import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { ConfigError } from '../errors.ts';
import { isContentIdentity } from './content-identity.ts';
import { reasonOf } from './problems.ts';

/** What a run of git left behind. */
interface GitResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs git in the folder `cwd`. Where it can't be started, it rejects, or ends with exit code 127 as a
 * shell would.
 */
export type Git = (args: string[], cwd: string) => Promise<GitResult>;

/** The short form that artifacts and gates are tagged with. */
const SHA_LENGTH = 8;

const EXIT_NOT_FOUND = 127;

/**
 * The name of the config's version: it becomes part of the ArtifactDB tags that the gates read, so
 * it may only name a config that others can find again.
 *
 * That is `given` (the flag -config-sha), else the commit that is checked out where the config is.
 * @throws {ConfigError} when there is no such commit, or the file is not as it is in that commit
 */
export async function configSha(options: {
  readonly configPath: string;
  readonly given?: string | undefined;
  readonly git: Git;
}): Promise<string> {
  const { configPath, given, git } = options;
  if (given !== undefined) return checkedSha(given);

  // Behind a symbolic link, git would look at the link and not at the file that is read.
  const file = await realpath(configPath).catch(() => path.resolve(configPath));
  const folder = path.dirname(file);
  const name = path.basename(file);
  const run = (...args: string[]) => runGit(git, args, folder);
  const [head, tracked, status] = await Promise.all([
    run('rev-parse', `--short=${SHA_LENGTH}`, 'HEAD'),
    run('--literal-pathspecs', 'ls-files', '--error-unmatch', '--', name),
    run('--literal-pathspecs', 'status', '--porcelain', '--untracked-files=all', '--', name),
  ]);

  const sha = head.stdout.trim();
  if (head.exitCode !== 0 || !/^[0-9a-f]{8,64}$/.test(sha)) {
    throw refusal(`The config ${configPath} is in no git commit: ${gitSays(head)}`, configPath);
  }
  if (tracked.exitCode !== 0) {
    throw refusal(`The config ${configPath} is not tracked by git`, configPath);
  }
  if (status.exitCode !== 0) {
    throw refusal(`git can't say if ${configPath} is committed: ${gitSays(status)}`, configPath);
  }
  const change = status.stdout.trimEnd();
  if (change !== '') {
    throw refusal(
      `The config ${configPath} is not as in commit ${sha}: ${meaning(change)}`,
      configPath,
    );
  }
  return sha;
}

/** A sha that was typed. It goes into tags of ArtifactDB and of ECS. */
function checkedSha(given: string): string {
  if (isContentIdentity(given)) {
    throw new ConfigError(
      `${JSON.stringify(given)} is a name of what a config says, not of its version.`,
      {
        hint: 'Give another -config-sha; gates that ask for the content find it by themselves.',
      },
    );
  }
  if (/^[A-Za-z0-9][\w.:/=+@-]{0,127}$/.test(given)) return given;
  throw new ConfigError(`${JSON.stringify(given)} can't be the name of a config's version.`, {
    hint: 'Give -config-sha 1 to 128 letters, digits or . _ : / = + @ - without spaces.',
  });
}

async function runGit(git: Git, args: string[], folder: string): Promise<GitResult> {
  let result: GitResult;
  try {
    result = await git(args, folder);
  } catch (error) {
    throw noGit(reasonOf(error), error);
  }
  if (result.exitCode === EXIT_NOT_FOUND) throw noGit(gitSays(result));
  return result;
}

function noGit(reason: string, cause?: unknown): ConfigError {
  return new ConfigError(`git can't be run: ${reason}`, {
    hint: 'Install git and put it in PATH, or name the version of the config with -config-sha.',
    cause,
  });
}

function refusal(message: string, configPath: string): ConfigError {
  return new ConfigError(`${message}.`, {
    hint:
      `Commit it (git add ${configPath} && git commit), ` +
      'or name the version of the config with -config-sha.',
  });
}

function gitSays({ exitCode, stderr }: GitResult): string {
  const [line = ''] = stderr.trim().split('\n');
  return line === '' ? `git ended with exit code ${exitCode}` : line;
}

/** The two letters of `git status --porcelain`: the index, then the working copy. */
function meaning(change: string): string {
  const [staged, unstaged] = change;
  if (staged === '?' || staged === '!') return 'it is not tracked';
  if (staged === 'A') return 'it was added but not committed';
  if (staged === 'U' || unstaged === 'U') return 'it has an unresolved merge conflict';
  return staged === ' ' ? 'it was modified' : 'it has staged changes';
}
