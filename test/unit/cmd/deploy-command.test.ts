import { describe, expect, test } from '@jest/globals';
import { deployCommand } from '../../../cmd/commands/deploy.ts';
import { run } from '../../../cmd/main.ts';
import type { DeployOptions } from '../../../cmd/options.ts';
import { EXIT } from '../../../src/errors.ts';
import { captureIo } from './capture.ts';

/** What the deploy would be told. */
async function deploy(commandLine: string) {
  const io = captureIo();
  let options: DeployOptions | undefined;
  const exitCode = await run(
    {
      name: 'ecs-deploy',
      addCommands: (cli, session) =>
        deployCommand(cli, session, async (given) => {
          options = given;
          return EXIT.rolledBack;
        }),
    },
    commandLine.split(' '),
    io,
  );
  return { options, exitCode, err: io.err };
}

const DEFAULTS = { resume: false, startOver: false, skipPrePost: false, output: 'text' };

test('the shortest command line is that of the tool it replaces', async () => {
  const { options } = await deploy('-app x -env dev -sha 00112233');

  expect(options).toStrictEqual({ app: 'x', env: 'dev', sha: '00112233', ...DEFAULTS });
});

test('every option arrives', async () => {
  const { options } = await deploy(
    'deploy -config c.json -app x -env dev -sha 1e5 -config-sha 0012 -start-over -skip-pre-post ' +
      '-log-file d.log -output json -lock-wait 1m30s -override-gate outage',
  );

  expect(options).toStrictEqual({
    app: 'x',
    env: 'dev',
    sha: '1e5',
    config: 'c.json',
    configSha: '0012',
    resume: false,
    startOver: true,
    skipPrePost: true,
    overrideGate: 'outage',
    lockWaitMs: 90_000,
    logFile: 'd.log',
    output: 'json',
  });
});

test('what the deploy ends with is what the program exits with', async () => {
  expect((await deploy('-app x -env dev -sha a')).exitCode).toBe(6);
});

test('a resume needs no SHA', async () => {
  const { options } = await deploy('-app x -env dev -resume');

  expect(options).toStrictEqual({ app: 'x', env: 'dev', ...DEFAULTS, resume: true });
});

test('a resume may run all commands again', async () => {
  const { options } = await deploy('-app x -env dev -resume -rerun-commands');

  expect(options).toMatchObject({ resume: true, rerunCommands: true });
});

test('a flag that is switched off conflicts with nothing', async () => {
  const { options } = await deploy('-app x -env dev -resume -start-over=false');

  expect(options).toMatchObject({ resume: true, startOver: false });
});

describe('refused before anything is loaded', () => {
  test.each([
    ['-env dev -sha a', 'Missing: -app'],
    ['-sha a', 'Missing: -app, -env'],
    ['-app x -env dev', '-sha is missing'],
    ['-app x -env dev -resume=false', '-sha is missing'],
    ['-app x -env dev -sha a -resume -start-over', '-resume and -start-over exclude each other'],
    ['-app x -env dev -sha a -rerun-commands', '--rerun-commands needs -resume'],
    ['-app x -env dev -resume -rerun-commands -skip-pre-post', 'and no -skip-pre-post'],
    ['-app x -env dev -sha a -lock-wait 90', '--lock-wait: found "90"'],
    ['-app x -env dev -sha a -override-gate=', '-override-gate'],
    [`-app x -env dev -sha a -override-gate ${'x'.repeat(501)}`, 'a reason of 1 to 500 characters'],
    ['-app x -env dev -sha a -output xml', 'Choices: "text", "json"'],
  ])('%s', async (commandLine, message) => {
    const { options, exitCode, err } = await deploy(commandLine);

    expect({ options, exitCode }).toStrictEqual({ options: undefined, exitCode: 2 });
    expect(err).toContain(message);
    expect(err).toContain('See ecs-deploy --help.');
  });
});

test('a reason of blanks is none', async () => {
  const io = captureIo();
  const program = {
    name: 'ecs-deploy',
    addCommands: (cli: never, session: never) => deployCommand(cli, session, async () => EXIT.ok),
  };

  const argv = ['-app', 'x', '-env', 'dev', '-sha', 'a', '--override-gate', '  '];
  expect(await run(program, argv, io)).toBe(EXIT.usage);
  expect(io.err).toContain('--override-gate needs a reason');
});
