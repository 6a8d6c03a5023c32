import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { AppendedStatus, RedrawnStatus } from '../../../src/report/status-watch.ts';
import { displayWidth } from '../../../src/report/width.ts';
import type { Overview } from '../../../src/status/overview.ts';
import { CUT_OFF, HEALTHY, NOW_MS, overviewOf, WORDING } from './status-scenes.ts';

describe('on a terminal', () => {
  function drawn(overviews: readonly Overview[], size: { columns: number; rows: number }) {
    const frames: string[] = [];
    const screen = { ...size, write: (text: string) => frames.push(text) };
    const view = new RedrawnStatus(screen, { useColor: false, every: '5 s' });
    for (const overview of overviews) view.show(overview, WORDING);
    return frames;
  }
  const linesOf = (frame = '') => stripVTControlCharacters(frame).trimEnd().split('\n');

  test('each frame is drawn over the one before, and erases what is left of it', () => {
    const [first, second] = drawn([overviewOf(HEALTHY, CUT_OFF), overviewOf(HEALTHY)], {
      columns: 200,
      rows: 50,
    });

    expect(first!.startsWith('\u001B[2J\u001B[H')).toBe(true);
    expect(
      second!.startsWith('\u001B[H2026-01-01T03:04:05Z, every 5 s. Ctrl-C ends.\u001B[K\n'),
    ).toBe(true);
    expect(second!.endsWith('\n\u001B[J')).toBe(true);
    expect(linesOf(first)).toContain(
      '2 environments: 1 healthy, 1 degraded. 4 tasks run idle: 1 vCPU, 2 GB.',
    );
  });

  test('no line is wider than the terminal, and no frame higher', () => {
    const apps = Array.from({ length: 100 }, (_, at) => ({
      app: `app${at}`,
      environments: [at % 10 === 0 ? CUT_OFF : HEALTHY],
    }));

    const [frame] = drawn([{ health: 'degraded', apps }], { columns: 40, rows: 20 });

    const lines = linesOf(frame);
    expect(lines).toHaveLength(19);
    for (const line of lines) expect(displayWidth(line)).toBeLessThan(40);
    expect(lines.at(-1)).toMatch(/^… \d+ more lines$/);
    // What is healthy gives way.
    expect(lines.filter((line) => line.includes('✗ degraded')).length).toBeGreaterThan(9);
    expect(lines.filter((line) => line.includes('✓ healthy'))).toHaveLength(0);
  });
});

describe('in a log', () => {
  test('everything is told once, then only what has changed', () => {
    let out = '';
    const view = new AppendedStatus({ write: (text: string) => (out += text) });
    view.show(overviewOf(HEALTHY, CUT_OFF), WORDING);
    const first = out;

    out = '';
    view.show(overviewOf(HEALTHY, CUT_OFF), { ...WORDING, nowMs: NOW_MS + 5_000 });
    const unchanged = out;
    view.show(overviewOf(HEALTHY, { ...HEALTHY, environment: 'prod' }), WORDING);
    view.show(overviewOf(HEALTHY, CUT_OFF), { ...WORDING, nowMs: NOW_MS + 10_000 });

    expect(first).toContain('hello prod  ✗ degraded');
    expect(unchanged).toBe('');
    expect(out).toMatchInlineSnapshot(`
"2026-01-01T03:04:05Z  hello prod  ✓ healthy  green serves  hello:v2  config cfg00001  2/2 tasks  2/2 healthy  idle hello:v1 2/2  lock free
2026-01-01T03:04:15Z  hello prod  ✗ degraded  green serves  hello:v2  config cfg00001  1/2 tasks (1 pending)  1/2 healthy  idle hello:v1 2/2  lock silent, step 9
  ! 1 of 2 targets of green, which serves, is unhealthy: Request timed out
  ! The deploy of hello:v2 was cut off at step 9.
"
`);
  });
});
