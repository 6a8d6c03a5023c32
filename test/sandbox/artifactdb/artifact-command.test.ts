/**
 * Goal: scripts written for the old `artifact-db` go on working, and what it panicked about is told.
 * Method: the program as `cmd/artifact-db.ts` runs it, in this process, against DynamoDB in memory.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type AttributeValue, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { Artifact } from '../../../src/artifactdb/artifact.ts';
import { EXIT } from '../../../src/errors.ts';
import { type DynaliteTable, startDynaliteTable } from './dynalite-table.ts';
import { accessArtifactDb, type Ran, runArtifactDb } from './program.ts';

let table: DynaliteTable;
const place = { region: 'us-east-1', table: 'ArtifactDB' };
const environment = { ...process.env };
let projects = 0;
/** A new one for each test. */
let project: string;

beforeAll(async () => {
  table = await startDynaliteTable(place.table);
});
afterAll(async () => {
  process.env = environment;
  await table.stop();
});
beforeEach(() => {
  process.env = {
    ...environment,
    AWS_ENDPOINT_URL_DYNAMODB: table.endpoint,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_MAX_ATTEMPTS: '2', // Of what goes wrong here, nothing gets better by waiting.
  };
  project = `project-${++projects}`;
});

function artifactDb(...argv: string[]): Promise<Ran> {
  return runArtifactDb(argv);
}

/** Runs it and expects it to end well. */
async function print(...argv: string[]): Promise<string> {
  const ran = await artifactDb(...argv);
  expect(ran).toMatchObject({ exitCode: EXIT.ok, stderr: '' });
  return ran.stdout;
}

/** As a shell splits a line without quotes. */
function words(line: string): string[] {
  return line.split(' ');
}

function stored(buildNumber: number): Promise<Artifact> {
  return accessArtifactDb(({ db }) => db.get({ projectName: project, buildNumber }));
}

describe('create', () => {
  test('registers what it was given, and prints nothing', async () => {
    expect(await print('create', '-p', project, '-v', 'base:1')).toBe('');
    expect(
      await print(
        ...words(
          `create -p ${project} -v hello:0012abcd -b 99 -t {"SHA":"0012abcd","ForAutomatedDeploy":"true"} -c ${project}:1`,
        ),
      ),
    ).toBe('');

    expect(await stored(1)).toMatchObject({ value: 'base:1', tags: null, containedArtifacts: [] });
    expect(await stored(2)).toEqual({
      projectName: project,
      buildNumber: 2,
      value: 'hello:0012abcd',
      tags: { SHA: '0012abcd', ForAutomatedDeploy: 'true' },
      containedArtifacts: [`${project}:1`],
    });
  });

  test('takes several contained artifacts, and of other flags the last', async () => {
    for (const value of ['a', 'b']) await print('create', '-p', project, '-v', value);

    await print(
      ...words(
        `create -p wrong -p ${project} -v wrong --value=0012 -c ${project}:1 --contained-artifact ${project}:2`,
      ),
    );

    expect(await stored(3)).toMatchObject({
      value: '0012',
      containedArtifacts: [`${project}:1`, `${project}:2`],
    });
  });

  test('prints the artifact on one line with --output json', async () => {
    const line = await print('create', '-p', project, '-v', 'a', '--output', 'json');

    expect(line).toMatch(/^\{.*\}\n$/);
    expect(JSON.parse(line)).toEqual({ schemaVersion: 1, artifact: await stored(1) });
  });

  test.each([
    ['-t is not JSON', ['-t', '{SHA:1}'], EXIT.usage],
    ['-t is a JSON object, not ["a"]', ['-t', '["a"]'], EXIT.usage],
    ['-t: "SHA" is a string, not 12', ['-t', '{"SHA":12}'], EXIT.usage],
    ['A tag needs a name', ['-t', '{"":"x"}'], EXIT.usage],
    ['"base" is not the name of an artifact', ['-c', 'base'], EXIT.usage],
    ['Artifact base:7, contained in', ['-c', 'base:7'], EXIT.refused],
    ['Unknown', ['extra'], EXIT.usage],
  ])('refuses: %s', async (message, extra, exitCode) => {
    const ran = await artifactDb('create', '-p', project, '-v', 'x', ...extra);

    expect(ran).toMatchObject({ exitCode, stdout: '' });
    expect(ran.stderr).toContain(message);
    await expect(stored(1)).rejects.toThrow('does not exist');
  });
});

describe('get and latest', () => {
  beforeEach(async () => {
    await print('create', '-p', project, '-v', 'base:1');
    await print(
      ...words(`create -p ${project} -v hello:1 -c ${project}:1 -t {"b":"2","SHA":"0012","a":"1"}`),
    );
  });

  test('print the value', async () => {
    expect(await print('get', '-p', project, '-b', '1')).toBe('base:1\n');
    expect(await print('latest', '-p', project)).toBe('hello:1\n');
    expect(await print('latest', '-p', project, '-t', '{"SHA":"0012","a":"1"}')).toBe('hello:1\n');
  });

  test('print everything with -j, byte for byte as the old tool did', async () => {
    const expected = [
      '{',
      `    "ProjectName": "${project}",`,
      '    "BuildNumber": 2,',
      '    "Value": "hello:1",',
      '    "Tags": {',
      '        "SHA": "0012",',
      '        "a": "1",',
      '        "b": "2"',
      '    },',
      '    "ContainedArtifacts": [',
      '        {',
      `            "ProjectName": "${project}",`,
      '            "BuildNumber": 1,',
      '            "Value": "base:1",',
      '            "Tags": null,',
      '            "ContainedArtifacts": null',
      '        }',
      '    ]',
      '}',
      '',
    ].join('\n');

    expect(await print('get', '-p', project, '-b', '2', '-j')).toBe(expected);
    expect(await print('latest', '-p', project, '--json')).toBe(expected);
  });

  test('print one line with --output json', async () => {
    const line = await print('latest', '-p', project, '--output', 'json');

    expect(JSON.parse(line)).toEqual({ schemaVersion: 1, artifact: await stored(2) });
  });

  test('when nothing has the tags, latest prints nothing, or null in JSON', async () => {
    const args = ['latest', '-p', project, '-t', '{"SHA":"none"}'];

    expect(await print(...args)).toBe('');
    expect(await print(...args, '-j')).toBe('');
    expect(await print(...args, '--output', 'json')).toBe('{"schemaVersion":1,"artifact":null}\n');
    expect(await print('latest', '-p', 'no-such-project')).toBe('');
  });

  test.each(['0', '-1', '1.5', '1e1', 'x', '9007199254740993'])(
    'refuse the build number %s',
    async (build) => {
      const ran = await artifactDb('get', '-p', project, '-b', build);

      expect(ran).toMatchObject({ exitCode: EXIT.usage, stdout: '' });
      expect(ran.stderr).toContain(`-b is a whole number from 1 on, not "${build}"`);
    },
  );

  test('say which artifact does not exist', async () => {
    const ran = await artifactDb('get', '-p', project, '-b', '7');

    expect(ran).toMatchObject({ exitCode: EXIT.refused, stdout: '' });
    expect(ran.stderr).toContain(
      `Artifact ${project}:7 does not exist in table ArtifactDB (us-east-1)`,
    );
  });
});

describe('tag', () => {
  test('sets and removes, and prints nothing', async () => {
    await print('create', '-p', project, '-v', 'hello:1');
    const tag = ['tag', '-p', project, '-b', '1'];

    expect(await print(...tag, 'set', '-k', 'deploy-dev-0012', '-v', 'success')).toBe('');
    expect(await print(...tag, 'set', '-k', 'number', '-v', '0x10')).toBe('');
    expect(await stored(1)).toMatchObject({
      tags: { 'deploy-dev-0012': 'success', number: '0x10' },
    });
    expect(await print(...tag, 'rm', '-k', 'number')).toBe('');
    expect(await print(...tag, 'rm', '-k', 'number')).toBe('');
    expect(await stored(1)).toMatchObject({ tags: { 'deploy-dev-0012': 'success' } });
  });

  test.each([
    ['set', '-k', 'a', '-v', 'b'],
    ['rm', '-k', 'a'],
  ])('%s refuses an artifact that does not exist', async (...words) => {
    const ran = await artifactDb('tag', '-p', project, '-b', '1', ...words);

    expect(ran).toMatchObject({ exitCode: EXIT.refused, stdout: '' });
    expect(ran.stderr).toContain(`Artifact ${project}:1 does not exist`);
  });

  test.each([[[]], [['set', '-v', 'x']], [['rm']], [['other', '-k', 'x']]])(
    'with the words %j is a usage error',
    async (words) => {
      expect(await artifactDb('tag', '-p', project, '-b', '1', ...words)).toMatchObject({
        exitCode: EXIT.usage,
        stdout: '',
      });
    },
  );
});

describe('what scripts and the old deployer write', () => {
  beforeEach(async () => {
    await print('create', `-p${project}`, '-v', 'hello:1', '-t', '');
    await print('create', '-p', project, '-vhello:2', '-t{"SHA":"0012","b":"<&>"}');
  });

  test('flags of a command may stand in front of it', async () => {
    const tag = '-k deploy-dev-0012 -v success';

    expect(await print(...words(`--region us-east-1 -p ${project} -b 2 tag set ${tag}`))).toBe('');
    expect(await stored(2)).toMatchObject({ tags: { 'deploy-dev-0012': 'success' } });
    expect(
      await print(...words(`--region us-east-1 latest -p ${project} -j -t {"SHA":"0012"}`)),
    ).toContain('"Value": "hello:2"');
  });

  test('letters may stand in one word, and empty tags are none', async () => {
    expect(await stored(1)).toMatchObject({ tags: null });
    expect(await print('get', `-jp${project}`, '-b1')).toContain('"Tags": null');
    expect(await print('latest', '-p', project, '-t=')).toBe('hello:2\n');
  });

  test('-j escapes what Go escapes', async () => {
    expect(await print('get', '-p', project, '-b', '2', '-j')).toContain(
      String.raw`"b": "\u003c\u0026\u003e"`,
    );
  });

  test('a zero in front is refused, as it meant base 8', async () => {
    const ran = await artifactDb('get', '-p', project, '-b', '010');

    expect(ran).toMatchObject({ exitCode: EXIT.usage, stdout: '' });
    expect(ran.stderr).toContain('base 8');
  });
});

describe('list', () => {
  test('prints the newest with their tags', async () => {
    await print('create', '-p', project, '-v', 'a');
    await print('create', '-p', project, '-v', 'b', '-t', '{"b":"2","SHA":"0012"}');
    await print('create', '-p', project, '-v', 'c');

    expect(await print('list', '-p', project)).toBe('3\tc\n2\tb\tSHA=0012 b=2\n1\ta\n');
    expect(await print('list', '-p', project, '--limit', '1')).toBe('3\tc\n');
    expect(JSON.parse(await print('list', '-p', project, '--output', 'json'))).toEqual({
      schemaVersion: 1,
      artifacts: [await stored(3), await stored(2), await stored(1)],
    });
  });

  test('refuses a limit that is none', async () => {
    const ran = await artifactDb('list', '-p', project, '--limit', '0');

    expect(ran).toMatchObject({ exitCode: EXIT.usage, stdout: '' });
  });
});

describe('what goes wrong is told in one sentence, and what to do about it', () => {
  test('no command', async () => {
    expect(await artifactDb()).toMatchObject({ exitCode: EXIT.usage, stdout: '' });
  });

  test('no such table', async () => {
    const ran = await artifactDb('latest', '-p', 'x', '--table', 'Other', '--region', 'eu-west-1');

    expect(ran.exitCode).toBe(EXIT.failedBeforeSwap);
    expect(ran.stderr).toBe(
      'artifact-db: There is no table Other in eu-west-1\nCheck --table, --region and whose credentials these are.\n',
    );
  });

  test('the region of the environment is not heeded, as ever, but named when that may be why', async () => {
    process.env['AWS_REGION'] = 'us-gov-west-1';

    const ran = await artifactDb('latest', '-p', 'x', '--table', 'Other');

    expect(ran.stderr).toContain('There is no table Other in us-east-1');
    expect(ran.stderr).toContain('AWS_REGION is us-gov-west-1');
  });

  test.each([
    [500, 'InternalServerError', 'Try again.'],
    [400, 'ExpiredTokenException', 'Check whose credentials these are'],
  ])('DynamoDB answers %i %s', async (status, name, hint) => {
    const server = createServer((_, response) => {
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' });
      response.end(JSON.stringify({ __type: `com.amazonaws#${name}`, message: 'No.' }));
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const { port } = server.address() as AddressInfo;
    process.env['AWS_ENDPOINT_URL_DYNAMODB'] = `http://127.0.0.1:${port}`;

    const ran = await artifactDb('get', '-p', 'x', '-b', '1');

    server.close();
    expect(ran.exitCode).toBe(EXIT.failedBeforeSwap);
    expect(ran.stderr).toContain(`Table ArtifactDB (us-east-1): dynamodb:GetItem: No. (${name})\n`);
    expect(ran.stderr).toContain(hint);
  });

  test.each<[string, string[], string]>([
    ['get', ['get', '-p', 'x', '-b', '1'], 'dynamodb:GetItem'],
    ['create', ['create', '-p', 'x', '-v', 'y'], 'dynamodb:Query'],
    ['tag', ['tag', '-p', 'x', '-b', '1', 'set', '-k', 'a', '-v', 'b'], 'dynamodb:UpdateItem'],
    ['history', ['history', '-p', 'x', '-b', '1'], 'dynamodb:GetItem'],
  ])('%s, with nobody listening', async (_, argv, operation) => {
    process.env['AWS_ENDPOINT_URL_DYNAMODB'] = 'http://127.0.0.1:1';

    const ran = await artifactDb(...argv);

    expect(ran).toMatchObject({ exitCode: EXIT.failedBeforeSwap, stdout: '' });
    expect(ran.stderr).toContain(`Table ArtifactDB (us-east-1): ${operation}: `);
  });

  test('an item that is too large', async () => {
    await print('create', '-p', project, '-v', 'x'.repeat(300_000), '-t', '{}');

    const set = words(`tag -p ${project} -b 1 set -k a -v ${'x'.repeat(200_000)}`);
    const ran = await artifactDb(...set);

    expect(ran).toMatchObject({ exitCode: EXIT.failedBeforeSwap, stdout: '' });
    expect(ran.stderr).toContain('room for 400 KB');
  });

  test('an item that is no artifact', async () => {
    const Item: Record<string, AttributeValue> = {
      ProjectName: { S: project },
      BuildNumber: { N: '1' },
      Tags: { S: 'a=1' },
    };
    await table.client.send(new PutItemCommand({ TableName: place.table, Item }));

    const ran = await artifactDb('get', '-p', project, '-b', '1');

    expect(ran.exitCode).toBe(EXIT.failedBeforeSwap);
    expect(ran.stderr).toContain(`${project}:1 is malformed: Tags is not a map`);
  });
});
