import type { Clock } from '../clock.ts';
import type { DeployEvent, Reporter } from './events.ts';
import type { ReportStream } from './live-line.ts';
import {
  commandLine,
  deployFailed,
  deployFinished,
  deployStarted,
  duration,
  type Ending,
  type EventOf,
  type LineTable,
  linesFor,
  waitProgress,
} from './wording.ts';

/** A wait that shows nothing for long looks hung; one that shows every poll buries the rest. */
const REPEAT_INTERVAL_MS = 10_000;

/**
 * For a log that is read later, or followed from afar: plain lines, nothing redrawn, no escapes.
 * Expects events that were cleaned.
 */
export class CiReporter implements Reporter {
  readonly #stream: ReportStream;
  readonly #clock: Clock;
  #step = '';
  #lastWait: { readonly waitingFor: string; readonly atMs: number } | undefined;

  constructor(options: { stream: ReportStream; clock: Clock }) {
    this.#stream = options.stream;
    this.#clock = options.clock;
  }

  event(event: DeployEvent): void {
    if (event.type === 'wait.progressed' && !this.#isNews(event)) return;
    if (event.type === 'step.started') {
      this.#step = `[${event.number}] `;
      this.#lastWait = undefined;
    }
    const step = event.type === 'wait.progressed' ? this.#step : '';
    for (const line of linesFor(LINES, event)) this.#stream.write(`${step}${line}\n`);
  }

  close(): void {
    this.#lastWait = undefined;
  }

  #isNews(event: EventOf<'wait.progressed'>): boolean {
    const waitingFor = withoutTimes(event.waitingFor);
    const atMs = this.#clock.monotonicMs();
    const last = this.#lastWait;
    if (last?.waitingFor === waitingFor && atMs - last.atMs < REPEAT_INTERVAL_MS) return false;
    this.#lastWait = { waitingFor, atMs };
    return true;
  }
}

const LINES: LineTable = {
  'deploy.started': (event) => [deployStarted(event)],
  'step.started': ({ number, title }) => [`[${number}] ${title}`],
  'step.skipped': ({ number, title, why }) => [`[${number}] ${title}: skipped: ${why}`],
  'step.finished': ({ number, durationMs, detail }) => [
    `[${number}] Done in ${duration(durationMs)}${detail === undefined ? '' : `: ${detail}`}`,
  ],
  'step.failed': ({ number, title, durationMs }) => [
    `[${number}] FAILED after ${duration(durationMs)}: ${title}`,
  ],
  'step.interrupted': ({ number, title, durationMs }) => [
    `[${number}] Interrupted after ${duration(durationMs)}: ${title}`,
  ],
  'wait.progressed': ({ waitingFor, elapsedMs, remainingMs }) => [
    `Waiting: ${waitProgress(waitingFor, elapsedMs, remainingMs)}`,
  ],
  'command.started': (event) => [`$ ${commandLine(event.program, event.arguments)}`],
  // Behind the prefix a line can't be one of the commands that CI systems read from a log.
  'command.output': ({ program, line }) => [`[${program}] ${line}`],
  'command.finished': ({ program, durationMs }) => [
    `${program} finished in ${duration(durationMs)}`,
  ],
  note: ({ message }) => indented('Note: ', message),
  warning: ({ message }) => indented('Warning: ', message),
  'deploy.finished': (event) => ending(deployFinished(event)),
  'deploy.failed': (event) => ending(deployFailed(event)),
};

/** Times in a reason count down by themselves: that is no news. */
function withoutTimes(waitingFor: string): string {
  return waitingFor.replace(/\d+(?:\.\d+)? ?(?:ms|s|sec|seconds?|min|minutes?|h|hours?)\b/g, '');
}

function indented(label: string, text: string): string[] {
  return text.split('\n').map((line, index) => (index === 0 ? label + line : `  ${line}`));
}

function ending({ headline, details, serving, next }: Ending): string[] {
  return [
    headline,
    ...details.map((line) => `  ${line}`),
    ...(serving === '' ? [] : [serving]),
    ...(next === '' ? [] : indented('Next: ', next)),
  ];
}
