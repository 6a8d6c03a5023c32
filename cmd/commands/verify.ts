import type { Argv } from 'yargs';
import type { ExitCode } from '../../src/errors.ts';
import type { CommandIo, OutputFormat, Session, VerifyOptions } from '../options.ts';

const TEXT: OutputFormat = 'text';
const OUTPUTS: readonly OutputFormat[] = [TEXT, 'json'];

type RunVerify = (options: VerifyOptions, io: CommandIo) => Promise<ExitCode>;

/** Loads the SDK when it is wanted. */
const loadAndRun: RunVerify = async (options, io) => {
  const { runVerify } = await import('../verify-app.ts');
  return runVerify(options, io);
};

/** `ecs-deploy verify`: what would keep a deploy from working. */
export function verifyCommand(
  cli: Argv,
  session: Session,
  { runVerify = loadAndRun }: { runVerify?: RunVerify } = {},
): Argv {
  const example = `${session.name} verify -app web -env dev`;
  return cli.command(
    'verify',
    'Look in AWS for everything that would make a deploy fail; changes nothing',
    (command) =>
      command
        .options({
          app: { type: 'string', demandOption: true, describe: 'App to look at' },
          env: { type: 'string', demandOption: true, describe: 'Environment to look at' },
          sha: {
            type: 'string',
            describe: 'Judge by the artifact tagged SHA=<sha>',
            defaultDescription: 'the newest one for automated deploys',
          },
          config: {
            type: 'string',
            describe: 'Config file',
            defaultDescription: 'deploy-config.json here or in a folder above',
          },
          'config-sha': {
            type: 'string',
            describe: 'Name of the version of the config, for the gate',
            defaultDescription: "git's commit",
          },
          strict: {
            type: 'boolean',
            default: false,
            describe: 'Exit 4 also when something could not be looked at',
          },
          output: { choices: OUTPUTS, default: TEXT, describe: 'For people, or one line of JSON' },
        })
        .example(example, 'Every problem at once')
        .example(`${example} -sha 1a2b3c4d --strict`, 'In CI, before a deploy of this build'),
    ({ app, env, sha, config, configSha, strict, output }) => {
      const options = {
        app,
        env,
        isStrict: strict,
        output,
        ...(sha === undefined ? {} : { sha }),
        ...(config === undefined ? {} : { config }),
        ...(configSha === undefined ? {} : { configSha }),
      };
      session.work = () => runVerify(options, session.io);
    },
  );
}
