import { DeployError, EXIT } from '../errors.ts';
import type { Attempt } from './attempt.ts';
import type { Check } from './model.ts';

type Name = Check['name'];

function ok(name: Name, message: string): Check {
  return { name, verdict: 'ok', message };
}

/** What an attempt came to, as a check. */
export function checkOf<T>(name: Name, attempted: Attempt<T>, whenOk: (value: T) => string): Check {
  if ('value' in attempted) return ok(name, whenOk(attempted.value));
  const { error, trouble } = attempted;
  const hint = trouble.hint === '' ? {} : { hint: trouble.hint };
  if (!(error instanceof DeployError)) {
    return { name, verdict: 'unknown', message: trouble.message, ...hint };
  }
  return {
    name,
    verdict: 'refused',
    message: trouble.message,
    ...hint,
    exitCode: error.exitCode,
  };
}

/** A mistake in the command line, the config or a template: then there is nothing to look ahead to. */
export function isMistake(attempted: Attempt<unknown>): boolean {
  return (
    'error' in attempted &&
    attempted.error instanceof DeployError &&
    attempted.error.exitCode === EXIT.usage
  );
}
