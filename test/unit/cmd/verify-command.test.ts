import { expect, test } from '@jest/globals';
import { verifyCommand } from '../../../cmd/commands/verify.ts';
import { run } from '../../../cmd/main.ts';
import type { VerifyOptions } from '../../../cmd/options.ts';
import { EXIT } from '../../../src/errors.ts';
import { captureIo } from './capture.ts';

async function verify(commandLine: string) {
  const io = captureIo();
  let options: VerifyOptions | undefined;
  const runVerify = async (given: VerifyOptions) => {
    options = given;
    return EXIT.ok;
  };
  const program = {
    name: 'prog',
    addCommands: (cli: never, session: never) => verifyCommand(cli, session, { runVerify }),
  };
  const exitCode = await run(program, commandLine.split(' '), io);
  return { options, exitCode, err: io.err };
}

test('it needs an app and an environment, and nothing else', async () => {
  const { options } = await verify('verify -app web -env dev');

  expect(options).toStrictEqual({ app: 'web', env: 'dev', isStrict: false, output: 'text' });
});

test('every flag arrives', async () => {
  const flags = '-config c.json -config-sha x -sha 1a2b3c4d -strict -output json';
  const { options } = await verify(`verify -app web -env dev ${flags}`);

  expect(options).toStrictEqual({
    app: 'web',
    env: 'dev',
    sha: '1a2b3c4d',
    config: 'c.json',
    configSha: 'x',
    isStrict: true,
    output: 'json',
  });
});

test('without an environment it says what is missing', async () => {
  const { options, exitCode, err } = await verify('verify -app web');

  expect({ options, exitCode }).toStrictEqual({ options: undefined, exitCode: 2 });
  expect(err).toContain('Missing: -env');
});
