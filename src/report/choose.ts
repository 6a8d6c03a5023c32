import type { Clock } from '../clock.ts';
import { CiReporter } from './ci.ts';
import { cleaned } from './cleaned.ts';
import type { Reporter } from './events.ts';
import { JsonReporter } from './json.ts';
import type { ReportStream } from './live-line.ts';
import type { Redactor } from './redactor.ts';
import { TtyReporter } from './tty.ts';

export interface ReporterOptions {
  /** `text` is for people; its form depends on `stream` and `env`. */
  readonly output: 'text' | 'json';
  readonly stream: ReportStream;
  /** Read are CI, TERM and NO_COLOR. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  readonly redactor: Redactor;
}

/** The one place that decides how a deploy is shown. Every form gets washed events only. */
export function chooseReporter(options: ReporterOptions): Reporter {
  return cleaned(reporterFor(options), options.redactor);
}

function reporterFor({ output, stream, env, clock }: ReporterOptions): Reporter {
  if (output === 'json') return new JsonReporter({ stream, clock });
  if (!canRedraw(stream, env)) return new CiReporter({ stream, clock });
  return new TtyReporter({ stream, clock, useColor: canColor(stream, env) });
}

/** An empty NO_COLOR counts as not set. @see https://no-color.org */
export function canColor(stream: ReportStream, env: ReporterOptions['env']): boolean {
  return canRedraw(stream, env) && !env['NO_COLOR'];
}

/** Some CI systems run jobs in a terminal, but their log keeps every redrawing. */
export function canRedraw(stream: ReportStream, env: ReporterOptions['env']): boolean {
  const isCi = env['CI'] !== undefined && env['CI'] !== '' && env['CI'] !== 'false';
  return stream.isTTY === true && env['TERM'] !== 'dumb' && !isCi;
}
