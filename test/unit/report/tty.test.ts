import { describe, expect, test } from '@jest/globals';
import { TtyReporter } from '../../../src/report/tty.ts';
import {
  FAILURE,
  fakeStream,
  type Happening,
  play,
  ROLLOUT,
  screen,
  SUCCESS,
  wait,
} from './scenes.ts';

function show(scene: readonly Happening[], options: { columns?: number; useColor?: boolean } = {}) {
  const stream = fakeStream({ isTTY: true, columns: options.columns ?? 120 });
  const useColor = options.useColor ?? false;
  const played = play(scene, (clock) => new TtyReporter({ stream, clock, useColor }));
  return { ...played, stream };
}

test('a deploy that goes well', () => {
  const { stream, reporter } = show(SUCCESS);
  reporter.close();

  expect(screen(stream.text)).toMatchInlineSnapshot(`
"Deploying hello:abcd1234 (build 7, config 1a2b3c4d): hello in dev

  $ queue -env dev 'stop all'
[queue] stopping
  queue finished in 1.2 s
✓  2 Run the pre-deploy commands  1.3 s
–  4 Remove stale task sets  skipped: there are none
! A task was slow.
  It is running now.
✓  7 Wait for the rollout: 2 tasks running, 2 targets healthy  1 min 4 s
  The old task set stays for a rollback.

✓ Done in 1 min 15 s
Serving now: green, hello:abcd1234 (config 1a2b3c4d, task definition hello-dev:17, task set ecs-svc/0017, 2 tasks running)
"
`);
});

test('a deploy that fails', () => {
  const { stream, reporter } = show(FAILURE);
  reporter.close();

  expect(screen(stream.text)).toMatchInlineSnapshot(`
"Resuming the deploy of hello:abcd1234 (build 7, config 1a2b3c4d): hello in dev

✗  7 Wait for the rollout  2.0 s

✗ Failed before any traffic moved, after 3.0 s
  Tasks stop as soon as they start.
  Essential container exited: exit code 1.
Serving now: blue, hello:00001111 (config 0f0f0f0f, task definition hello-dev:16, task set ecs-svc/0016, 1 task running)
Next: Fix it, then run:
ecs-deploy -app hello -env dev -start-over -sha <sha>
"
`);
});

describe('the live line', () => {
  const waiting: readonly Happening[] = [
    { type: 'step.started', ...ROLLOUT },
    wait('0 of 2 tasks running', 4_000),
  ];

  test('shows what is waited for below what was printed', () => {
    const { stream } = show([{ type: 'note', message: 'hello' }, ...waiting]);

    expect(screen(stream.text)).toBe(
      '  hello\n…  7 Wait for the rollout: 0 of 2 tasks running (4 s, 4 min 56 s left)',
    );
  });

  test('goes on counting while there is no news', () => {
    const { stream, clock } = show(waiting);

    clock.advanceSync(3_000);

    expect(screen(stream.text)).toBe(
      '…  7 Wait for the rollout: 0 of 2 tasks running (7 s, 4 min 53 s left)',
    );
  });

  test('of a step that reports nothing shows how long it has been running', () => {
    const { stream, clock } = show([{ type: 'step.started', ...ROLLOUT }]);

    clock.advanceSync(12_000);

    expect(screen(stream.text)).toBe('…  7 Wait for the rollout  12 s');
  });

  test('stays at the bottom when a command prints', () => {
    const { stream } = show([...waiting, { type: 'command.output', program: 'p', line: 'out' }]);

    expect(screen(stream.text)).toMatch(/^\[p\] out\n… {2}7 Wait for the rollout: .*left\)$/);
  });

  test.each([20, 40, 70])('is cut to a terminal of %i columns', (columns) => {
    const { stream } = show(waiting, { columns });

    expect(screen(stream.text, columns - 1)).toMatch(/…$/);
    expect(screen(stream.text, columns - 1)).toHaveLength(columns - 1);
  });

  test('counts characters of double width twice', () => {
    const { stream } = show([{ type: 'step.started', ...ROLLOUT }, wait('日本語日本語', 0)], {
      columns: 36,
    });

    expect(screen(stream.text)).toBe('…  7 Wait for the rollout: 日本語…');
  });

  test('is gone, and its timer with it, when the reporter is closed', () => {
    const { stream, reporter, clock } = show(waiting);

    reporter.close();

    expect(clock.pending).toBe(0);
    expect(screen(stream.text)).toBe('');
  });

  test('leaves line wrapping switched on', () => {
    const { stream } = show(waiting);

    expect(stream.text.lastIndexOf('\u001B[?7h')).toBeGreaterThan(
      stream.text.lastIndexOf('\u001B[?7l'),
    );
  });
});

test('colours change nothing but the colours', () => {
  const coloured = show(SUCCESS, { useColor: true });
  const plain = show(SUCCESS);

  expect(coloured.stream.text).toContain('\u001B[32m✓\u001B[39m');
  expect(plain.stream.text).not.toContain('m✓');
  expect(screen(coloured.stream.text)).toBe(screen(plain.stream.text));
});
