/** Goal: what a message tells people to type is understood when they type it. */
import { expect, test } from '@jest/globals';
import { deployCommand } from '../../../cmd/commands/deploy.ts';
import { lockCommand } from '../../../cmd/commands/lock.ts';
import { run } from '../../../cmd/main.ts';
import { lockCommandLine, nextCommands, withSha } from '../../../src/deploy/next-commands.ts';
import { EXIT } from '../../../src/errors.ts';
import { captureIo } from './capture.ts';

const TARGET = {
  app: { name: 'hello' },
  environment: { name: 'dev' },
  flags: ['-config', 'c.json', '-config-sha', 'cfg1'],
};

/** What the command line is read as. */
async function read(line: string): Promise<unknown> {
  const io = captureIo();
  let options: unknown;
  const note = async (given: unknown) => {
    options = given;
    return EXIT.ok;
  };
  const [, ...words] = line.replace('<sha>', 'abcd').split(' ');
  const exitCode = await run(
    {
      name: 'ecs-deploy',
      addCommands: (cli, session) => lockCommand(deployCommand(cli, session, note), session, note),
      commandNames: ['deploy', 'lock'],
    },
    words,
    io,
  );
  expect([line, exitCode, io.err]).toEqual([line, EXIT.ok, '']);
  return options;
}

test.each([
  ['with a SHA', { ...TARGET, sha: 'abcd' }, 'abcd'],
  [
    'after a resume that was told none',
    withSha(TARGET, { artifact: artifact({ SHA: 'ef01' }) }),
    'ef01',
  ],
  ['when nobody knows the SHA', withSha(TARGET, { artifact: artifact(null) }), 'abcd'],
])('both ways to go on, %s', async (_, named, sha) => {
  const [resume = '', startOver = ''] = nextCommands(named)
    .split('\n')
    .map((line) => line.replace(/^.*?: /, ''));

  expect(await read(resume)).toMatchObject({ app: 'hello', env: 'dev', resume: true });
  expect(await read(startOver)).toMatchObject({ startOver: true, sha, configSha: 'cfg1' });
});

test.each(['show', 'release', 'break'] as const)('lock %s', async (command) => {
  const line = lockCommandLine(TARGET, command);

  expect(await read(line)).toMatchObject({ action: { kind: command }, config: 'c.json' });
});

function artifact(tags: Record<string, string> | null) {
  return { buildNumber: 1, value: 'hello:v1', tags };
}
