import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { configCommand } from '../../../cmd/commands/config.ts';
import { run } from '../../../cmd/main.ts';
import type { CommandIo, ConfigOptions } from '../../../cmd/options.ts';
import { EXIT } from '../../../src/errors.ts';
import { containerOf, loose, TWO_APPS, twoAppsWith } from '../config/fixtures/two-apps.ts';
import { captureIo } from './capture.ts';

/** What the command would be told. */
async function options(commandLine: string) {
  const io = captureIo();
  let given: ConfigOptions | undefined;
  const exitCode = await run(
    {
      name: 'ecs-deploy',
      addCommands: (cli, session) =>
        configCommand(cli, session, async (options) => {
          given = options;
          return EXIT.ok;
        }),
    },
    ['config', ...commandLine.split(' ').filter((word) => word !== '')],
    io,
  );
  return { given, exitCode, err: io.err };
}

describe('the command line', () => {
  test.each<[string, ConfigOptions]>([
    ['validate', { output: 'text', action: { kind: 'validate' } }],
    [
      'validate -config c.yaml -output json',
      { config: 'c.yaml', output: 'json', action: { kind: 'validate' } },
    ],
    [
      'show -app x',
      { output: 'text', action: { kind: 'show', app: 'x', artifact: { kind: 'placeholder' } } },
    ],
    [
      'show -app x -env dev -sha 0012',
      {
        output: 'text',
        action: { kind: 'show', app: 'x', env: 'dev', artifact: { kind: 'by-sha', sha: '0012' } },
      },
    ],
    [
      'show -app x -artifact x:1',
      {
        output: 'text',
        action: { kind: 'show', app: 'x', artifact: { kind: 'by-value', value: 'x:1' } },
      },
    ],
    [
      'identity -app x -config-sha 1e5',
      { output: 'text', action: { kind: 'identity', app: 'x', configSha: '1e5' } },
    ],
  ])('%s', async (commandLine, expected) => {
    expect(await options(commandLine)).toMatchObject({ given: expected, exitCode: 0 });
  });

  test.each([
    ['', 'Which one, validate, show or identity?'],
    ['show', 'Missing: -app'],
    ['identity', 'Missing: -app'],
    ['show -app x -sha a -artifact b', '-sha and -artifact exclude each other'],
    ['validate -app x', 'Unknown flag: -app'],
  ])('%j is refused', async (commandLine, message) => {
    const { err, exitCode, given } = await options(commandLine);

    expect({ given, exitCode }).toEqual({ given: undefined, exitCode: 2 });
    expect(err).toContain(message);
  });
});

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'ecs-deploy-config-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Runs the command for good on a file of this text. */
async function config(commandLine: string, text: string, env: CommandIo['env'] = {}) {
  const io = Object.assign(captureIo(env), { cwd: folder });
  await writeFile(path.join(folder, 'c.json'), text);
  const exitCode = await run(
    { name: 'ecs-deploy', addCommands: (cli, session) => configCommand(cli, session) },
    ['config', ...commandLine.split(' '), '-config', 'c.json'],
    io,
  );
  return { exitCode, out: io.out, err: io.err };
}

describe('validate', () => {
  test('says what there is when all is well', async () => {
    expect(await config('validate', TWO_APPS)).toEqual({
      exitCode: 0,
      out: `${folder}/c.json is valid: 2 apps, 3 environments.\n`,
      err: '',
    });
  });

  const WRONG = twoAppsWith((file) => {
    containerOf(file)['Name'] = loose('{{.Nope}}');
    file['Comment'] = loose('x');
    file['ConfigRegion'] = loose('here');
  });

  test('lists errors and warnings in the order of the file', async () => {
    const { exitCode, out, err } = await config('validate', WRONG);

    expect(exitCode).toBe(2);
    expect(err).toBe('');
    expect(out.split('\n')).toEqual([
      `${folder}/c.json:3:19: ConfigRegion: found "here", expected a region such as "us-east-1"`,
      expect.stringMatching(/c\.json:10:19: Apps\.net-conf.*\.name: template, line 1, column 3: /),
      expect.stringMatching(/c\.json:\d+:3: warning: Comment: is not a known key; it is ignored/),
      `${folder}/c.json has 2 errors and 1 warning.`,
      '',
    ]);
  });

  test('prints the same for programs', async () => {
    const { exitCode, out } = await config('validate -output json', WRONG);

    expect(exitCode).toBe(2);
    expect(JSON.parse(out)).toEqual({
      schemaVersion: 1,
      config: `${folder}/c.json`,
      isValid: false,
      errors: [
        { line: 3, column: 19, path: 'ConfigRegion', message: expect.any(String) },
        {
          line: 10,
          column: 19,
          path: expect.stringContaining('.name'),
          message: expect.any(String),
        },
      ],
      warnings: [expect.objectContaining({ path: 'Comment', column: 3 })],
      references: [],
    });
  });
});

describe('show', () => {
  const SECRETS = twoAppsWith((file) => {
    containerOf(file)['environment'] = loose([
      { name: 'STAGE', value: '{{env "STAGE"}}' },
      { name: 'DB_PASSWORD', value: 'hunter2-of-{{.Environment}}' },
      { name: 'USER', value: '{{env "SOME_TOKEN"}}' },
      { name: 'BRANCH', value: '{{.Artifact.Tags.branch}}' },
      { name: 'OURS', value: 'kion-password' },
    ]);
  });
  const ENV = { STAGE: 'blue', SOME_TOKEN: 'q7-w9-e1', CLOUDTAMER_PASSWORD: 'kion-password' };

  test('prints what is rendered, with secrets masked, and asks nothing', async () => {
    const { exitCode, out, err } = await config('show -app net-conf -env dev', SECRETS, ENV);

    expect(exitCode).toBe(0);
    expect(err).toBe('The artifact is a placeholder; name one with -sha or -artifact.\n');
    const shown = JSON.parse(out) as { environments: { dev: Record<string, unknown> } };
    expect(shown).toMatchObject({
      schemaVersion: 1,
      app: 'net-conf',
      artifact: {
        value: expect.stringMatching(/^net-conf:[0-9a-f]{40}$/),
        buildNumber: 1,
        tags: { branch: 'placeholder-for-the-tag-branch', SHA: expect.any(String) },
        isPlaceholder: true,
      },
    });
    expect(Object.keys(shown.environments)).toEqual(['dev']);
    expect(shown.environments.dev).toMatchObject({
      family: 'net-conf-dev',
      cpu: '512',
      preDeployCommands: [{ program: 'task-queue', arguments: ['-env', 'dev', 'stop'] }],
      postDeployCommands: [
        {
          program: 'task-queue',
          arguments: ['-env', 'dev', '-allow-only', 'net-conf-dev:0', 'start'],
        },
      ],
      references: [
        { reference: '{{env "STAGE"}}', value: 'blue', paths: [expect.any(String)] },
        { reference: '{{env "SOME_TOKEN"}}', value: '***', paths: [expect.any(String)] },
      ],
    });
    expect(shown.environments.dev['containerDefinitions']).toMatchObject([
      {
        name: 'net-conf-dev',
        environment: [
          { name: 'STAGE', value: 'blue' },
          { name: 'DB_PASSWORD', value: '***' },
          { name: 'USER', value: '***' },
          { name: 'BRANCH', value: 'placeholder-for-the-tag-branch' },
          { name: 'OURS', value: '***' },
        ],
        secrets: [{ name: 'KEY', valueFrom: 'net-conf-dev-key' }],
      },
      { name: 'init' },
    ]);
    for (const secret of ['hunter2', 'q7-w9-e1', 'kion-password'])
      expect(out).not.toContain(secret);
  });

  test('shows every environment unless one is named, and an artifact that is made up', async () => {
    const commandLine = 'show -app net-conf -artifact net-conf:1234 -output json';
    const { out, err } = await config(commandLine, TWO_APPS);

    expect(out.trimEnd()).not.toContain('\n');
    const shown = JSON.parse(out) as { environments: Record<string, unknown> };
    expect(Object.keys(shown.environments)).toEqual(['dev', 'prod']);
    expect(shown).toMatchObject({ artifact: { value: 'net-conf:1234' } });
    expect(out).toContain('111122223333.dkr.ecr.us-east-1.amazonaws.com/net-conf:1234');
    expect(err).toContain("the artifact's build number and tags are placeholders");
  });

  test.each([
    ['show -app net-cnof', 'Did you mean -app net-conf?'],
    ['show -app net-conf -env porod', 'Did you mean -env prod?'],
    ['identity -app net-conf -env porod', 'Did you mean -env prod?'],
  ])('%s is refused with the likely name', async (commandLine, hint) => {
    const { exitCode, err, out } = await config(commandLine, TWO_APPS);

    expect({ exitCode, out }).toEqual({ exitCode: 2, out: '' });
    expect(err).toContain(hint);
  });

  test('tells all references that have no value', async () => {
    const { exitCode, err } = await config('show -app net-conf -env dev', SECRETS);

    expect(exitCode).toBe(2);
    expect(err).toContain('2 references of the config have no value:');
    expect(err).toContain('environment[0].value: {{env "STAGE"}} is not set');
    expect(err).toContain('environment[2].value: {{env "SOME_TOKEN"}} is not set');
  });
});

describe('identity', () => {
  test('prints both names, and what the gates go by', async () => {
    const text = twoAppsWith((file) => {
      file['Apps']!['net-conf']!['Environments']!['prod']!['Gate'] = loose('content');
    });

    expect(await config('identity -app net-conf -config-sha abcd1234', text)).toEqual({
      exitCode: 0,
      out:
        'sha      abcd1234\n' +
        'content  content.d87b6ad9edfe8739\n' +
        'gate     dev: no gate\n' +
        'gate     prod: same content as in dev\n',
      err: '',
    });
  });

  test('without a commit it prints what it can, and fails as a deploy would', async () => {
    const { exitCode, out, err } = await config('identity -app creds-api -output json', TWO_APPS);

    expect(exitCode).toBe(2);
    expect(JSON.parse(out)).toEqual({
      schemaVersion: 1,
      config: `${folder}/c.json`,
      app: 'creds-api',
      sha: null,
      content: expect.stringMatching(/^content\.[0-9a-f]{16}$/),
      gates: [{ environment: 'dev', requires: null, gate: 'sha' }],
    });
    expect(err).toContain('-config-sha');
  });
});
