import type { Argv } from 'yargs';
import type { ArtifactDb } from '../../src/artifactdb/artifact-db.ts';
import type { Artifact } from '../../src/artifactdb/artifact.ts';
import { EXIT } from '../../src/errors.ts';
import type { Program } from '../main.ts';
import type { CommandIo, OutputFormat, Session } from '../options.ts';
import type { ArtifactAccess } from './artifact-access.ts';
import { parseTags, positiveInteger, refOf } from './artifact-arguments.ts';
import { toGoJson, toJsonLine, toListLine } from './artifact-output.ts';
import { expandShorthands } from './artifact-shorthands.ts';

const TEXT: OutputFormat = 'text';
const OUTPUTS: readonly OutputFormat[] = [TEXT, 'json'];

/** One value, the last one given. As text: a SHA such as `0012` or `1e5` is no number. */
const text = { type: 'string', requiresArg: true, coerce: lastOf } as const;
const needed = { ...text, demandOption: true } as const;

const project = { ...needed, alias: 'p', describe: 'Project in ArtifactDB' } as const;
const build = { ...needed, alias: 'b', describe: 'Build number' } as const;
const tags = { ...text, alias: 't', describe: 'JSON object of tags and their values' } as const;
const json = {
  type: 'boolean',
  alias: 'j',
  describe: 'Print everything about the artifact and what it contains',
} as const;
const key = { ...needed, alias: 'k', describe: "The tag's name" } as const;

const OLD_NAME = 'artifact-db';
const OLD_REGION = 'us-east-1';

/** The executable that replaces the old tool of the same name. */
export const artifactDbProgram: Program = {
  name: OLD_NAME,
  addCommands: artifactCommands,
  readArguments: expandShorthands,
};

/**
 * The commands of `artifact-db`, which `ecs-deploy artifact` has as well. Names, flags and output
 * are those of the tool that it replaces; what that one panicked about, these explain.
 */
export function artifactCommands(cli: Argv, session: Session): Argv {
  const located = cli.options({
    region: { ...text, ...defaultRegion(session), describe: 'Region of the table' },
    table: { ...text, default: 'ArtifactDB', describe: 'DynamoDB table' },
    output: { choices: OUTPUTS, default: TEXT, describe: 'For people and scripts, or a JSON line' },
  });
  const adders = [addCreate, addGet, addLatest, addTag, addList, addHistory];
  for (const add of adders) add(located, session);
  return located.demandCommand(1, 'Which command?');
}

/** Scripts written for the old tool count on its default, whatever AWS_REGION says. */
function defaultRegion({ name, io }: Session): { default: string; defaultDescription?: string } {
  if (name === OLD_NAME) return { default: OLD_REGION };
  return {
    default: io.env['AWS_REGION'] || OLD_REGION,
    defaultDescription: `AWS_REGION, or ${OLD_REGION}`,
  };
}

type Located = Argv<{ region: string; table: string; output: OutputFormat }>;

function addCreate(cli: Located, session: Session): void {
  cli.command(
    'create',
    "Register a build under the project's next build number",
    (command) =>
      withRepeatedFlags(command)
        .options({
          project,
          value: { ...needed, alias: 'v', describe: 'What the build made, e.g. an image' },
          tags,
          'contained-artifact': {
            type: 'string',
            array: true,
            requiresArg: true,
            alias: 'c',
            describe: 'A build inside this one, as project:build; may be repeated',
          },
          build: { ...text, alias: 'b', describe: 'Ignored, as ever' },
        })
        .example(`$0 create -p hello -v hello:1a2b3c4d -t '{"SHA":"1a2b3c4d"}'`, ''),
    (args) =>
      start(session, args, async ({ db }) => {
        const artifact = await db.create(args.project, {
          value: args.value,
          tags: parseTags(args.tags),
          contains: args.containedArtifact ?? [],
        });
        printChanged(session.io, artifact, args);
      }),
  );
}

function addGet(cli: Located, session: Session): void {
  cli.command(
    'get',
    'Print one artifact',
    (command) => command.options({ project, build, json }).example('$0 get -p hello -b 12 -j', ''),
    (args) =>
      start(session, args, async ({ db }) =>
        printArtifact(session.io, db, await db.get(refOf(args)), args),
      ),
  );
}

function addLatest(cli: Located, session: Session): void {
  cli.command(
    'latest',
    'Print the newest artifact that has all these tags, or nothing',
    (command) =>
      command
        .options({ project, tags, json })
        .example(`$0 latest -p hello -t '{"SHA":"1a2b3c4d"}'`, ''),
    (args) =>
      start(session, args, async ({ db }) => {
        const artifact = await db.latest(args.project, parseTags(args.tags) ?? {});
        await printArtifact(session.io, db, artifact, args);
      }),
  );
}

function addTag(cli: Located, session: Session): void {
  cli.command('tag', 'Set or remove one tag of an artifact', (command) =>
    command
      .options({ project, build })
      .command(
        'set',
        'Set a tag',
        (set) =>
          set
            .options({ key, value: { ...needed, alias: 'v', describe: 'Its value' } })
            .example('$0 tag -p hello -b 12 set -k ForAutomatedDeploy -v true', ''),
        (args) =>
          start(session, args, async ({ db }) => {
            printChanged(session.io, await db.setTag(refOf(args), args.key, args.value), args);
          }),
      )
      .command(
        'rm',
        'Remove a tag, if it is there',
        (rm) => rm.options({ key }).example('$0 tag -p hello -b 12 rm -k ForAutomatedDeploy', ''),
        (args) =>
          start(session, args, async ({ db }) => {
            printChanged(session.io, await db.removeTag(refOf(args), args.key), args);
          }),
      )
      .demandCommand(1, 'Which one, set or rm?'),
  );
}

function addList(cli: Located, session: Session): void {
  cli.command(
    'list',
    'Print the newest artifacts of a project: build number, value and tags',
    (command) =>
      command
        .options({
          project,
          limit: { ...text, default: '10', describe: 'How many at most' },
        })
        .example('$0 list -p hello --limit 3', ''),
    (args) =>
      start(session, args, async ({ db }) => {
        const artifacts = await db.list(args.project, positiveInteger('--limit', args.limit));
        if (args.output === 'json') print(session.io, toJsonLine({ artifacts }));
        else for (const artifact of artifacts) print(session.io, toListLine(artifact));
      }),
  );
}

function addHistory(cli: Located, session: Session): void {
  cli.command(
    'history',
    'Print who changed the tags of an artifact, when and from where, newest first',
    (command) =>
      command
        .options({
          project,
          build,
          limit: { ...text, default: '100', describe: 'How many changes at most' },
        })
        .example('$0 history -p hello -b 12', ''),
    (args) =>
      start(session, args, async (access) => {
        const { printHistory } = await import('./artifact-history.ts');
        const limit = positiveInteger('--limit', args.limit);
        await printHistory(session, access, { ref: refOf(args), limit, output: args.output });
      }),
  );
}

/** What a command does, once the command line has been read. Loads the SDK then. */
function start(
  session: Session,
  place: { readonly region: string; readonly table: string },
  run: (access: ArtifactAccess) => Promise<void>,
): void {
  session.work = async () => {
    const { withArtifactDb } = await import('./artifact-access.ts');
    await withArtifactDb(place, session, run);
    return EXIT.ok;
  };
}

/** Prints the form that was asked for. No artifact is no line, or `null` in JSON. */
async function printArtifact(
  io: CommandIo,
  db: ArtifactDb,
  artifact: Artifact | undefined,
  args: { readonly output: OutputFormat; readonly json: boolean | undefined },
): Promise<void> {
  if (args.json) {
    if (artifact) print(io, toGoJson(await db.withContents(artifact)));
  } else if (args.output === 'json') print(io, toJsonLine({ artifact: artifact ?? null }));
  else if (artifact) print(io, artifact.value);
}

/** Changes print nothing, as scripts expect, unless JSON was asked for. */
function printChanged(
  io: CommandIo,
  artifact: Artifact,
  args: { readonly output: OutputFormat },
): void {
  if (args.output === 'json') print(io, toJsonLine({ artifact }));
}

function print(io: CommandIo, line: string): void {
  io.stdout.write(`${line}\n`);
}

/**
 * Lets a list's flag be repeated. The Go-style flags of the whole command line keep only the last
 * of several, and yargs has no such setting for one flag: `text` keeps the last of the others.
 */
function withRepeatedFlags<Options>(command: Argv<Options>): Argv<Options> {
  return command.parserConfiguration({
    'short-option-groups': false,
    'duplicate-arguments-array': true,
    'greedy-arrays': false,
    'boolean-negation': false,
    'dot-notation': false,
    'parse-positional-numbers': false,
  });
}

function lastOf(given: string | readonly string[]): string;
function lastOf(given: string | readonly string[] | undefined): string | undefined {
  return typeof given === 'string' ? given : given?.at(-1);
}
