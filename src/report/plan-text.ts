import type { Difference } from '../plan/diff.ts';
import type { Check, LookAhead, Outcome } from '../plan/model.ts';
import { planDetails, span } from './plan-details.ts';
import { type Cell, cell, labelled, type Line } from './status-cells.ts';
import { counted } from './status-words.ts';

/** How each outcome looks. */
const LOOKS = {
  'no-change': { mark: '✓', tone: 'good' },
  changes: { mark: '→', tone: 'strong' },
  refused: { mark: '✗', tone: 'bad' },
  unknown: { mark: '?', tone: 'warn' },
} as const satisfies Readonly<Record<Outcome, { mark: string; tone: Cell['tone'] }>>;

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

/** A heading of a block. */
export function heading(text: string): Line {
  return [cell(text, 'strong')];
}

function summaryLines(ahead: LookAhead): Line[] {
  const { app, environment, outcome, warnings } = ahead;
  const { mark, tone } = LOOKS[outcome];
  const facts = outcome === 'no-change' ? [] : factsOf(ahead);
  return [
    [cell(mark, tone), cell(' '), cell(`${app} in ${environment}: ${headline(ahead)}`, 'strong')],
    ...(facts.length === 0 ? [] : [labelled(' ', facts.join(', '))]),
    ...warnings.map((warning) => labelled('  !', warning, 'warn')),
  ].map((line) => line.map(keepSpaces));
}

/** `cell` trims what stands at the end. */
function keepSpaces(piece: Cell): Cell {
  return piece.text === '' ? { ...piece, text: ' ' } : piece;
}

function headline({ checks, mode, outcome, serving, version }: LookAhead): string {
  const what = version ? `${version.artifact} with configuration ${version.configSha}` : '';
  switch (outcome) {
    case 'no-change':
      return `${what} serves already. A deploy would only replace its tasks by equal ones.`;
    case 'refused': {
      const refused = checks.filter(({ verdict }) => verdict === 'refused');
      const how = mode === 'deploy' ? 'a deploy' : mode === 'resume' ? 'a resume' : 'a start-over';
      const what = version ? ` of ${version.artifact}` : '';
      return `${how}${what} would be refused (${refused.map(({ name }) => name).join(', ')}).`;
    }
    case 'unknown':
      return `it is not known what ${version ? `a deploy of ${what}` : 'a deploy'} would change.`;
    case 'changes': {
      const verb =
        mode === 'resume' ? 'a resume would finish the deploy of' : 'a deploy would bring';
      return `${verb} ${what}${insteadOf(serving, version)}.`;
    }
  }
  return outcome;
}

function insteadOf(serving: LookAhead['serving'], version: LookAhead['version']): string {
  if (!serving) return '; nothing serves yet';
  const { artifact, buildNumber, configSha } = serving;
  const known = artifact ?? (buildNumber === undefined ? undefined : `build ${buildNumber}`);
  if (known === undefined) return ` in place of ${serving.taskDefinition}, an unknown version`;
  const isSame = artifact === version?.artifact && configSha === version?.configSha;
  if (isSame) return ', which serves already';
  return ` in place of ${known}${configSha === undefined ? '' : ` with ${configSha}`}`;
}

/** `3 differences, 1 task set removed, traffic from blue to green, about 1 to 3 min` */
function factsOf({ differences, duration, removed, swap }: LookAhead): string[] {
  return [
    ...(differences ? [counted(differences.length, 'difference')] : []),
    ...(removed.length > 0 ? [`${counted(removed.length, 'task set')} to be removed`] : []),
    ...(swap ? [`traffic from ${swap.from} to ${swap.to}`] : []),
    ...(duration ? [`about ${span(duration.least, duration.most)}`] : []),
  ];
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
      return hint === undefined ? [words] : [words, labelled(' '.repeat(16), hint, 'quiet')];
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
  const with_ = (text: string, tone: Cell['tone'] = 'plain'): Line => [
    ...start,
    { text: '  ', tone: 'plain' },
    cell(text, tone),
  ];
  if (isSecret) return [with_(`${kind}; not shown, for it may be secret`, 'quiet')];
  if (before === undefined || after === undefined) return [with_(quoted(after ?? before ?? ''))];
  if (before.length + after.length <= ONE_LINE) {
    return [with_(`${quoted(before)} → ${quoted(after)}`)];
  }
  return [start, labelled('        -', before, 'bad'), labelled('        +', after, 'good')];
}

/** So that what is empty, or ends in a space, can be seen. */
function quoted(text: string): string {
  return text === '' || text !== text.trim() ? JSON.stringify(text) : text;
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
