import type { TrafficReport } from './traffic.ts';

const MARKS = ['░', '█', '▒'];

/** Bars are never longer, and never shorter, in columns. */
const BAR = { max: 50, min: 8 };

/** What stands beside a bar: the second, and the numbers of a second in which versions change. */
const BESIDE_COLUMNS = 8 + ' v1 100, v2 100'.length;

/**
 * One bar for each second, showing which versions answered.
 * @param options.columns How wide the terminal is.
 * @param options.notes What else happened, by the second; on a line of its own.
 */
export function chartOf(
  { versions }: TrafficReport,
  options: { readonly columns: number; readonly notes: ReadonlyMap<number, string> },
): string {
  const width = Math.max(BAR.min, Math.min(BAR.max, options.columns - BESIDE_COLUMNS));
  const names = [...new Set(versions.flatMap((counts) => Object.keys(counts)))].sort();
  const busiest = Math.max(1, ...versions.map(sumOf));
  const lines = versions.flatMap((counts, second) => {
    const bar = names
      .map((name, index) => {
        const share = (counts[name] ?? 0) / busiest;
        return (MARKS[index % MARKS.length] ?? '█').repeat(Math.round(share * width));
      })
      .join('');
    const numbers = names.flatMap((name) => (counts[name] ? `${name} ${counts[name]}` : []));
    const line = `  ${String(second).padStart(3)} s ${bar.padEnd(width)} ${numbers.join(', ')}`;
    const note = options.notes.get(second);
    return note === undefined ? line : [line, `        ▲ ${note}`];
  });
  const legend = names.map((name, index) => `${MARKS[index % MARKS.length]} ${name}`).join('   ');
  return [...lines, `        ${legend}`].join('\n');
}

function sumOf(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
