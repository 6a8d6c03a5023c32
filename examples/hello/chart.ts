import type { DeployEvent } from '../../src/report/events.ts';
import type { TrafficReport } from './traffic.ts';

const WIDTH = 50;
const MARKS = ['░', '█', '▒'];

/** One bar for each second, showing which versions answered. */
export function chartOf({ versions }: TrafficReport): string {
  const names = [...new Set(versions.flatMap((counts) => Object.keys(counts)))].sort();
  const busiest = Math.max(1, ...versions.map(sumOf));
  const bars = versions.map((counts, second) => {
    const bar = names
      .map((name, index) => {
        const share = (counts[name] ?? 0) / busiest;
        return (MARKS[index % MARKS.length] ?? '█').repeat(Math.round(share * WIDTH));
      })
      .join('');
    const numbers = names.flatMap((name) => (counts[name] ? `${name} ${counts[name]}` : []));
    return `  ${String(second).padStart(3)} s ${bar.padEnd(WIDTH + 1)} ${numbers.join(', ')}`;
  });
  const legend = names.map((name, index) => `${MARKS[index % MARKS.length]} ${name}`).join('   ');
  return [...bars, `        ${legend}`].join('\n');
}

function sumOf(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

/** The steps and their durations, from the events in a post-mortem log. */
export function tableOf(log: string): string {
  return log
    .split('\n')
    .filter((line) => line !== '')
    .flatMap((line) => (JSON.parse(line) as { event?: DeployEvent }).event ?? [])
    .flatMap((event) => {
      if (event.type === 'step.skipped') return row(event, 'skipped', event.why);
      if (event.type !== 'step.finished') return [];
      return row(event, `${(event.durationMs / 1000).toFixed(2)} s`, event.detail ?? '');
    })
    .join('\n');
}

function row(step: { number: number; title: string }, time: string, detail: string): string {
  return `  ${String(step.number).padStart(2)}  ${step.title.padEnd(42)} ${time.padStart(8)}  ${detail}`;
}
