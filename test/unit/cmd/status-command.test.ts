import { expect, test } from '@jest/globals';
import { statusCommand } from '../../../cmd/commands/status.ts';
import { run } from '../../../cmd/main.ts';
import type { StatusOptions } from '../../../cmd/options.ts';
import { EXIT } from '../../../src/errors.ts';
import { captureIo } from './capture.ts';

async function status(commandLine: string, isDefault: boolean) {
  const io = captureIo();
  let options: StatusOptions | undefined;
  const runStatus = async (given: StatusOptions) => {
    options = given;
    return EXIT.ok;
  };
  const exitCode = await run(
    {
      name: 'prog',
      addCommands: (cli, session) => statusCommand(cli, session, { isDefault, runStatus }),
    },
    commandLine.split(' '),
    io,
  );
  return { options, exitCode, err: io.err };
}

test('as the default command it takes the flags of the tool that it replaces', async () => {
  const { options } = await status('-config c.json -app hello', true);

  expect(options).toStrictEqual({ app: 'hello', config: 'c.json', output: 'text' });
});

test('as a command of ecs-deploy it is typed out', async () => {
  const { options } = await status('status -app hello -output json', false);

  expect(options).toStrictEqual({ app: 'hello', output: 'json' });
});

test('without an app it asks for one', async () => {
  const { options, exitCode, err } = await status('-config c.json', true);

  expect({ options, exitCode }).toStrictEqual({ options: undefined, exitCode: 2 });
  expect(err).toContain('Missing: -app');
});
