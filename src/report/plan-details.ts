import type { DurationPart } from '../plan/duration.ts';
import type { LookAhead, StepAhead } from '../plan/model.ts';
import { aligned, type Cell, cell, labelled, type Line } from './status-cells.ts';

/** The blocks that follow what a look ahead comes to, each with its heading. */
export function planDetails(ahead: LookAhead): Line[][] {
  return [
    stepLines(ahead),
    durationLines(ahead),
    referenceLines(ahead),
    noteLines(ahead),
    unknownLines(ahead),
  ];
}

/** The first line of a block. */
export function heading(text: string): Line {
  return [cell(text, 'strong')];
}

const STATES = {
  ahead: { mark: '→', tone: 'plain' },
  done: { mark: '·', tone: 'quiet' },
  fails: { mark: '✗', tone: 'bad' },
  unreached: { mark: ' ', tone: 'quiet' },
} as const satisfies Readonly<Record<StepAhead['state'], { mark: string; tone: Cell['tone'] }>>;

function stepLines({ first, outcome, steps }: LookAhead): Line[] {
  if (steps.length === 0) return [];
  return [
    heading(outcome === 'refused' ? 'Steps, were it not refused' : 'Steps'),
    ...aligned(
      steps.flatMap(({ details, number, state, title }) => {
        const { mark, tone } = STATES[state];
        const [detail = '', ...more] = details;
        const isPreparedFor = number === 1 ? first : [];
        return [
          [
            { text: `${mark} ${String(number).padStart(2)}`, tone },
            cell(title, tone === 'bad' ? 'plain' : tone),
            cell(state === 'unreached' ? 'not reached' : detail, tone),
          ],
          ...more.map((text): Line => [cell(''), cell(''), cell(text, tone)]),
          ...isPreparedFor.map((text): Line => [
            { text: '→   ', tone: 'plain' },
            cell('Put right first'),
            cell(text),
          ]),
        ];
      }),
      2,
    ),
  ];
}

function durationLines({ duration }: LookAhead): Line[] {
  if (!duration) return [];
  const { deadline, least, most, parts } = duration;
  const isOpen = parts.some((part) => part.most === undefined);
  return [
    heading(`It takes ${span(least, most)} as a rule${isOpen ? ', and what nobody can know' : ''}`),
    ...aligned(
      parts.map((part) => [
        cell(`step ${part.step}`, 'quiet'),
        cell(partSpan(part)),
        cell(part.why, 'quiet'),
      ]),
      2,
    ),
    labelled(' ', `Were each wait to last until its deadline: ${roughly(deadline)}.`, 'quiet'),
  ];
}

function partSpan({ least, most }: DurationPart): string {
  if (most !== undefined) return span(least, most);
  return least === 0 ? '?' : `${roughly(least)} or more`;
}

/** `about 20 s to 2 min`, `up to 50 s`; seconds. */
export function span(least: number, most: number): string {
  if (most < 1) return 'a moment';
  const [from, to] = [roughly(least), roughly(most)];
  if (least < 1) return `up to ${to}`;
  return from === to ? `about ${from}` : `about ${from} to ${to}`;
}

/** `45 s`, `4 min`, `2 h 5 min`: for what nobody knows exactly. */
function roughly(seconds: number): string {
  if (seconds < 100) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 100 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

function referenceLines({ references }: LookAhead): Line[] {
  if (references.length === 0) return [];
  return [
    heading('What the templates name outside of the config'),
    ...aligned(
      references.map(({ paths, reference, value }) => [
        cell(reference),
        cell(value),
        cell(paths.join(', '), 'quiet'),
      ]),
      2,
    ),
  ];
}

function noteLines({ notes }: LookAhead): Line[] {
  if (notes.length === 0) return [];
  return [heading('Notes'), ...notes.map((note) => labelled('  ', note))];
}

function unknownLines({ unknown }: LookAhead): Line[] {
  if (unknown.length === 0) return [];
  return [
    heading('What could not be read'),
    ...unknown.map(({ message, what }) => labelled('  ?', `${what}: ${message}`, 'warn')),
  ];
}
