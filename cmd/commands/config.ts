import type { Argv } from 'yargs';
import { type ExitCode, UsageError } from '../../src/errors.ts';
import type { CommandIo, ConfigOptions, OutputFormat, Session, ShownArtifact } from '../options.ts';

const TEXT: OutputFormat = 'text';
const OUTPUTS: readonly OutputFormat[] = [TEXT, 'json'];

type RunConfig = (options: ConfigOptions, io: CommandIo) => Promise<ExitCode>;

/** Loads what it takes when it is wanted. */
const loadAndRun: RunConfig = async (options, io) => {
  const { runConfig } = await import('../config-app.ts');
  return runConfig(options, io);
};

/** `ecs-deploy config validate|show|identity`: what a config says, without deploying it. */
export function configCommand(cli: Argv, session: Session, runConfig = loadAndRun): Argv {
  return cli.command(
    'config',
    'Check a config, print what it renders to, or name its version',
    (command) => {
      const located = command.options({
        config: {
          type: 'string',
          describe: 'Config file, in JSON or YAML',
          defaultDescription: 'deploy-config.json here or in a folder above',
        },
        output: { choices: OUTPUTS, default: TEXT, describe: 'For people, or one line of JSON' },
      });
      const start = (action: ConfigOptions['action'], args: Arguments) => {
        const { config, output } = args;
        const options = { output, action, ...(config === undefined ? {} : { config }) };
        session.work = () => runConfig(options, session.io);
      };
      addActions(located, start, `${session.name} config`);
      return located.demandCommand(1, 'Which one, validate, show or identity?');
    },
  );
}

interface Arguments {
  readonly config: string | undefined;
  readonly output: OutputFormat;
}

const TARGET = {
  app: { type: 'string', demandOption: true, describe: 'App in the config' },
  env: { type: 'string', describe: 'Environment of the app', defaultDescription: 'all of them' },
} as const;

function addActions(
  located: Argv<Arguments>,
  start: (action: ConfigOptions['action'], args: Arguments) => void,
  name: string,
): void {
  located.command(
    'validate',
    'List every error at once, in every template too; asks AWS nothing',
    (validate) => validate.example(`${name} validate -config deploy-config.yaml`, ''),
    (args) => start({ kind: 'validate' }, args),
  );
  located.command(
    'show',
    'Print what it renders to: containers, commands, environment; secrets masked',
    (show) =>
      show
        .options({
          ...TARGET,
          sha: { type: 'string', describe: 'With the artifact tagged SHA=<sha>, from ArtifactDB' },
          artifact: {
            type: 'string',
            describe: 'With an artifact of this value; none is looked up',
          },
        })
        .example(`${name} show -app web -env dev`, 'With placeholders for the artifact')
        .example(`${name} show -app web -env dev -sha 1a2b3c4d`, 'As that build would be deployed'),
    (args) => start({ kind: 'show', ...targetOf(args), artifact: artifactOf(args) }, args),
  );
  located.command(
    'identity',
    'Print the names under which gates and records know this version of the config',
    (identity) =>
      identity
        .options({
          ...TARGET,
          'config-sha': {
            type: 'string',
            describe: "In place of git's commit",
            defaultDescription: 'from git',
          },
        })
        .example(`${name} identity -app web`, ''),
    (args) => {
      const { configSha } = args;
      const given = configSha === undefined ? {} : { configSha };
      start({ kind: 'identity', ...targetOf(args), ...given }, args);
    },
  );
}

function targetOf({ app, env }: { readonly app: string; readonly env: string | undefined }) {
  return { app, ...(env === undefined ? {} : { env }) };
}

function artifactOf({
  artifact,
  sha,
}: {
  readonly artifact: string | undefined;
  readonly sha: string | undefined;
}): ShownArtifact {
  if (sha !== undefined && artifact !== undefined) {
    throw new UsageError('-sha and -artifact exclude each other', {
      hint: 'Look one up with -sha, or make one up with -artifact.',
    });
  }
  if (sha !== undefined) return { kind: 'by-sha', sha };
  return artifact === undefined ? { kind: 'placeholder' } : { kind: 'by-value', value: artifact };
}
