import type { Clock } from '../clock.ts';
import type { DeployEvent, Reporter } from './events.ts';
import type { ReportStream } from './live-line.ts';

/** Grows when an event loses something or changes its meaning; additions leave it as it is. */
const EVENT_SCHEMA_VERSION = 1;

/**
 * For programs: one JSON object a line, as `DeployEvent` with `schemaVersion` and `time` (ISO 8601,
 * UTC) in front. Expects events that were cleaned.
 */
export class JsonReporter implements Reporter {
  readonly #stream: ReportStream;
  readonly #clock: Clock;

  constructor(options: { stream: ReportStream; clock: Clock }) {
    this.#stream = options.stream;
    this.#clock = options.clock;
  }

  event(event: DeployEvent): void {
    const time = new Date(this.#clock.wallMs()).toISOString();
    const line = JSON.stringify({ schemaVersion: EVENT_SCHEMA_VERSION, time, ...event });
    this.#stream.write(`${line}\n`);
  }

  /** Nothing to tidy: each line is complete. */
  close(): void {}
}
