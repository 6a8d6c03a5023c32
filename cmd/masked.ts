import { createRedactor, type Redactor } from '../src/report/redactor.ts';
import type { CommandIo } from './options.ts';

const SECRET_VARIABLES = ['AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'CLOUDTAMER_PASSWORD'];

/** Masks the secrets in the environment, whoever prints them; more may become known to it. */
export function redactorFor(env: CommandIo['env']): Redactor {
  return createRedactor(...SECRET_VARIABLES.flatMap((name) => env[name] ?? []));
}

/**
 * The same with one redactor for the whole run, through which all goes that is written to stderr:
 * errors come from everywhere, and AWS's may repeat what a request was signed with.
 */
export function masked(io: CommandIo): CommandIo {
  const { stderr } = io;
  const redactor = redactorFor(io.env);
  return {
    ...io,
    redactor,
    stderr: {
      write: (text) => stderr.write(redactor.redact(text)),
      get isTTY() {
        return stderr.isTTY;
      },
      get columns() {
        return stderr.columns;
      },
    },
  };
}
