/**
 * Goal: whoever changes a tag is known later, and no trouble with that gets into their way.
 * Method: the program in this process against the sandbox over HTTP, with its faults.
 */
import { hostname, userInfo } from 'node:os';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { DeleteItemCommand } from '@aws-sdk/client-dynamodb';
import { addCommands } from '../../../cmd/commands/index.ts';
import { type Sandbox, startSandbox } from '../../../sandbox/sandbox.ts';
import { EXIT } from '../../../src/errors.ts';
import { sdkClients } from '../../support/sdk.ts';
import { accessArtifactDb, runArtifactDb } from './program.ts';

const TABLE = 'ArtifactDB';
const me = `${userInfo().username}@${hostname()}`;
const environment = { ...process.env };

let sandbox: Sandbox;
let projects = 0;
/** A new one for each test. */
let project: string;
let tag: string[];
let history: string[];

beforeAll(async () => {
  const hashKey = { name: 'ProjectName', type: 'S' } as const;
  const rangeKey = { name: 'BuildNumber', type: 'N' } as const;
  sandbox = await startSandbox({ worldFile: { tables: [{ name: TABLE, hashKey, rangeKey }] } });
});
afterAll(async () => {
  process.env = environment;
  await sandbox.close();
});
beforeEach(async () => {
  // Of this machine's variables, those of a CI system would change what is recorded.
  const disabled = 'AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED';
  process.env = { PATH: environment['PATH'], [disabled]: 'true', ...sandbox.env };
  sandbox.faults.remove();
  project = `project-${++projects}`;
  tag = ['tag', '-p', project, '-b', '1'];
  history = ['history', '-p', project, '-b', '1'];
  await print('create', '-p', project, '-v', 'hello:1', '-t', '{"SHA":"0012","label":"a"}');
});

/** Runs it and expects it to end well and to warn of nothing. */
async function print(...argv: string[]): Promise<string> {
  const ran = await runArtifactDb(argv);
  expect(ran).toMatchObject({ exitCode: EXIT.ok, stderr: '' });
  return ran.stdout;
}

/** The times, which differ in each run, as `<time>`. */
function timeless(text: string): string {
  return text.replaceAll(/^\d{4}-\d\d-\d\dT[\d:.]+Z/gm, '<time>');
}

test('it has who changed what, newest first, and what nobody recorded', async () => {
  await print(...tag, 'set', '-k', 'label', '-v', 'b');
  process.env['CI_JOB_URL'] = 'https://gitlab.example/jobs/7';
  process.env['GITLAB_USER_LOGIN'] = 'ann';
  await print(...tag, 'set', '-k', 'two\nlines', '-v', '\u001B[31mred "x"');
  await print(...tag, 'rm', '-k', 'label');
  await accessArtifactDb(({ db }) =>
    db.recordOutcome({ projectName: project, buildNumber: 1 }, 'dev', ['c0ffee'], 'success'),
  );

  expect(timeless(await print(...history))).toBe(
    [
      `<time>\tann@${hostname()}\tlabel: "b" -> (none)\thttps://gitlab.example/jobs/7`,
      `<time>\tann@${hostname()}\ttwo lines: (none) -> "\\u001b[31mred \\"x\\""\thttps://gitlab.example/jobs/7`,
      `<time>\t${me}\tlabel: "a" -> "b"`,
      'not recorded\tSHA: "0012"',
      'not recorded\tdeploy-dev-c0ffee: "success"',
      '',
    ].join('\n'),
  );
});

test('it is one line of JSON with --output json', async () => {
  await print(...tag, 'set', '-k', 'label', '-v', 'b');

  const line = await print(...history, '--output', 'json');

  expect(line).toMatch(/^\{.*\}\n$/);
  expect(JSON.parse(line)).toEqual({
    schemaVersion: 1,
    projectName: project,
    buildNumber: 1,
    exists: true,
    changes: [
      {
        at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
        key: 'label',
        before: 'a',
        after: 'b',
        by: { user: userInfo().username, host: hostname() },
      },
    ],
    isWhole: true,
    unrecorded: { SHA: '0012' },
  });
});

test('ecs-deploy artifact has it, and records, as well', async () => {
  const program = { name: 'ecs-deploy', addCommands };

  await runArtifactDb(['artifact', ...tag, 'set', '-k', 'label', '-v', 'b'], program);

  expect(await runArtifactDb(['artifact', ...history], program)).toMatchObject({
    exitCode: EXIT.ok,
    stdout: expect.stringContaining(`\t${me}\tlabel: "a" -> "b"\n`),
  });
});

test('what changes nothing is not in it', async () => {
  await print(...tag, 'set', '-k', 'label', '-v', 'a');
  await print(...tag, 'rm', '-k', 'none');

  expect(await print(...history)).toBe('not recorded\tSHA: "0012"\nnot recorded\tlabel: "a"\n');
});

test('it says when there is more than was asked for', async () => {
  for (const value of ['b', 'c']) await print(...tag, 'set', '-k', 'label', '-v', value);

  const ran = await runArtifactDb([...history, '--limit', '1']);

  expect(timeless(ran.stdout)).toBe(`<time>\t${me}\tlabel: "b" -> "c"\n`);
  expect(ran.stderr).toBe('artifact-db: There are older changes: ask for more with --limit.\n');
});

test('it outlives the artifact, but is not made up for one that never was', async () => {
  await print(...tag, 'set', '-k', 'label', '-v', 'b');
  const { dynamoDb, destroy } = sdkClients(sandbox.url, { accessKeyId: 'AKIASANDBOX' });
  const Key = { ProjectName: { S: project }, BuildNumber: { N: '1' } };
  await dynamoDb.send(new DeleteItemCommand({ TableName: TABLE, Key }));
  destroy();

  const ran = await runArtifactDb(history);

  expect(timeless(ran.stdout)).toBe(`<time>\t${me}\tlabel: "a" -> "b"\n`);
  expect(ran.stderr).toBe(`artifact-db: ${project}:1 itself does not exist any more.\n`);
  expect(await runArtifactDb([...tag, 'set', '-k', 'a', '-v', 'b'])).toMatchObject({
    exitCode: EXIT.refused,
    stderr: expect.stringContaining(`Artifact ${project}:1 does not exist`),
  });
  expect(await runArtifactDb(['history', '-p', project, '-b', '2'])).toMatchObject({
    exitCode: EXIT.refused,
    stdout: '',
  });
});

describe('when it cannot be written', () => {
  test.each([
    ['AccessDeniedException', 'You may not.'],
    ['ProvisionedThroughputExceededException', 'Too much.'],
  ])('the tag is set all the same, and that is said: %s', async (code, message) => {
    process.env['AWS_MAX_ATTEMPTS'] = '1';
    sandbox.faults.add([{ operation: 'dynamodb.PutItem', do: { kind: 'reject', code, message } }]);

    const ran = await runArtifactDb([...tag, 'set', '-k', 'label', '-v', 'b']);

    expect(ran).toEqual({
      exitCode: EXIT.ok,
      stdout: '',
      stderr: `artifact-db: The tag was changed, but its history does not say so: dynamodb:PutItem: ${message} (${code})\n`,
    });
    expect(await print(...history)).toContain('not recorded\tlabel: "b"\n');
  });

  test('nothing is recorded when the tag could not be set', async () => {
    process.env['AWS_MAX_ATTEMPTS'] = '1';
    const code = 'AccessDeniedException';
    sandbox.faults.add([{ operation: 'dynamodb.UpdateItem', do: { kind: 'reject', code } }]);

    const ran = await runArtifactDb([...tag, 'set', '-k', 'label', '-v', 'b']);

    expect(ran).toMatchObject({ exitCode: EXIT.failedBeforeSwap, stdout: '' });
    expect(ran.stderr).toContain('Check whose credentials these are, and what they allow.');
    expect(await print(...history)).not.toContain('->');
  });
});

test('an answer that is lost makes neither two records nor a wrong one', async () => {
  sandbox.faults.add(
    ['UpdateItem', 'PutItem'].map((name) => ({
      operation: `dynamodb.${name}`,
      nth: 1,
      do: { kind: 'drop' } as const,
    })),
  );

  await print(...tag, 'set', '-k', 'label', '-v', 'b');

  expect(timeless(await print(...history))).toBe(
    `<time>\t${me}\tlabel: (unknown) -> "b"\nnot recorded\tSHA: "0012"\n`,
  );
});

test('a busy table is waited for longer than the SDK would', async () => {
  const busy = { kind: 'reject', code: 'InternalServerError', status: 500 } as const;
  sandbox.faults.add([{ operation: 'dynamodb.GetItem', times: 4, do: busy }]);

  expect(await print('get', '-p', project, '-b', '1')).toBe('hello:1\n');
});
