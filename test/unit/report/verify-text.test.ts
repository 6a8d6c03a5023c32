import { expect, test } from '@jest/globals';
import { lineText } from '../../../src/report/status-cells.ts';
import { verificationLines } from '../../../src/report/verify-text.ts';
import type { Verification } from '../../../src/verify/verify.ts';

const NOTHING = { ok: 0, warning: 0, unknown: 0, problem: 0 };
const VERIFICATION: Verification = {
  app: 'web',
  environment: 'dev',
  verdict: 'problem',
  counts: { ok: 1, warning: 1, unknown: 1, problem: 1 },
  missingPermissions: ['iam:GetRole'],
  checks: [
    {
      name: 'logs',
      title: 'Logs',
      findings: [
        { verdict: 'ok', subject: 'logs of web', message: 'fine' },
        { verdict: 'warning', subject: 'logs of proxy', message: 'go nowhere', hint: 'Beware.' },
      ],
    },
    {
      name: 'roles',
      title: 'Roles',
      findings: [
        { verdict: 'problem', subject: 'task role x', message: 'does not exist' },
        {
          verdict: 'unknown',
          subject: 'role y',
          message: 'not allowed',
          permission: 'iam:GetRole',
        },
      ],
    },
  ],
};

const textOf = (verification: Verification, useColor = false) =>
  verificationLines(verification)
    .map((line) => lineText(line, { useColor }))
    .join('\n');

test('what was found is told check by check, and then what it comes to', () => {
  expect(textOf(VERIFICATION)).toBe(
    [
      'Logs',
      '  ✓ logs of web: fine',
      '  ! logs of proxy: go nowhere',
      '    Beware.',
      '',
      'Roles',
      '  ✗ task role x: does not exist',
      '  ? role y: not allowed',
      '',
      '✗ web in dev: 1 problem, 1 warning, 1 unknown, 1 ok. A deploy would be refused, or fail.',
      '  To look at the rest, allow iam:GetRole.',
    ].join('\n'),
  );
});

test.each([
  ['ok', '✓ web in dev: 3 ok. Nothing stands in the way of a deploy.'],
  ['warning', '! web in dev: 3 warnings, 3 ok. Nothing stands in the way of a deploy.'],
  [
    'unknown',
    '? web in dev: 3 unknown, 3 ok. No problem was found, but not everything could be looked at.',
  ],
] as const)('the last line of one that is %s', (verdict, line) => {
  const counts = { ...NOTHING, ok: 3, [verdict]: 3 };

  const text = textOf({ ...VERIFICATION, verdict, counts, missingPermissions: [], checks: [] });

  expect(text).toBe(line);
});

test('that AWS did not answer is told once, with what to do about it', () => {
  const findings = ['a', 'b'].map((subject) => ({
    verdict: 'unknown' as const,
    subject,
    message: 'x:Y did not answer',
    isTransient: true as const,
  }));
  const counts = { ...NOTHING, unknown: 2 };
  const checks = [{ name: 'logs', title: 'Logs', findings }];

  const text = textOf({
    ...VERIFICATION,
    verdict: 'unknown',
    counts,
    missingPermissions: [],
    checks,
  });

  expect(text.split('\n').at(-1)).toBe(
    '  AWS did not answer 2 of the questions: try again in a while.',
  );
  expect(text.match(/try again/gi)).toHaveLength(1);
});

test('each line of a hint stands below what it is about', () => {
  const finding = {
    verdict: 'problem' as const,
    subject: 'lock x',
    message: 'y',
    hint: 'one\ntwo',
  };
  const checks = [{ name: 'lock', title: 'Lock', findings: [finding] }];

  expect(textOf({ ...VERIFICATION, checks })).toContain('\n    one\n    two\n');
});

test('in colour, only what is not fine draws the eye', () => {
  const [, fine, warning] = textOf(VERIFICATION, true).split('\n');

  expect(fine).toBe('  \u001B[32m✓\u001B[39m logs of web: fine');
  expect(warning).toContain('\u001B[33mlogs of proxy: go nowhere\u001B[39m');
});
