import type { Finding, Verdict } from '../verify/finding.ts';
import type { CheckResult, Verification } from '../verify/verify.ts';
import { type Cell, cell, type Line } from './status-cells.ts';
import { counted } from './status-words.ts';

/** How each verdict looks. */
const LOOKS = {
  ok: { mark: '✓', tone: 'good' },
  warning: { mark: '!', tone: 'warn' },
  problem: { mark: '✗', tone: 'bad' },
  unknown: { mark: '?', tone: 'warn' },
} as const satisfies Readonly<Record<Verdict, { mark: string; tone: Cell['tone'] }>>;

/** A verification for people: what was found, check by check, and what it comes to. */
export function verificationLines(verification: Verification): Line[] {
  return [
    ...verification.checks.flatMap((check) => [...checkLines(check), []]),
    ...summaryLines(verification),
  ];
}

function checkLines({ title, findings }: CheckResult): Line[] {
  return [[cell(title, 'strong')], ...findings.flatMap(findingLines)];
}

/** What is as it has to be must not draw the eye. */
function findingLines({ verdict, subject, message, hint }: Finding): Line[] {
  const { mark, tone } = LOOKS[verdict];
  const what = cell(`${subject}: ${message}`, verdict === 'ok' ? 'plain' : tone);
  return [
    [space(2), cell(mark, tone), space(1), what],
    ...(hint?.split('\n') ?? []).map((line) => [space(4), cell(line, 'quiet')]),
  ];
}

function isTransient(finding: Finding): boolean {
  return finding.isTransient === true;
}

function space(width: number): Cell {
  return { text: ' '.repeat(width), tone: 'plain' };
}

const CONCLUSIONS: Readonly<Record<Verdict, string>> = {
  ok: 'Nothing stands in the way of a deploy.',
  warning: 'Nothing stands in the way of a deploy.',
  problem: 'A deploy would be refused, or fail.',
  unknown: 'No problem was found, but not everything could be looked at.',
};

/** `✗ hello in dev: 2 problems, 1 warning, 20 ok. A deploy would be refused, or fail.` */
function summaryLines(verification: Verification): Line[] {
  const { app, checks, environment, verdict, counts, missingPermissions } = verification;
  const unanswered = checks.flatMap(({ findings }) => findings).filter(isTransient);
  const { mark, tone } = LOOKS[verdict];
  const parts = [
    ...(counts.problem > 0 ? [counted(counts.problem, 'problem')] : []),
    ...(counts.warning > 0 ? [counted(counts.warning, 'warning')] : []),
    ...(counts.unknown > 0 ? [`${counts.unknown} unknown`] : []),
    `${counts.ok} ok`,
  ];
  return [
    [
      cell(mark, tone),
      space(1),
      cell(`${app} in ${environment}: ${parts.join(', ')}.`, 'strong'),
      space(1),
      cell(CONCLUSIONS[verdict]),
    ],
    ...(unanswered.length === 0
      ? []
      : [
          [
            space(2),
            cell(`AWS did not answer ${unanswered.length} of the questions: try again in a while.`),
          ],
        ]),
    ...(missingPermissions.length === 0
      ? []
      : [[space(2), cell(`To look at the rest, allow ${missingPermissions.join(', ')}.`)]]),
  ];
}
