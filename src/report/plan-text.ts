import type { Difference } from '../plan/diff.ts';
import type { Check, LookAhead, Outcome } from '../plan/model.ts';
import { heading, planDetails, span } from './plan-details.ts';
import { type Cell, cell, labelled, type Line } from './status-cells.ts';
import { counted } from './status-words.ts';

/** How each outcome looks. */
const LOOKS = {
  'no-change': { mark: '✓', tone: 'good' },
  changes: { mark: '→', tone: 'strong' },
  refused: { mark: '✗', tone: 'bad' },
  unknown: { mark: '?', tone: 'warn' },
} as const satisfies Readonly<Record<Outcome, { mark: string; tone: Cell['tone'] }>>;

const SPACE: Cell = { text: ' ', tone: 'plain' };

/** A look ahead for people: what it comes to, and then the details. */
export function lookAheadLines(ahead: LookAhead): Line[] {
  const blocks = [
    summaryLines(ahead),
    checkLines(ahead.checks),
    differenceLines(ahead),
    ...planDetails(ahead),
  ];
  return blocks
    .filter((block) => block.length > 0)
    .flatMap((block, at) => (at === 0 ? block : [[], ...block]));
}

function summaryLines(ahead: LookAhead): Line[] {
  const { app, environment, outcome, warnings } = ahead;
  const { mark, tone } = LOOKS[outcome];
  const facts = outcome === 'no-change' ? [] : factsOf(ahead);
  return [
    [cell(mark, tone), SPACE, cell(`${app} in ${environment}: ${headline(ahead)}`, 'strong')],
    ...(facts.length === 0 ? [] : [[SPACE, SPACE, cell(facts.join(', '))]]),
    ...warnings.map((warning) => labelled('  !', warning, 'warn')),
  ];
}

const HOW = { deploy: 'a deploy', resume: 'a resume', 'start-over': 'a start-over' } as const;

function headline({ checks, mode, outcome, serving, version }: LookAhead): string {
  const what = version ? `${version.artifact} with configuration ${version.configSha}` : '';
  switch (outcome) {
    case 'no-change':
      return `${what} serves already. A deploy would only replace its tasks by equal ones.`;
    case 'refused': {
      const refused = checks.filter(({ verdict }) => verdict === 'refused');
      const what = version ? ` of ${version.artifact}` : '';
      return `${HOW[mode]}${what} would be refused (${refused.map(({ name }) => name).join(', ')}).`;
    }
    case 'unknown':
      return `it is not known what ${version ? `a deploy of ${what}` : 'a deploy'} would change.`;
    case 'changes': {
      const verb = mode === 'resume' ? 'finish the deploy of' : 'bring';
      return `${HOW[mode]} would ${verb} ${what}${insteadOf(serving, version)}.`;
    }
  }
  return outcome;
}

function insteadOf(serving: LookAhead['serving'], version: LookAhead['version']): string {
  if (!serving) return '; nothing serves now';
  const { artifact, buildNumber, configSha } = serving;
  const known = artifact ?? (buildNumber === undefined ? undefined : `build ${buildNumber}`);
  if (known === undefined) return ` in place of ${serving.taskDefinition}, an unknown version`;
  const isSame = artifact === version?.artifact && configSha === version?.configSha;
  if (isSame) return ', which serves already';
  return ` in place of ${known}${configSha === undefined ? '' : ` with ${configSha}`}`;
}

/** `3 differences, 1 task set removed, traffic from blue to green, takes about 20 s to 3 min` */
function factsOf({ differences, duration, removed, swap }: LookAhead): string[] {
  return [
    ...(differences ? [countOf(differences)] : []),
    ...(removed.length > 0 ? [`${counted(removed.length, 'task set')} to be removed`] : []),
    ...(swap ? [`traffic from ${swap.from} to ${swap.to}`] : []),
    ...(duration ? [`takes ${span(duration.least, duration.most)}`] : []),
  ];
}

function countOf(differences: readonly Difference[]): string {
  return differences.length === 0
    ? 'no difference in the task definition'
    : counted(differences.length, 'difference');
}

const VERDICTS = {
  ok: { mark: '✓', tone: 'good' },
  refused: { mark: '✗', tone: 'bad' },
  unknown: { mark: '?', tone: 'warn' },
} as const satisfies Readonly<Record<Check['verdict'], { mark: string; tone: Cell['tone'] }>>;

function checkLines(checks: readonly Check[]): Line[] {
  return [
    heading('May it be deployed?'),
    ...checks.flatMap(({ hint, message, name, verdict }) => {
      const { mark, tone } = VERDICTS[verdict];
      const words: Line = [
        { text: '  ', tone: 'plain' },
        cell(mark, tone),
        { text: ` ${name.padEnd(13)}`, tone: 'quiet' },
        cell(message, verdict === 'ok' ? 'plain' : tone),
      ];
      const hints = hint?.split('\n') ?? [];
      return [words, ...hints.map((line) => labelled(' '.repeat(16), line, 'quiet'))];
    }),
  ];
}

function differenceLines({ differences, serving }: LookAhead): Line[] {
  if (!differences || !serving) return [];
  const from = `compared with ${serving.taskDefinition}, which serves`;
  if (differences.length === 0) return [heading(`No difference ${from}`)];
  const owners = [...new Set(differences.map(({ container }) => container))];
  return [
    heading(`${capitalised(counted(differences.length, 'difference'))} ${from}`),
    ...owners.flatMap((owner) => [
      [{ text: `  ${owner ?? 'task'}`, tone: 'strong' } as const],
      ...differences
        .filter(({ container }) => container === owner)
        .flatMap((difference) => differenceLine(difference)),
    ]),
  ];
}

const KINDS = {
  added: { mark: '+', tone: 'good' },
  changed: { mark: '~', tone: 'warn' },
  removed: { mark: '-', tone: 'bad' },
} as const satisfies Readonly<Record<Difference['kind'], { mark: string; tone: Cell['tone'] }>>;

/** As long as both values fit beside each other they stand on one line. */
const ONE_LINE = 72;

function differenceLine({ after, before, isSecret, kind, path }: Difference): Line[] {
  const { mark, tone } = KINDS[kind];
  const name = path === '' ? 'the whole container' : path;
  const start: Line = [
    { text: '    ', tone: 'plain' },
    cell(mark, tone),
    { text: ' ', tone: 'plain' },
    cell(name),
  ];
  const valued = (text: string, tone: Cell['tone'] = 'plain'): Line => [
    ...start,
    { text: '  ', tone: 'plain' },
    cell(text, tone),
  ];
  if (isSecret) return [valued(`${kind}; not shown, for it may be secret`, 'quiet')];
  if (before === undefined || after === undefined) return [valued(quoted(after ?? before ?? ''))];
  if (before.length + after.length <= ONE_LINE) {
    return [valued(`${quoted(before)} → ${quoted(after)}`)];
  }
  return [
    start,
    labelled('        -', quoted(before), 'bad'),
    labelled('        +', quoted(after), 'good'),
  ];
}

/** So that what is empty, ends in a space or has several lines can be seen. */
function quoted(text: string): string {
  return text === '' || text !== text.trim() || /\p{Cc}/u.test(text) ? JSON.stringify(text) : text;
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
