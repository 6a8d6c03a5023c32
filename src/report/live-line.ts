import { truncate } from './width.ts';

/** The part of `process.stdout` that reporters use. */
export interface ReportStream {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

const ERASE_LINE = '\r\u001B[K';
/** A terminal that wrapped the line could not erase it: its idea of a width may differ from ours. */
const NO_WRAP = '\u001B[?7l';
const WRAP = '\u001B[?7h';
const DEFAULT_COLUMNS = 80;

/** The bottom line of a terminal, drawn over again and again, with ordinary lines above it. */
export class LiveLine {
  readonly #stream: ReportStream;
  #text = '';

  constructor(stream: ReportStream) {
    this.#stream = stream;
  }

  /** Shows plain text (no escapes) as the live line; too long a text is cut. */
  show(text: string): void {
    if (text === this.#text) return;
    this.#text = text;
    this.#stream.write(ERASE_LINE + this.#drawn());
  }

  /** Writes lines that stay, above the live line. They may be coloured. */
  print(lines: readonly string[]): void {
    const kept = lines.map((line) => `${line}\n`).join('');
    this.#stream.write(this.#text === '' ? kept : ERASE_LINE + kept + this.#drawn());
  }

  /** Takes the live line away. */
  clear(): void {
    if (this.#text !== '') this.#stream.write(ERASE_LINE);
    this.#text = '';
  }

  #drawn(): string {
    // One column stays free: a cursor behind the last one makes some terminals go to the next line.
    const columns = (this.#stream.columns || DEFAULT_COLUMNS) - 1;
    return NO_WRAP + truncate(this.#text, columns) + WRAP;
  }
}
