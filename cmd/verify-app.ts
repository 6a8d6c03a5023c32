import { readConfigFile } from '../src/config/find.ts';
import { parseConfigFile } from '../src/config/parse.ts';
import { selectEnvironment } from '../src/config/select.ts';
import { DeployError, EXIT, type ExitCode } from '../src/errors.ts';
import { canColor } from '../src/report/choose.ts';
import { lineText } from '../src/report/status-cells.ts';
import { verificationLines } from '../src/report/verify-text.ts';
import { troubleOf } from '../src/status/trouble.ts';
import { type Verification, verify } from '../src/verify/verify.ts';
import { clientOptionsBy } from './client-options.ts';
import { redactorFor } from './masked.ts';
import type { CommandIo, VerifyOptions } from './options.ts';
import { verifyPorts } from './verify-aws.ts';

/** AWS could not be asked at all. Nothing was written. */
class VerifyFailedError extends DeployError {
  readonly code = 'verify';
  readonly exitCode = EXIT.failedBeforeSwap;
}

/** Counts up when a reader of the JSON would have to change. */
const JSON_VERSION = 1;

/** `ecs-deploy verify`: looks, prints, changes nothing. */
export async function runVerify(options: VerifyOptions, io: CommandIo): Promise<ExitCode> {
  const file = await readConfigFile({ given: options.config, folder: io.cwd });
  const { config, warnings } = await parseConfigFile(file);
  const { app, environment } = selectEnvironment(config, options.app, options.env);
  const { redactor = redactorFor(io.env) } = io;
  const note = (message: string) => io.stderr.write(`${message}\n`);
  for (const warning of warnings) note(`Warning: ${warning}`);
  const ports = verifyPorts(
    { config, configPath: file.path, app, environment, configSha: options.configSha },
    { env: io.env, clientOptions: clientOptionsBy(config, { env: io.env, redactor, note }) },
  );
  const named = { flags: flagsOf(options), ...(options.sha && { sha: options.sha }) };
  const request = { config, app, environment, ...named };
  const found = await verify(request, ports).catch(asEnding);
  io.stdout.write(redactor.redact(textOf(found, options, io)));
  return exitCodeOf(found, options);
}

function textOf(
  found: Verification,
  { output }: VerifyOptions,
  { stdout, env }: CommandIo,
): string {
  if (output === 'json') return `${JSON.stringify({ schemaVersion: JSON_VERSION, ...found })}\n`;
  const useColor = canColor(stdout, env);
  return verificationLines(found)
    .map((line) => `${lineText(line, { useColor })}\n`)
    .join('');
}

/**
 * What is unknown may be fine: only who says `--strict` takes it for a refusal. But where AWS did not
 * answer, the next look may tell something else.
 */
function exitCodeOf({ checks, counts }: Verification, { isStrict }: VerifyOptions): ExitCode {
  const findings = checks.flatMap((check) => check.findings);
  const unanswered = findings.filter((finding) => finding.isTransient === true).length;
  const isRefused = counts.problem > 0 || (isStrict && counts.unknown > unanswered);
  if (isRefused) return EXIT.refused;
  return unanswered > 0 ? EXIT.failedBeforeSwap : EXIT.ok;
}

/** What a deploy would be told as well, as far as it names this environment. */
function flagsOf({ config, configSha }: VerifyOptions): string[] {
  return [
    ...(config === undefined ? [] : ['-config', config]),
    ...(configSha === undefined ? [] : ['-config-sha', configSha]),
  ];
}

/** Of what `verify` throws, all but a bug means that there are no credentials. */
function asEnding(error: unknown): never {
  const trouble = troubleOf(error);
  if (!trouble) throw error;
  throw new VerifyFailedError(trouble.message, { hint: trouble.hint, cause: error });
}
