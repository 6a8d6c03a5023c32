import { appendFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { EXIT, type ExitCode } from '../src/errors.ts';
import type { CommandIo } from './options.ts';

/**
 * Tells of an error that the program does not understand: in one line, with the stack in the
 * `-log-file` or, under `-verbose` or ECS_DEPLOY_DEBUG, on stderr.
 * @returns the exit code of a bug.
 */
export function reportBug(
  error: unknown,
  name: string,
  argv: readonly string[],
  io: CommandIo,
): ExitCode {
  const summary = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const stack = stackOf(error);
  const logFile = valueOf('log-file', argv);
  const isLogged = logFile !== undefined && appended(resolve(io.cwd, logFile), summary, stack);
  const isShown = isVerbose(argv) || (io.env['ECS_DEPLOY_DEBUG'] ?? '') !== '';

  io.stderr.write(`${name}: this is a bug: ${summary}\n`);
  if (isShown) io.stderr.write(`${stack}\n`);
  else if (isLogged) io.stderr.write(`Please report it with the end of ${logFile}.\n`);
  else io.stderr.write('Please report it. ECS_DEPLOY_DEBUG=1 shows where it came from.\n');
  return EXIT.bug;
}

/** With the causes, which `stack` leaves out. */
function stackOf(error: unknown): string {
  const stacks: string[] = [];
  for (let one = error; one instanceof Error && stacks.length < 5; one = one.cause)
    stacks.push(one.stack ?? String(one));
  return stacks.length === 0 ? String(error) : stacks.join('\nCaused by: ');
}

/** In the form of the post-mortem log's own lines, without loading it: it may be what broke. */
function appended(path: string, message: string, stack: string): boolean {
  try {
    const line = JSON.stringify({ level: 60, time: new Date().toISOString(), msg: message, stack });
    appendFileSync(path, `${line}\n`, { mode: 0o600 });
    return true;
  } catch {
    return false;
  }
}

/** Reads one flag without the parser, which may not have come so far. */
function valueOf(flag: string, argv: readonly string[]): string | undefined {
  for (const [index, token] of argv.entries()) {
    const name = token.replace(/^--?/, '');
    if (name === token) continue;
    if (name === flag) return argv[index + 1];
    if (name.startsWith(`${flag}=`)) return name.slice(flag.length + 1);
  }
  return undefined;
}

function isVerbose(argv: readonly string[]): boolean {
  return argv.some((token) => /^--?verbose(=true)?$/.test(token));
}
