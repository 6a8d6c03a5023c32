import yargs, { type Argv } from 'yargs';
import { suggest } from '../src/config/suggest.ts';
import { printable } from '../src/report/printable.ts';
import { DeployError, EXIT, UsageError, type ExitCode } from '../src/errors.ts';
import { readGoFlags } from './go-flags.ts';
import { masked } from './masked.ts';
import type { CommandIo, Session } from './options.ts';
import { reportBug } from './report-bug.ts';
import { version } from './version.ts';

// Before any client exists: the SDK would print a warning about Node 20 into every deploy's output.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';

/** The same everywhere: the help is built in, see cmd/at-once.ts. */
const HELP_COLUMNS = 80;

/** One executable. */
export interface Program {
  readonly name: string;
  addCommands(cli: Argv, session: Session): unknown;
  /** Rewrites arguments that only this program takes, before anything else reads them. */
  readonly readArguments?: (argv: readonly string[]) => readonly string[];
  /** Given when one of them is the default: only then must a mistyped word be looked for here. */
  readonly commandNames?: readonly string[];
}

/** What yargs has beyond its published types. */
type WithInternals = Argv & {
  getInternalMethods(): { getUsageInstance(): { cacheHelpMessage(): void } };
};

/** Runs a program as this process: reads its arguments, sets its exit code, never rejects. */
export async function main(program: Program): Promise<void> {
  surviveClosedOutput();
  const io = masked({
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    cwd: process.cwd(),
  });
  const argv = process.argv.slice(2);
  const endAsBug = (error: unknown) => {
    process.exit(reportBug(error, program.name, argv, io));
  };
  process.on('uncaughtException', endAsBug);
  process.on('unhandledRejection', endAsBug);
  process.exitCode = await run(program, argv, io);
  await Promise.all([process.stdout, process.stderr].map(flushed));
  // A request that nobody waits for any more would keep the process alive until it times out.
  process.exit();
}

/** Resolves when everything written so far has left this process, or can't. */
function flushed(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    stream.write('', () => resolve());
  });
}

/** Runs a program once and says what it ends with. Every error ends here, told to the user. */
export async function run(
  program: Program,
  argv: readonly string[],
  io: CommandIo,
): Promise<ExitCode> {
  const session: Session = { name: program.name, io, work: async () => EXIT.ok };
  try {
    await parse(program, program.readArguments?.(argv) ?? argv, session);
    return await session.work();
  } catch (error) {
    if (!(error instanceof DeployError)) return reportBug(error, program.name, argv, io);
    io.stderr.write(describeError(error, program.name));
    return error.exitCode;
  }
}

async function parse(program: Program, argv: readonly string[], session: Session): Promise<void> {
  const { io } = session;
  const cli = yargs([], io.cwd)
    .scriptName(program.name)
    .detectLocale(false)
    .version(version)
    .alias('help', 'h')
    .option('verbose', {
      type: 'boolean',
      global: true,
      describe: 'Show where an unexpected error came from',
    })
    .exitProcess(false)
    .showHelpOnFail(false)
    .strict()
    .recommendCommands()
    .wrap(HELP_COLUMNS)
    .epilogue('Flags may have one dash or two. Exit codes: docs/exit-codes.md.')
    .fail((message, error) => {
      throw error ?? usageError(message);
    });
  // After each command that is not the default one yargs writes the whole help, only to keep it.
  (cli as Argv as WithInternals).getInternalMethods().getUsageInstance().cacheHelpMessage =
    () => {};
  readGoFlags(cli, argv);
  cli.middleware((args) => refuseUnknownCommand(args._[0], program), true);
  program.addCommands(cli, session);
  await cli.parseAsync([...argv], {}, (_error, _args, output) => {
    if (output) io.stdout.write(`${output}\n`);
  });
}

/**
 * Left to yargs, a mistyped command would count as an argument of the default one, and the complaint
 * would be about the flags which that one needs.
 */
function refuseUnknownCommand(word: string | number | undefined, program: Program): void {
  const names = program.commandNames;
  if (names === undefined || word === undefined || names.includes(String(word))) return;
  const meant = suggest(String(word), names);
  const hint = meant === undefined ? '' : `Did you mean ${program.name} ${meant}?`;
  throw new UsageError(`Unknown command: ${word}`, { hint });
}

/** Says what yargs has to complain about in our own words. */
function usageError(complaint: string): UsageError {
  const message = complaint.trim();
  if (message.startsWith('Did you mean'))
    return new UsageError('Unknown command', { hint: message });
  const missing = /^Missing required arguments?: (.*)$/.exec(message)?.[1];
  if (missing === undefined) return new UsageError(message, { hint: '' });
  const flags = missing.split(', ').map((name) => `-${name}`);
  return new UsageError(`Missing: ${flags.join(', ')}`, { hint: '' });
}

function describeError(error: DeployError, name: string): string {
  const help = error instanceof UsageError ? `See ${name} --help.` : '';
  const hint = [error.hint, help].filter((text) => text !== '').join(' ');
  // Messages quote what others wrote: artifacts, the lock's item, AWS.
  return printable(`${name}: ${error.message}\n${hint === '' ? '' : `${hint}\n`}`);
}

/**
 * A reader that goes away (`| head`, a closed terminal) must not end a deploy half-way. Any other
 * failure to write must not look like success.
 */
function surviveClosedOutput(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE' && error.code !== 'EIO') process.exitCode = EXIT.bug;
    });
  }
}
