import { hostname } from 'node:os';
import { expect, test } from '@jest/globals';
import { thisMachine } from '../../../cmd/machine.ts';

test('outside CI the machine is a host and a process', () => {
  expect(thisMachine({ PATH: '/bin' })).toEqual({ host: hostname(), pid: process.pid });
});

const GITHUB = {
  GITHUB_SERVER_URL: 'https://github.com',
  GITHUB_REPOSITORY: 'org/repo',
  GITHUB_RUN_ID: '77',
};

test.each<[string, Record<string, string>, string]>([
  ['GitHub', GITHUB, 'https://github.com/org/repo/actions/runs/77'],
  ['Buildkite', { BUILDKITE_BUILD_URL: 'https://b/1' }, 'https://b/1'],
  ['GitLab', { CI_JOB_URL: 'https://g/1' }, 'https://g/1'],
  ['CircleCI', { CIRCLE_BUILD_URL: 'https://c/1' }, 'https://c/1'],
  ['Jenkins', { BUILD_URL: 'https://j/1' }, 'https://j/1'],
])('in %s the job has an address', (_, env, job) => {
  expect(thisMachine(env).job).toBe(job);
});

test('variables that are empty or incomplete say nothing', () => {
  const { GITHUB_RUN_ID: _id, ...noRun } = GITHUB;
  const { GITHUB_SERVER_URL: _url, ...noServer } = GITHUB;

  expect(thisMachine({ ...GITHUB, GITHUB_RUN_ID: '', BUILD_URL: '' })).not.toHaveProperty('job');
  expect(thisMachine({ ...noRun, BUILD_URL: 'https://j/1' }).job).toBe('https://j/1');
  expect(thisMachine({ ...noServer, BUILD_URL: 'https://j/1' }).job).toBe('https://j/1');
});
