import { expect, test } from '@jest/globals';
import { historyCommand } from '../../../cmd/commands/history.ts';
import { run } from '../../../cmd/main.ts';
import type { HistoryOptions } from '../../../cmd/options.ts';
import { EXIT } from '../../../src/errors.ts';
import { captureIo } from './capture.ts';

async function history(commandLine: string) {
  const io = captureIo();
  let options: HistoryOptions | undefined;
  const runHistory = async (given: HistoryOptions) => {
    options = given;
    return EXIT.ok;
  };
  const program = {
    name: 'prog',
    addCommands: (cli: never, session: never) => historyCommand(cli, session, { runHistory }),
  };
  const exitCode = await run(program, commandLine.split(' '), io);
  return { options, exitCode, err: io.err };
}

test('it needs an app, and shows 20 deploys', async () => {
  const { options } = await history('history -app web');

  expect(options).toStrictEqual({ app: 'web', limit: 20, output: 'text' });
});

test('every flag arrives', async () => {
  const flags = '-env prod -config c.json -limit 3 -output json';
  const { options } = await history(`history -app web ${flags}`);

  expect(options).toStrictEqual({
    app: 'web',
    env: 'prod',
    config: 'c.json',
    limit: 3,
    output: 'json',
  });
});

test.each([
  ['history', 'Missing: -app'],
  ['history -app web -limit 0', '--limit is a whole number from 1 on'],
])('%s is refused before anything is loaded', async (commandLine, message) => {
  const { options, exitCode, err } = await history(commandLine);

  expect({ options, exitCode }).toStrictEqual({ options: undefined, exitCode: EXIT.usage });
  expect(err).toContain(message);
});
