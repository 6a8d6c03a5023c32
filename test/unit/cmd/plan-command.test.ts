import { expect, test } from '@jest/globals';
import { planCommand } from '../../../cmd/commands/plan.ts';
import { run } from '../../../cmd/main.ts';
import type { PlanOptions } from '../../../cmd/options.ts';
import { EXIT } from '../../../src/errors.ts';
import { captureIo } from './capture.ts';

async function plan(commandLine: string) {
  const io = captureIo();
  let options: PlanOptions | undefined;
  const runPlan = async (given: PlanOptions) => {
    options = given;
    return EXIT.changes;
  };
  const program = {
    name: 'prog',
    addCommands: (cli: never, session: never) => planCommand(cli, session, { runPlan }),
  };
  const exitCode = await run(program, commandLine.split(' '), io);
  return { options, exitCode, err: io.err };
}

test('it takes the flags of the deploy that it looks ahead to', async () => {
  const flags = '-config c.json -config-sha x -skip-pre-post -override-gate urgent -output json';
  const { options, exitCode } = await plan(`plan -app web -env dev -sha 1a2b3c4d ${flags}`);

  expect(exitCode).toBe(EXIT.changes);
  expect(options).toStrictEqual({
    app: 'web',
    env: 'dev',
    sha: '1a2b3c4d',
    config: 'c.json',
    configSha: 'x',
    resume: false,
    startOver: false,
    skipPrePost: true,
    overrideGate: 'urgent',
    output: 'json',
  });
});

test('a resume needs no SHA', async () => {
  const { options } = await plan('plan -app web -env dev -resume -rerun-commands');

  expect(options).toStrictEqual({
    app: 'web',
    env: 'dev',
    resume: true,
    startOver: false,
    skipPrePost: false,
    rerunCommands: true,
    output: 'text',
  });
});

test.each([
  ['plan -app web -env dev', '-sha is missing'],
  [
    'plan -app web -env dev -sha x -resume -start-over',
    '-resume and -start-over exclude each other',
  ],
  ['plan -app web -sha x', 'Missing: -env'],
  ['plan -app web -env dev -sha x -lock-wait 5m', 'Unknown flag: -lock-wait'],
])('%s: exit code 2 and why', async (commandLine, why) => {
  const { options, exitCode, err } = await plan(commandLine);

  expect({ options, exitCode }).toStrictEqual({ options: undefined, exitCode: EXIT.usage });
  expect(err).toContain(why);
});
