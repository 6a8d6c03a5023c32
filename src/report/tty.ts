import { styleText } from 'node:util';
import type { Clock } from '../clock.ts';
import type { DeployEvent, Reporter } from './events.ts';
import { LiveLine, type ReportStream } from './live-line.ts';
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
  wholeSeconds,
} from './wording.ts';

type StepEvent = Extract<DeployEvent, { number: number }>;
type WaitEvent = EventOf<'wait.progressed'>;

/** What the live line is about. */
interface Activity {
  readonly title: string;
  readonly sinceMs: number;
  wait?: { readonly event: WaitEvent; readonly atMs: number };
}

const REDRAW_INTERVAL_MS = 1_000;

/**
 * For a person at a terminal: one line a step, and a live line that says what is waited for.
 * Expects events that were cleaned. Only `close` makes sure that no live line stays behind.
 */
export class TtyReporter implements Reporter {
  readonly #live: LiveLine;
  readonly #clock: Clock;
  readonly #lines: LineTable;
  #activity: Activity | undefined;
  #cancelRedraw = () => {};

  constructor(options: { stream: ReportStream; clock: Clock; useColor: boolean }) {
    this.#live = new LiveLine(options.stream);
    this.#clock = options.clock;
    this.#lines = linesIn(options.useColor ? colourful : colourless);
  }

  event(event: DeployEvent): void {
    if (event.type === 'step.started') {
      this.#begin(stepLabel(event));
    } else if (event.type === 'wait.progressed') {
      this.#wait(event);
    } else {
      if (endsActivity(event)) this.#end();
      this.#live.print(linesFor(this.#lines, event));
    }
  }

  close(): void {
    this.#end();
  }

  #begin(title: string): void {
    this.#end();
    this.#activity = { title, sinceMs: this.#clock.monotonicMs() };
    this.#redraw();
  }

  #wait(event: WaitEvent): void {
    const atMs = this.#clock.monotonicMs();
    this.#activity ??= { title: 'Waiting', sinceMs: atMs };
    this.#activity.wait = { event, atMs };
    this.#redraw();
  }

  #end(): void {
    this.#cancelRedraw();
    this.#activity = undefined;
    this.#live.clear();
  }

  /** Once a second also without news: a clock that runs shows that nothing hangs. */
  #redraw(): void {
    this.#cancelRedraw();
    if (!this.#activity) return;
    this.#live.show(this.#describe(this.#activity));
    this.#cancelRedraw = this.#clock.after(REDRAW_INTERVAL_MS, () => this.#redraw());
  }

  #describe({ title, sinceMs, wait }: Activity): string {
    const nowMs = this.#clock.monotonicMs();
    if (!wait) return `… ${title}  ${wholeSeconds(nowMs - sinceMs)}`;
    const sinceNewsMs = nowMs - wait.atMs;
    const { waitingFor, elapsedMs, remainingMs } = wait.event;
    const progress = waitProgress(waitingFor, elapsedMs + sinceNewsMs, remainingMs - sinceNewsMs);
    return `… ${title}: ${progress}`;
  }
}

type Paint = (colour: 'bold' | 'dim' | 'green' | 'red' | 'yellow', text: string) => string;

const colourful: Paint = (colour, text) => styleText(colour, text, { validateStream: false });
const colourless: Paint = (_, text) => text;

function linesIn(paint: Paint): LineTable {
  const quiet = (text: string) => [paint('dim', text)];
  return {
    'deploy.started': (event) => [paint('bold', deployStarted(event)), ''],
    'step.started': () => [], // The live line shows it; what came of it is printed.
    'wait.progressed': () => [],
    'step.skipped': (event) => quiet(`– ${stepLabel(event)}  skipped: ${event.why}`),
    'step.finished': (event) => {
      const detail = event.detail === undefined ? '' : `: ${event.detail}`;
      const time = paint('dim', duration(event.durationMs));
      return [`${paint('green', '✓')} ${stepLabel(event)}${detail}  ${time}`];
    },
    'step.failed': (event) => [
      paint('red', `✗ ${stepLabel(event)}  ${duration(event.durationMs)}`),
    ],
    'step.interrupted': (event) => [
      paint('yellow', `■ ${stepLabel(event)}  interrupted after ${duration(event.durationMs)}`),
    ],
    'command.started': (event) => quiet(`  $ ${commandLine(event.program, event.arguments)}`),
    'command.output': ({ program, line }) => [`${paint('dim', `[${program}]`)} ${line}`],
    'command.finished': ({ program, durationMs }) =>
      quiet(`  ${program} finished in ${duration(durationMs)}`),
    note: ({ message }) => message.split('\n').map((line) => `  ${line}`),
    warning: ({ message }) =>
      message
        .split('\n')
        .map((line, index) => paint('yellow', `${index === 0 ? '!' : ' '} ${line}`)),
    'deploy.finished': (event) => ending(paint, paint('green', '✓'), deployFinished(event)),
    'deploy.failed': (event) => ending(paint, paint('red', '✗'), deployFailed(event)),
  };
}

function ending(
  paint: Paint,
  mark: string,
  { headline, details, serving, next }: Ending,
): string[] {
  return [
    '',
    `${mark} ${paint('bold', headline)}`,
    ...details.map((line) => `  ${line}`),
    ...(serving === '' ? [] : [paint('bold', serving)]),
    ...(next === '' ? [] : `Next: ${next}`.split('\n')),
  ];
}

function endsActivity({ type }: DeployEvent): boolean {
  return [
    'step.finished',
    'step.skipped',
    'step.failed',
    'step.interrupted',
    'deploy.finished',
    'deploy.failed',
  ].includes(type);
}

/** Numbers are right-aligned, so that titles stand below each other. */
function stepLabel(event: StepEvent): string {
  return `${String(event.number).padStart(2)} ${event.title}`;
}
