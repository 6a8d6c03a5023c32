import { expect, test } from '@jest/globals';
import { appStatusCommand } from '../../../cmd/commands/app-status.ts';
import { statusCommand } from '../../../cmd/commands/status.ts';
import { run } from '../../../cmd/main.ts';
import type { AppStatusOptions, StatusOptions } from '../../../cmd/options.ts';
import { EXIT } from '../../../src/errors.ts';
import { captureIo } from './capture.ts';

async function status(commandLine: string) {
  const io = captureIo();
  let options: AppStatusOptions | StatusOptions | undefined;
  const understand = async (given: AppStatusOptions | StatusOptions) => {
    options = given;
    return EXIT.ok;
  };
  const [name = '', ...argv] = commandLine.split(' ');
  const exitCode = await run(
    {
      name,
      addCommands: (cli, session) =>
        name === 'ecs-app-status'
          ? appStatusCommand(cli, session, understand)
          : statusCommand(cli, session, { runStatus: understand }),
    },
    argv,
    io,
  );
  return { options, exitCode, err: io.err };
}

test('ecs-app-status takes the flags of the tool that it replaces', async () => {
  const { options } = await status('ecs-app-status -config c.json -app hello');

  expect(options).toStrictEqual({ app: 'hello', config: 'c.json', output: 'text' });
});

test('ecs-app-status asks for an app', async () => {
  const { options, exitCode, err } = await status('ecs-app-status -config c.json');

  expect({ options, exitCode }).toStrictEqual({ options: undefined, exitCode: 2 });
  expect(err).toContain('Missing: -app');
});

test.each([
  ['', {}],
  ['-app hello -output json', { app: 'hello', output: 'json' }],
  ['-env prod -config c.json', { env: 'prod', config: 'c.json' }],
  ['--watch', { watchMs: 5_000 }],
  ['-watch -interval 1m', { watchMs: 60_000 }],
])('status %s looks at what is asked for', async (flags, expected) => {
  const { options } = await status(`ecs-deploy status ${flags}`.trim());

  expect(options).toStrictEqual({ output: 'text', ...expected });
});

test.each([
  ['-interval 5s', '--watch is missing'],
  ['-watch -interval 5', 'expected a duration'],
  ['-watch -interval 200ms', 'has to be 1s at least'],
])('status %s is refused', async (flags, message) => {
  const { options, exitCode, err } = await status(`ecs-deploy status ${flags}`);

  expect({ options, exitCode }).toStrictEqual({ options: undefined, exitCode: 2 });
  expect(err).toContain(message);
});
