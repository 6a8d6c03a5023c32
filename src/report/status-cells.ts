import { styleText } from 'node:util';
import { printableLine } from './printable.ts';
import { displayWidth, truncate } from './width.ts';

/** What a piece of text means to its reader; a terminal shows it as a colour. */
type Tone = 'bad' | 'good' | 'plain' | 'quiet' | 'strong' | 'warn';

/** A piece of a line, safe to show on a terminal. */
export interface Cell {
  readonly text: string;
  readonly tone: Tone;
}

export type Line = readonly Cell[];

const STYLES = { bad: 'red', good: 'green', quiet: 'dim', strong: 'bold', warn: 'yellow' } as const;

/** Text from anywhere, made safe. */
export function cell(text: string, tone: Tone = 'plain'): Cell {
  return { text: printableLine(text), tone };
}

/** A mark or a word of ours, and a sentence about it. */
export function labelled(label: string, sentence: string, tone: Tone = 'plain'): Line {
  const isMark = label.trim().length === 1;
  return [{ text: `${label} `, tone: isMark ? tone : 'quiet' }, cell(sentence, tone)];
}

/**
 * Sets rows below each other, two spaces between their columns.
 * @param indent How many spaces stand before the first one.
 */
export function aligned(rows: readonly Line[], indent = 0): Line[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [at, { text }] of row.entries()) {
      widths[at] = Math.max(widths[at] ?? 0, displayWidth(text));
    }
  }
  return rows.map((row) => {
    const last = row.findLastIndex(({ text }) => text !== '');
    const cells = row.slice(0, last + 1).map(({ text, tone }, at) => {
      const missing = at === last ? 0 : (widths[at] ?? 0) + 2 - displayWidth(text);
      return { text: text + ' '.repeat(missing), tone };
    });
    return [{ text: ' '.repeat(indent), tone: 'plain' }, ...cells];
  });
}

/**
 * A line as it is printed.
 * @param options.columns Cuts it there; left out: as long as it is.
 */
export function lineText(
  line: Line,
  { columns = Infinity, useColor }: { readonly useColor: boolean; readonly columns?: number },
): string {
  let left = columns;
  const pieces = line.map(({ text, tone }) => {
    const kept = left === Infinity ? text : truncate(text, left);
    left -= displayWidth(kept);
    return useColor && tone !== 'plain' && kept.trim() !== ''
      ? styleText(STYLES[tone], kept, { validateStream: false })
      : kept;
  });
  return useColor ? pieces.join('') : pieces.join('').trimEnd();
}
