/** The AWS CLI as a person would use it, but with nothing of that person's configuration. */
import { execFile, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

const { PATH = '' } = process.env;

/** A CLI, and a home for it that holds no profiles. */
export interface AwsCli {
  readonly path: string;
  readonly home: string;
}

/** The first `aws` of the PATH that can say its version: a version manager's shim may not. */
export function findAwsCli(): string | undefined {
  const options = { env: { PATH, HOME: tmpdir() }, timeout: 30_000 };
  return PATH.split(delimiter)
    .map((folder) => join(folder, 'aws'))
    .find((path) => existsSync(path) && spawnSync(path, ['--version'], options).status === 0);
}

/** Makes a home for the CLI. */
export function prepareAwsCli(path: string): AwsCli {
  return { path, home: mkdtempSync(join(tmpdir(), 'aws-cli-')) };
}

/** Removes its home again. */
export function removeAwsCli({ home }: AwsCli): void {
  rmSync(home, { recursive: true });
}

/** How a call of the CLI ended. */
export interface CliResult {
  readonly exitCode: number;
  /** What it printed, if that is JSON. */
  readonly output: unknown;
  readonly errors: string;
}

/**
 * Runs `aws <args>` against the sandbox whose variables are given. The endpoint is an argument too:
 * a CLI that does not know AWS_ENDPOINT_URL yet would otherwise call AWS.
 */
export function runAwsCli(
  { path, home }: AwsCli,
  env: Readonly<Record<string, string>>,
  args: readonly string[],
): Promise<CliResult> {
  const options = {
    env: { PATH, HOME: home, AWS_PAGER: '', AWS_EC2_METADATA_DISABLED: 'true', ...env },
    timeout: 60_000,
  };
  const endpoint = ['--endpoint-url', env['AWS_ENDPOINT_URL'] ?? ''];
  return new Promise((resolve) => {
    execFile(path, [...endpoint, '--output', 'json', ...args], options, (error, stdout, stderr) => {
      resolve({
        exitCode: typeof error?.code === 'number' ? error.code : error ? -1 : 0,
        output: stdout.trim() === '' ? undefined : (JSON.parse(stdout) as unknown),
        errors: stderr.trim(),
      });
    });
  });
}
