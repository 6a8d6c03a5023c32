import { hostname, userInfo } from 'node:os';
import type { DeployTools } from '../src/deploy/request.ts';

/** Where CI systems say which job this is, as an address where they have one. */
const JOB_VARIABLES = [
  'BUILDKITE_BUILD_URL',
  'CI_JOB_URL', // GitLab
  'CIRCLE_BUILD_URL',
  'BUILD_URL', // Jenkins
] as const;

/** Who runs this, for those who find the lock held. */
export function thisMachine(
  env: Readonly<Record<string, string | undefined>>,
): DeployTools['machine'] {
  const job = gitHubJob(env) ?? JOB_VARIABLES.map((name) => env[name]).find(Boolean);
  return { host: hostname(), pid: process.pid, ...(job === undefined ? {} : { job }) };
}

function gitHubJob(env: Readonly<Record<string, string | undefined>>): string | undefined {
  const { GITHUB_SERVER_URL, GITHUB_REPOSITORY, GITHUB_RUN_ID } = env;
  if (!GITHUB_SERVER_URL || !GITHUB_REPOSITORY || !GITHUB_RUN_ID) return undefined;
  return `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}/actions/runs/${GITHUB_RUN_ID}`;
}

/** Who did something by hand, for those who wonder later: `ann@laptop`. */
export function thisUser(): string {
  return `${userName()}@${hostname()}`;
}

/** The name of the user of this process; a container may run as one that has none. */
export function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? 'unknown');
  }
}
