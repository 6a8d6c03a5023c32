import type { Argv } from 'yargs';
import { type ExitCode, UsageError } from '../../src/errors.ts';
import type { CommandIo, LockOptions, OutputFormat, Session } from '../options.ts';

const TEXT: OutputFormat = 'text';
const OUTPUTS: readonly OutputFormat[] = [TEXT, 'json'];

type RunLock = (options: LockOptions, io: CommandIo) => Promise<ExitCode>;

/** Loads the SDK when it is wanted. */
const loadAndRun: RunLock = async (options, io) => {
  const { runLock } = await import('../lock-app.ts');
  return runLock(options, io);
};

/** `ecs-deploy lock show|hold|release|break`: what people do with a deploy lock by hand. */
export function lockCommand(cli: Argv, session: Session, runLock = loadAndRun): Argv {
  return cli.command(
    'lock',
    "Look at an environment's deploy lock, hold it, or free it",
    (command) => {
      const located = command.options({
        app: { type: 'string', demandOption: true, describe: 'App whose lock it is' },
        env: { type: 'string', demandOption: true, describe: 'Environment whose lock it is' },
        config: {
          type: 'string',
          describe: 'Config file',
          defaultDescription: 'deploy-config.json here or in a folder above',
        },
        output: { choices: OUTPUTS, default: TEXT, describe: 'For people, or one line of JSON' },
      });
      const start = (action: LockOptions['action'], args: Arguments) => {
        const { app, config, env, output } = args;
        const options = { app, env, output, action, ...(config === undefined ? {} : { config }) };
        session.work = () => runLock(options, session.io);
      };
      addActions(located, start, `${session.name} lock`);
      return located.demandCommand(1, 'Which one, show, hold, release or break?');
    },
  );
}

const REASON_LENGTH_MAX = 500;

interface Arguments {
  readonly app: string;
  readonly env: string;
  readonly config: string | undefined;
  readonly output: OutputFormat;
}

function addActions(
  located: Argv<Arguments>,
  start: (action: LockOptions['action'], args: Arguments) => void,
  name: string,
): void {
  located.command(
    'show',
    'Print whether it is free, and if not, who has it and whether they are alive',
    (show) => show.example(`${name} show -app web -env dev`, ''),
    (args) => start({ kind: 'show' }, args),
  );
  located.command(
    'hold',
    'Keep everybody from deploying, until it is released',
    (hold) =>
      hold
        .options({
          message: {
            type: 'string',
            alias: 'm',
            demandOption: true,
            requiresArg: true,
            describe: 'Why; shown to whoever wants to deploy',
          },
        })
        .example(`${name} hold -app web -env prod -m "Database migration until 18:00"`, ''),
    (args) => start({ kind: 'hold', reason: reasonIn(args.message) }, args),
  );
  located.command(
    'release',
    'Lift a hold',
    (release) => release.example(`${name} release -app web -env prod`, ''),
    (args) => start({ kind: 'release' }, args),
  );
  located.command(
    'break',
    'Free it whoever has it, giving up a deploy that was cut off',
    (command) =>
      command
        .options({
          'even-if-live': {
            type: 'boolean',
            default: false,
            describe: 'Also when its deploy is at work; that one notices within a second or two',
          },
        })
        .example(`${name} break -app web -env dev`, ''),
    (args) => start({ kind: 'break', evenIfLive: args.evenIfLive }, args),
  );
}

function reasonIn(message: string): string {
  const reason = message.trim().replace(/\s+/g, ' ');
  if (reason === '') {
    throw new UsageError('-m is empty', { hint: 'Say why nobody may deploy: -m "reason".' });
  }
  if (reason.length > REASON_LENGTH_MAX) {
    throw new UsageError(`-m is longer than ${REASON_LENGTH_MAX} characters`, {
      hint: 'Say it shortly: everybody who wants to deploy reads it.',
    });
  }
  return reason;
}
