import { hostname, userInfo } from 'node:os';
import { expect, test } from '@jest/globals';
import { thisAuthor } from '../../../cmd/author.ts';

test('a person is the user of their machine, whatever CI variables they have lying about', () => {
  expect(thisAuthor({ GITHUB_ACTOR: 'octocat', CI: 'false' })).toEqual({
    user: userInfo().username,
    host: hostname(),
  });
});

test.each<[string, Record<string, string>, { user?: string; job: string }]>([
  [
    'GitHub',
    {
      GITHUB_ACTOR: 'ann',
      GITHUB_SERVER_URL: 'https://github.com',
      GITHUB_REPOSITORY: 'o/r',
      GITHUB_RUN_ID: '7',
      CI: 'true',
    },
    { user: 'ann', job: 'https://github.com/o/r/actions/runs/7' },
  ],
  [
    'GitLab',
    { GITLAB_USER_LOGIN: 'ann', CI_JOB_URL: 'https://gitlab.example/j/7', CI_JOB_ID: '7' },
    { user: 'ann', job: 'https://gitlab.example/j/7' },
  ],
  ['GitLab without an address', { CI_JOB_ID: '7' }, { job: '7' }],
  [
    'Jenkins',
    { BUILD_URL: 'https://j.example/job/a/7/', BUILD_ID: '7' },
    { job: 'https://j.example/job/a/7/' },
  ],
  [
    'Jenkins that knows no address',
    { BUILD_TAG: 'jenkins-a-7', BUILD_USER_ID: 'ann' },
    { user: 'ann', job: 'jenkins-a-7' },
  ],
  [
    'Buildkite',
    { BUILDKITE_BUILD_URL: 'https://buildkite.com/o/p/builds/7', BUILDKITE_BUILD_CREATOR: 'Ann' },
    { user: 'Ann', job: 'https://buildkite.com/o/p/builds/7' },
  ],
  [
    'CircleCI',
    { CIRCLE_BUILD_URL: 'https://circleci.com/gh/o/r/7', CIRCLE_USERNAME: 'ann' },
    { user: 'ann', job: 'https://circleci.com/gh/o/r/7' },
  ],
  ['CodeBuild', { CODEBUILD_BUILD_ID: 'p:1-2' }, { job: 'p:1-2' }],
  ['some other CI', { CI: '1' }, { job: 'CI' }],
  [
    'an address with a token',
    { BUILD_URL: 'https://u:secret@j.example/7' },
    { job: 'https://j.example/7' },
  ],
])('a job of %s is named, and whoever started it where it says so', (_, env, expected) => {
  expect(thisAuthor(env)).toEqual({ user: userInfo().username, host: hostname(), ...expected });
});
