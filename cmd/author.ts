import type { Author } from '../src/artifactdb/tag-history.ts';
import type { CommandIo } from './options.ts';
import { thisMachine, userName } from './machine.ts';

/** Where CI systems say who started the job. */
const USER_VARIABLES = [
  'GITHUB_ACTOR',
  'GITLAB_USER_LOGIN',
  'BUILDKITE_BUILD_CREATOR',
  'CIRCLE_USERNAME',
  'BUILD_USER_ID', // Jenkins, with its plug-in "build user vars"
] as const;

/** Where CI systems that give a job no address name it at least. */
const JOB_NAME_VARIABLES = [
  'BUILD_TAG', // Jenkins without an address of its own
  'CODEBUILD_BUILD_ID',
  'BITBUCKET_BUILD_NUMBER',
  'CI_JOB_ID',
  'CIRCLE_WORKFLOW_JOB_ID',
  'BUILD_ID',
] as const;

/** Who runs this and from where, for those who wonder later. A CI job's own user says nothing. */
export function thisAuthor(env: CommandIo['env']): Author {
  const { host, job = jobName(env) } = thisMachine(env);
  const starter = job === undefined ? undefined : firstSet(env, USER_VARIABLES);
  return {
    user: starter ?? userName(),
    host,
    ...(job === undefined ? {} : { job: withoutCredentials(job) }),
  };
}

function jobName(env: CommandIo['env']): string | undefined {
  const name = firstSet(env, JOB_NAME_VARIABLES);
  if (name !== undefined) return name;
  return env['CI'] && env['CI'] !== 'false' ? 'CI' : undefined;
}

function firstSet(env: CommandIo['env'], names: readonly string[]): string | undefined {
  return names.map((name) => env[name]).find(Boolean);
}

/** What is recorded stays for ever. */
function withoutCredentials(address: string): string {
  return address.replace(/^([a-z][a-z+.-]*:\/\/)[^/?#]*@/i, '$1');
}
