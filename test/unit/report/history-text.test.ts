import { expect, test } from '@jest/globals';
import type { DeployRecord } from '../../../src/deploy/history/deploy-record.ts';
import { historyLines } from '../../../src/report/history-text.ts';
import { lineText } from '../../../src/report/status-cells.ts';

const RECORD: DeployRecord = {
  app: 'hello',
  environment: 'prod',
  deployId: 'd1',
  mode: 'deploy',
  artifact: { projectName: 'hello', buildNumber: 2, value: 'hello:v2' },
  configSha: 'cfg00001',
  contentIdentity: 'content.0',
  startedAt: '2026-01-01T00:00:00.000Z',
  endedAt: '2026-01-01T00:03:05.250Z',
  durationMs: 185_250,
  outcome: 'success',
  exitCode: 0,
  step: 13,
  by: { user: 'ann', host: 'runner-7' },
};

function textOf(...records: DeployRecord[]): string[] {
  return historyLines(records).map((line) => lineText(line, { useColor: false }));
}

test('a deploy is a line, and columns are below each other', () => {
  const dev = { ...RECORD, environment: 'dev', outcome: 'failed-before-swap', exitCode: 1 };

  expect(textOf(RECORD, dev)).toEqual([
    '2026-01-01T00:03:05Z  prod  success             hello:v2  config cfg00001  3 min 5 s  ann@runner-7',
    '2026-01-01T00:03:05Z  dev   failed-before-swap  hello:v2  config cfg00001  3 min 5 s  ann@runner-7',
  ]);
});

test('what is special stands below it', () => {
  const [, ...remarks] = textOf({
    ...RECORD,
    mode: 'resume',
    begunAt: '2026-01-01T00:00:00.000Z',
    replaced: 'd0',
    previous: { artifact: 'hello:v1', configSha: 'cfg00000' },
    gateOverride: 'outage',
    message: 'ecs:CreateTaskSet: no\u001B[31m\n(AccessDenied)',
    step: 6,
    by: { user: 'ann', host: 'runner-7', job: 'https://ci.example/7' },
  });

  expect(remarks).toEqual([
    '    resumed; begun 2026-01-01T00:00:00.000Z',
    '    started over in place of deploy d0',
    '    before it: hello:v1',
    '    gate overridden: outage',
    '    at step 6: ecs:CreateTaskSet: no (AccessDenied)',
    '    https://ci.example/7',
  ]);
});

test.each([
  ['success', 0, 'good'],
  ['interrupted', 130, 'warn'],
  ['failed-after-swap', 5, 'bad'],
  ['rolled-back', 6, 'bad'],
])('%s is shown as %s', (outcome, exitCode, tone) => {
  const [line] = historyLines([{ ...RECORD, outcome, exitCode }]);

  expect(line?.find(({ text }) => text.trim() === outcome)).toMatchObject({ tone });
});
