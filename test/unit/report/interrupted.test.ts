import { expect, test } from '@jest/globals';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { CiReporter } from '../../../src/report/ci.ts';
import { TtyReporter } from '../../../src/report/tty.ts';
import { fakeStream } from './scenes.ts';

const INTERRUPTED = {
  type: 'step.interrupted',
  number: 7,
  name: 'await-rollout',
  title: 'Wait for the rollout',
  durationMs: 3_400,
} as const;

test('a step that was interrupted is not called failed', () => {
  const ci = fakeStream();
  const tty = fakeStream({ isTTY: true, columns: 80 });
  const clock = new VirtualClock();
  const reporters = [
    new CiReporter({ stream: ci, clock }),
    new TtyReporter({ stream: tty, clock, useColor: false }),
  ];

  for (const reporter of reporters) {
    reporter.event(INTERRUPTED);
    reporter.close();
  }

  expect(ci.text).toBe('[7] Interrupted after 3.4 s: Wait for the rollout\n');
  expect(tty.text).toContain('■  7 Wait for the rollout  interrupted after 3.4 s');
});
