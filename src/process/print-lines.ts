import { Socket } from 'node:net';
import type { Readable } from 'node:stream';

/** Kept of a line, so that a program that never ends one can't fill the memory. */
const LINE_LENGTH_MAX = 10_000;

/** Output that is being read. */
export interface Output {
  /**
   * Resolves when all of it has been read, at the latest after so many milliseconds. Nothing is
   * printed any more then, and what still holds the output open can write on unheeded.
   */
  end(graceMs: number): Promise<void>;
}

/** Reads programs' output, and passes on each line without its end. Too long ones are cut: `…`. */
export function printLines(streams: readonly Readable[], onLine: (line: string) => void): Output {
  const readers = streams.map((stream) => new LineReader(stream, onLine));
  const ended = Promise.all(readers.map((reader) => reader.ended));
  return {
    async end(graceMs) {
      let timer: NodeJS.Timeout | undefined;
      const patience = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, graceMs);
      });
      await Promise.race([ended, patience]);
      clearTimeout(timer);
      for (const reader of readers) reader.close();
    },
  };
}

class LineReader {
  /** Resolves when the stream has ended or broken. */
  readonly ended: Promise<void>;
  readonly #stream: Readable;
  readonly #onLine: (line: string) => void;
  #line = '';
  #isCut = false;
  #isClosed = false;

  constructor(stream: Readable, onLine: (line: string) => void) {
    this.#stream = stream;
    this.#onLine = onLine;
    this.ended = new Promise((resolve) => {
      stream.once('close', resolve);
    });
    stream.setEncoding('utf8');
    stream.on('error', () => {}); // It closes after it; what has been read counts.
    stream.on('data', (text: string) => {
      if (!this.#isClosed) this.#read(text);
    });
  }

  /** Prints the last line, even if it has not ended, and goes on reading only to throw away. */
  close(): void {
    this.#isClosed = true;
    if (this.#line) this.#print();
    // Else the stream of a program in the background would keep this process alive.
    if (this.#stream instanceof Socket) this.#stream.unref();
  }

  #read(text: string): void {
    const parts = text.split('\n');
    for (const [index, part] of parts.entries()) {
      const line = this.#line + part;
      this.#line = line.slice(0, LINE_LENGTH_MAX);
      this.#isCut ||= line.length > LINE_LENGTH_MAX;
      if (index < parts.length - 1) this.#print();
    }
  }

  #print(): void {
    const line = this.#isCut ? `${this.#line}…` : this.#line.replace(/\r$/, '');
    this.#line = '';
    this.#isCut = false;
    this.#onLine(line);
  }
}
