/**
 * - `ok`: looked at, and as it has to be.
 * - `warning`: a deploy would work, but somebody should know.
 * - `problem`: a deploy would be refused, or fail.
 * - `unknown`: could not be looked at. Never taken for `ok`.
 */
export type Verdict = 'ok' | 'problem' | 'unknown' | 'warning';

/** One thing that was looked at. */
export interface Finding {
  readonly verdict: Verdict;
  /** What was looked at, e.g. `log group /ecs/hello`. */
  readonly subject: string;
  /** What was found, to be read after the subject. */
  readonly message: string;
  /** What to do about it, or what else is to be said: a sentence or two. */
  readonly hint?: string;
  /** The IAM action without which it is unknown. */
  readonly permission?: string;
  /** It is unknown because AWS did not answer, and may be known the next time. */
  readonly isTransient?: true;
}

type Options = Pick<Finding, 'hint'>;

export function ok(subject: string, message: string, options: Options = {}): Finding {
  return { verdict: 'ok', subject, message, ...options };
}

export function warning(subject: string, message: string, options: Options = {}): Finding {
  return { verdict: 'warning', subject, message, ...options };
}

export function problem(subject: string, message: string, options: Options = {}): Finding {
  return { verdict: 'problem', subject, message, ...options };
}

export function unknown(
  subject: string,
  message: string,
  options: Pick<Finding, 'hint' | 'isTransient' | 'permission'> = {},
): Finding {
  return { verdict: 'unknown', subject, message, ...options };
}
