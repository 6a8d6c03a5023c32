/**
 * Goal: what `plan` masks, a deploy shows nowhere either: neither on its output, nor in its log, nor in
 * what it remembers.
 * Method: the built executable deploys with a command that gets secrets, repeats them and fails.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { EXIT } from '../../src/errors.ts';
import { exampleConfig, Hello, QUICK_TIME_SCALE, quickWorld } from './hello.ts';

const PARAMETER = 'parameter-S3CRET';
const LITERAL = 'literal-S3CRET';
const VARIABLE = 'variable-S3CRET';

let hello: Hello;
beforeAll(async () => {
  const config = exampleConfig();
  config.Apps.hello.PreDeployCommandTemplates = [
    {
      Program: 'sh',
      Arguments: [
        '-c',
        'echo "got $0 and $1"; exit 3',
        '{{ssm "/hello/pw"}}',
        '{{env "MY_TOKEN"}}',
        '--db-password',
        LITERAL,
        '{{ssm "/hello/pin"}}',
      ],
    },
  ];
  hello = await Hello.start({
    config,
    timeScale: QUICK_TIME_SCALE,
    world: {
      ...quickWorld({ tasks: 1 }),
      parameters: [
        { name: '/hello/pw', type: 'String', value: PARAMETER },
        { name: '/hello/pin', type: 'String', value: '8264' },
      ],
    },
  });
  hello.extraEnv = { MY_TOKEN: VARIABLE };
});
afterAll(() => hello.close());

test.each(['text', 'json'])('as %s, in the log and in what children print', async (output) => {
  const args = ['-log-file', `${output}.log`, '-output', output];
  const { code, stderr, stdout } = await hello.deploy('aaaa1111', '-start-over', ...args);
  const log = await readFile(join(hello.folder, `${output}.log`), 'utf8');

  expect(code).toBe(EXIT.failedBeforeSwap);
  for (const text of [stdout, stderr, log]) expect(text).not.toMatch(/S3CRET|8264/);
  for (const text of [stdout, log]) {
    expect(text).toContain('got *** and ***');
    expect(text).toContain('exited with code 3');
  }
  const started = { type: 'command.started', program: 'sh' };
  const shown = ['***', '***', '--db-password', '***', '***'];
  const events = log.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line).event]));
  expect(events).toContainEqual(
    expect.objectContaining({
      ...started,
      arguments: ['-c', 'echo "got $0 and $1"; exit 3', ...shown],
    }),
  );
  if (output === 'text') expect(stdout).toContain("'***' '***' --db-password '***' '***'\n");
});

test('in the history', async () => {
  const config = exampleConfig();
  config.Apps.hello.PreDeployCommandTemplates = [
    { Program: '/no/{{ssm "/hello/pw"}}', Arguments: [] },
  ];
  await hello.writeConfig(config);

  const { code } = await hello.deploy('aaaa1111', '-start-over');
  const { stdout } = await hello.run('ecs-deploy', 'history', '-app', 'hello', '-output', 'json');

  expect(code).toBe(EXIT.failedBeforeSwap);
  expect(stdout).toContain('/no/*** could not be started');
  expect(stdout).not.toContain('S3CRET');
});
