import { describe, expect, test } from '@jest/globals';
import {
  commandLine,
  deployFailed,
  duration,
  servingNow,
  wholeSeconds,
} from '../../../src/report/wording.ts';
import { displayWidth, truncate } from '../../../src/report/width.ts';
import { EXIT } from '../../../src/errors.ts';
import { OLD } from './scenes.ts';

test.each([
  [-5, '0.0 s'],
  [49, '0.0 s'],
  [9_949, '9.9 s'],
  [9_950, '10 s'],
  [59_499, '59 s'],
  [59_500, '1 min 0 s'],
  [3_599_499, '59 min 59 s'],
  [3_600_000, '1 h 0 min'],
  [93_780_000, '26 h 3 min'],
])('%i ms read as %s', (ms, text) => {
  expect(duration(ms)).toBe(text);
});

test('a live line shows whole seconds', () => {
  expect(wholeSeconds(1_499)).toBe('1 s');
});

test('a command can be typed as it is shown', () => {
  expect(commandLine('./run', ['-a=b', 'two words', "it's", '', '$HOME'])).toBe(
    `./run -a=b 'two words' 'it'\\''s' '' '$HOME'`,
  );
});

test('one task is not two', () => {
  expect(servingNow(OLD)).toContain('1 task running');
  expect(servingNow({ ...OLD, runningCount: 0 })).toContain('0 tasks running');
});

test('an artifact that is not known is not made up', () => {
  const { artifact: _, configSha: __, ...unknown } = OLD;

  expect(servingNow(unknown)).toBe(
    'Serving now: blue, an unknown artifact (task definition hello-dev:16, ' +
      'task set ecs-svc/0016, 1 task running)',
  );
});

test('every way to fail says what state it left', () => {
  const headlines = Object.values(EXIT)
    // No deploy ends with what only a plan comes to.
    .filter((exitCode) => exitCode !== EXIT.ok && exitCode !== EXIT.changes)
    .map((exitCode) => {
      const failed = { type: 'deploy.failed', message: '', hint: '', durationMs: 1000 } as const;
      return `${exitCode} ${deployFailed({ ...failed, exitCode }).headline}`;
    });

  expect(headlines).toMatchInlineSnapshot(`
[
  "1 Failed before any traffic moved, after 1.0 s",
  "2 Refused, nothing was changed, after 1.0 s",
  "3 Locked, nothing was changed, after 1.0 s",
  "4 Refused, nothing was changed, after 1.0 s",
  "5 Failed after traffic had moved to the new version, after 1.0 s",
  "6 Failed and rolled back to the old version after 1.0 s",
  "7 Failed and needs a person to decide, after 1.0 s",
  "70 Failed by a bug of ecs-deploy after 1.0 s",
  "130 Interrupted after 1.0 s",
  "143 Terminated after 1.0 s",
]
`);
});

test('a refusal leaves what serves as it was, which need not be looked up', () => {
  const refused = { type: 'deploy.failed', message: '', hint: '', durationMs: 0 } as const;

  expect(deployFailed({ ...refused, exitCode: EXIT.refused }).serving).toBe(
    'Serving now: the same as before',
  );
  expect(deployFailed({ ...refused, exitCode: EXIT.needsHuman }).serving).toBe('');
});

describe('width', () => {
  test.each([
    ['abc', 3],
    ['日本', 4],
    ['é', 1],
    ['e\u0301', 1],
    ['👍🏽', 2],
    ['👩‍👩‍👧', 2],
    ['✓', 1],
    ['\u200B', 0],
    ['ｱ', 1],
    ['Ａ', 2],
  ])('%s takes %i columns', (text, columns) => {
    expect(displayWidth(text)).toBe(columns);
  });

  test.each([
    ['abc', 3, 'abc'],
    ['abcd', 3, 'ab…'],
    ['日本語', 5, '日本…'],
    ['日本語', 4, '日…'],
    ['e\u0301e\u0301e\u0301', 2, 'e\u0301…'],
    ['abc', 1, '…'],
    ['abc', 0, ''],
  ])('%s in %i columns is %s', (text, columns, expected) => {
    expect(truncate(text, columns)).toBe(expected);
    expect(displayWidth(expected)).toBeLessThanOrEqual(columns);
  });
});
