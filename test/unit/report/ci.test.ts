import { expect, test } from '@jest/globals';
import { CiReporter } from '../../../src/report/ci.ts';
import { FAILURE, fakeStream, type Happening, play, ROLLOUT, SUCCESS, wait } from './scenes.ts';

function show(scene: readonly Happening[]): string {
  const stream = fakeStream();
  play(scene, (clock) => new CiReporter({ stream, clock })).reporter.close();
  return stream.text;
}

test('a deploy that goes well', () => {
  expect(show(SUCCESS)).toMatchInlineSnapshot(`
"Deploying hello:abcd1234 (build 7, config 1a2b3c4d): hello in dev
[2] Run the pre-deploy commands
$ queue -env dev 'stop all'
[queue] stopping
queue finished in 1.2 s
[2] Done in 1.3 s
[4] Remove stale task sets: skipped: there are none
[7] Wait for the rollout
[7] Waiting: 0 of 2 tasks running (0 s, 5 min 0 s left)
[7] Waiting: 1 of 2 tasks running (2 s, 4 min 58 s left)
Warning: A task was slow.
  It is running now.
[7] Done in 1 min 4 s: 2 tasks running, 2 targets healthy
Note: The old task set stays for a rollback.
Done in 1 min 15 s
Serving now: green, hello:abcd1234 (config 1a2b3c4d, task definition hello-dev:17, task set ecs-svc/0017, 2 tasks running)
"
`);
});

test('a deploy that fails', () => {
  expect(show(FAILURE)).toMatchInlineSnapshot(`
"Resuming the deploy of hello:abcd1234 (build 7, config 1a2b3c4d): hello in dev
[7] Wait for the rollout
[7] Waiting: 0 of 2 tasks running (0 s, 5 min 0 s left)
[7] FAILED after 2.0 s: Wait for the rollout
Failed before any traffic moved, after 3.0 s
  Tasks stop as soon as they start.
  Essential container exited: exit code 1.
Serving now: blue, hello:00001111 (config 0f0f0f0f, task definition hello-dev:16, task set ecs-svc/0016, 1 task running)
Next: Fix it, then run:
  ecs-deploy -app hello -env dev -start-over -sha <sha>
"
`);
});

test('what users get is not claimed to be known when it is not', () => {
  const failed = show([
    {
      type: 'deploy.failed',
      message: 'AWS does not answer.',
      hint: 'Try again.',
      exitCode: 7,
      durationMs: 10,
    },
  ]);

  expect(failed).toMatchInlineSnapshot(`
"Failed and needs a person to decide, after 0.0 s
  AWS does not answer.
Next: Try again.
"
`);
});

test('nothing that could move a cursor is written', () => {
  expect(show([...SUCCESS, ...FAILURE])).toMatch(/^[\P{Cc}\n]*$/u);
});

test('a wait without news is repeated every ten seconds, no matter how often it is reported', () => {
  const everySecond = Array.from({ length: 25 }, (_, second): Happening[] => [
    wait('0 of 2 tasks running', second * 1000),
    { passMs: 1000 },
  ]);

  const text = show([{ type: 'step.started', ...ROLLOUT }, ...everySecond.flat()]);

  expect(text.split('\n').filter((line) => line.includes('Waiting'))).toStrictEqual([
    '[7] Waiting: 0 of 2 tasks running (0 s, 5 min 0 s left)',
    '[7] Waiting: 0 of 2 tasks running (10 s, 4 min 50 s left)',
    '[7] Waiting: 0 of 2 tasks running (20 s, 4 min 40 s left)',
  ]);
});

test('news are shown at once; a time that counts down is none', () => {
  const text = show([
    { type: 'step.started', ...ROLLOUT },
    wait('0 of 2 tasks running, next look in 9 s', 0),
    wait('0 of 2 tasks running, next look in 8 s', 1000),
    wait('1 of 2 tasks running, next look in 7 s', 2000),
  ]);

  expect(text).toMatch(/^.*\n.*0 of 2 .* 9 s .*\n.*1 of 2 .* 7 s .*\n$/);
});

test('the first progress of a new step is shown even if it reads like the last one', () => {
  const text = show([
    { type: 'step.started', ...ROLLOUT },
    wait('no answer', 0),
    { type: 'step.started', ...ROLLOUT, number: 8 },
    wait('no answer', 0),
  ]);

  expect(text).toMatch(/\[7\] Waiting: no answer .*\n.*\n\[8\] Waiting: no answer/);
});
