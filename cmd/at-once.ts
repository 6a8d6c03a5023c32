import { version } from './version.ts';

/** JSON: the help by program. */
declare const ECS_DEPLOY_HELP: string;

/**
 * Answers `--help` and `--version` when nothing else is asked, without loading the parser: that alone
 * takes half as long as Node takes to start. The help is the parser's own, taken when the program
 * was built (scripts/build.mjs); without a build nothing is answered here.
 * @returns whether it was answered.
 */
export function answerAtOnce(program: string, argv: readonly string[]): boolean {
  const answer = argv.length === 1 ? answerTo(argv[0], program) : undefined;
  if (answer === undefined) return false;
  process.stdout.on('error', () => {}); // Whoever asked may have seen enough: `--help | head -3`.
  process.stdout.write(`${answer}\n`);
  return true;
}

function answerTo(question: string | undefined, program: string): string | undefined {
  if (/^--?version$/.test(question ?? '')) return version;
  if (!/^--?(?:help|h)$/.test(question ?? '') || typeof ECS_DEPLOY_HELP === 'undefined')
    return undefined;
  return (JSON.parse(ECS_DEPLOY_HELP) as Readonly<Record<string, string>>)[program];
}
