import type { EnvironmentStatus } from '../status/environment-status.ts';
import type { Overview } from '../status/overview.ts';
import type { ReportStream } from './live-line.ts';
import { cell, type Line, lineText } from './status-cells.ts';
import { shortLine } from './status-table.ts';
import { statusLines, summaryLine } from './status-text.ts';
import type { Wording } from './status-detail.ts';

/** Where a watched status is shown. */
export interface StatusView {
  show(overview: Overview, wording: Wording): void;
}

/** The part of `process.stdout` that is drawn on. */
export interface Screen extends ReportStream {
  readonly rows?: number | undefined;
}

const CLEAR = '\u001B[2J';
const HOME = '\u001B[H';
const ERASE_TO_END_OF_LINE = '\u001B[K';
const ERASE_BELOW = '\u001B[J';
const DEFAULT_COLUMNS = 80;
const DEFAULT_ROWS = 24;
/** The time, the summary and the empty line below them. */
const HEAD_ROWS = 3;

/** Draws over what it drew before, so that the terminal always shows how it is now. */
export class RedrawnStatus implements StatusView {
  readonly #screen: Screen;
  readonly #options: { readonly useColor: boolean; readonly every: string };
  #isClear = false;

  /** @param options.every How often it is drawn, e.g. `5 s`. */
  constructor(screen: Screen, options: { readonly useColor: boolean; readonly every: string }) {
    this.#screen = screen;
    this.#options = options;
  }

  show(overview: Overview, wording: Wording): void {
    const { every, useColor } = this.#options;
    const rows = (this.#screen.rows || DEFAULT_ROWS) - 1; // The cursor's own.
    // A cursor behind the last column makes some terminals go to the next line.
    const columns = (this.#screen.columns || DEFAULT_COLUMNS) - 1;
    const head = [
      [cell(`${isoSeconds(wording.nowMs)}, every ${every}. Ctrl-C ends.`, 'quiet')],
      summaryLine(overview),
      [],
    ];
    const lines = [...head, ...fitted(overview, wording, rows - HEAD_ROWS)].map(
      (line) => lineText(line, { useColor, columns }) + ERASE_TO_END_OF_LINE,
    );
    const start = this.#isClear ? HOME : CLEAR + HOME;
    this.#isClear = true;
    this.#screen.write(`${start}${lines.join('\n')}\n${ERASE_BELOW}`);
  }
}

/** Those that are healthy give way to the others; what does not fit even so is counted. */
function fitted(overview: Overview, wording: Wording, rows: number): Line[] {
  const whole = body(overview, wording);
  if (whole.length <= rows) return whole;
  const apps = overview.apps
    .map((app) => ({
      ...app,
      environments: app.environments.filter(({ health }) => health !== 'healthy'),
    }))
    .filter(({ environments }) => environments.length > 0);
  const sick = apps.length === 0 ? whole : body({ ...overview, apps }, wording);
  if (sick.length <= rows) return sick;
  const hidden = sick.length - rows + 1;
  return [...sick.slice(0, rows - 1), [cell(`… ${hidden} more lines`, 'quiet')]];
}

/** Without the summary, which stands above. */
function body(overview: Overview, wording: Wording): Line[] {
  return statusLines(overview, wording).slice(0, -2);
}

/** Everything once, then whatever changes, below it: for logs. */
export class AppendedStatus implements StatusView {
  readonly #stream: Pick<ReportStream, 'write'>;
  readonly #known = new Map<string, string>();

  constructor(stream: Pick<ReportStream, 'write'>) {
    this.#stream = stream;
  }

  show(overview: Overview, wording: Wording): void {
    const isFirst = this.#known.size === 0;
    const changed = overview.apps.flatMap(({ app, environments }) =>
      environments.filter((status) => this.#isNew(app, status)).map((status) => ({ app, status })),
    );
    const lines = isFirst
      ? statusLines(overview, wording)
      : changed.flatMap(({ app, status }) => changeLines(app, status, wording.nowMs));
    const text = lines.map((line) => `${lineText(line, { useColor: false })}\n`).join('');
    if (text !== '') this.#stream.write(text);
  }

  #isNew(app: string, status: EnvironmentStatus): boolean {
    const key = `${app}\n${status.environment}`;
    // Told without ages, which change all the time.
    const now = JSON.stringify(changeLines(app, status, 0));
    const isNew = this.#known.get(key) !== now;
    this.#known.set(key, now);
    return isNew;
  }
}

function changeLines(app: string, status: EnvironmentStatus, nowMs: number): Line[] {
  const { errors, problems } = status;
  return [
    [cell(isoSeconds(nowMs), 'quiet'), { text: '  ', tone: 'plain' }, ...shortLine(app, status)],
    ...[...problems, ...errors].map(({ message }): Line => [
      { text: '  ! ', tone: 'plain' },
      cell(message),
    ]),
  ];
}

function isoSeconds(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
