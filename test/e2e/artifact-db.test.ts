/**
 * Goal: the executable does what a CI job asks of it, several jobs at once.
 * Method: real processes against the sandbox.
 */
import { expect, test } from '@jest/globals';
import { startSandbox } from '../../sandbox/sandbox.ts';
import { run } from '../support/executable.ts';

test('jobs that register builds at once, tag them and ask who did', async () => {
  const hashKey = { name: 'ProjectName', type: 'S' } as const;
  const rangeKey = { name: 'BuildNumber', type: 'N' } as const;
  const tables = [{ name: 'ArtifactDB', hashKey, rangeKey }];
  await using sandbox = closing(await startSandbox({ worldFile: { tables } }));
  const env = { ...sandbox.env, CI_JOB_URL: 'https://ci.example/7', GITLAB_USER_LOGIN: 'ann' };
  const artifactDb = (...args: string[]) => run('artifact-db', args, { env });

  const values = ['hello:a', 'hello:b', 'hello:c', 'hello:d'];
  const created = await Promise.all(
    values.map((value) => artifactDb('create', '-phello', '-v', value, '-t', `{"SHA":"${value}"}`)),
  );
  const tag = ['-p', 'hello', '-b', '4', 'tag', 'set', '-k', 'label', '-v', 'x'];
  const tagged = await artifactDb('--region', 'us-east-1', ...tag);
  const listed = await artifactDb('list', '-p', 'hello');
  const history = await artifactDb('history', '-p', 'hello', '-b', '4', '--output', 'json');

  const silence = { code: 0, stdout: '', stderr: '' };
  expect([...created, tagged]).toEqual([...values, tag].map(() => silence));
  const lines = listed.stdout.trim().split('\n');
  expect(lines.map((line) => line.split('\t')[0])).toEqual(['4', '3', '2', '1']);
  expect(lines.map((line) => line.split('\t')[1] ?? '').sort((a, b) => (a < b ? -1 : 1))).toEqual(
    values,
  );
  expect(JSON.parse(history.stdout)).toMatchObject({
    changes: [
      {
        key: 'label',
        before: null,
        after: 'x',
        by: { user: 'ann', job: 'https://ci.example/7' },
      },
    ],
  });
});

function closing<Started extends { close(): Promise<void> }>(started: Started) {
  return Object.assign(started, { [Symbol.asyncDispose]: () => started.close() });
}
