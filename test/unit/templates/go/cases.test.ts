/**
 * Goal: a template means here what it means in Go.
 * Method: cases.json is a table of templates and of what Go 1.26's text/template makes of them with
 * the values of data.ts. What Go marks as wrong in its output, instead of refusing it, is refused.
 */
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { evaluate } from '../../../../src/templates/go/evaluate.ts';
import { parseTemplate } from '../../../../src/templates/go/parser.ts';
import { Refusal } from '../../../../src/templates/go/refusal.ts';
import { DATA } from './data.ts';

interface Case {
  readonly template: string;
  readonly output?: string;
  readonly error?: string;
}

const CASES: readonly Case[] = JSON.parse(
  readFileSync(new URL('cases.json', import.meta.url), 'utf8'),
);

/** What is refused here on purpose though Go makes something of it. */
const REFUSED_HERE = [
  '{{.Artifact}}', // A group of values: Go prints its own notation.
  '{{html .Artifact.Tags.Missing}}', // `<no value>`, escaped.
  '{{urlquery .Artifact.Tags.Missing}}',
  '{{html nil}}',
  '{{index .Artifact.Tags "Missing"}}x', // Nothing, where a name was meant.
  '{{define "x"}}a{{end}}',
  '{{block "x" .}}a{{end}}',
  '{{2i}}',
  '{{1+2i}}',
  '{{printf "%[1]s" "a"}}',
  '{{printf "%T" 1}}',
  '{{printf "%#v" "a"}}',
];

/** How Go shows in its output that something was wrong. */
const MARKED_AS_WRONG = /<no value>|<nil>|%!/;

function outcome(template: string): string | Refusal {
  try {
    const nodes = parseTemplate(template, (source, index) => {
      throw new Refusal(`${source} is no Go`, { index, hint: 'Use Go.' });
    });
    return evaluate(nodes, DATA, () => 'Go has no references');
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}

const RENDERED = CASES.filter(
  ({ template, output }) =>
    output !== undefined && !MARKED_AS_WRONG.test(output) && !REFUSED_HERE.includes(template),
);
const REFUSED = CASES.filter((one) => !RENDERED.includes(one));

test('the table has hundreds of templates of both kinds', () => {
  expect(RENDERED.length).toBeGreaterThan(160);
  expect(REFUSED.length).toBeGreaterThan(150);
});

test('what Go renders is rendered to the same text', () => {
  const different = RENDERED.map((one) => ({ ...one, ours: outcome(one.template) })).filter(
    ({ output, ours }) => ours !== output,
  );

  expect(different).toEqual([]);
});

test.each(REFUSED)('$template is refused, with a place in it and a hint', ({ template }) => {
  const refusal = outcome(template);

  expect(refusal).toBeInstanceOf(Refusal);
  const { index, hint, message } = refusal as Refusal;
  expect(index).toBeGreaterThanOrEqual(0);
  expect(index).toBeLessThanOrEqual(template.length);
  expect(hint).not.toBe('');
  expect(message).not.toMatch(/undefined|\[object/);
});
