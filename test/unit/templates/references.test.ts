/**
 * Goal: what templates name outside of the config is asked for once, before anything is rendered for
 * good, and every name that stands for nothing is told at once.
 */
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { Json } from '../../../src/config/json.ts';
import {
  findReferences,
  lookUpIn,
  type Reference,
  referenceKey,
  type ReferenceSource,
  resolveReferences,
} from '../../../src/templates/references.ts';
import { renderTemplate } from '../../../src/templates/render.ts';
import { renderRoleArn } from '../../../src/templates/role-arn.ts';
import { TemplateError } from '../../../src/templates/template-error.ts';
import type { TemplateValues } from '../../../src/templates/values.ts';

const VALUES: TemplateValues = {
  Account: '111122223333',
  Region: 'us-east-1',
  Environment: 'dev',
  Artifact: { Value: 'hello:1', BuildNumber: 42, Tags: { SHA: 'abcd1234' } },
};

const part = (template: Json) => ({ template, values: VALUES, path: 'Path' });

/** Knows these, and keeps what it is asked in each round. */
function sourceOf(known: Readonly<Record<string, string>>) {
  const rounds: string[][] = [];
  const source: ReferenceSource = {
    async resolve(references) {
      rounds.push(references.map(referenceKey));
      return references.map((reference) => {
        const value = known[referenceKey(reference)];
        return value === undefined ? { problem: 'is not there', hint: 'Make it.' } : { value };
      });
    },
  };
  return { source, rounds };
}

async function resolved(template: Json, known: Readonly<Record<string, string>>) {
  const { source, rounds } = sourceOf(known);
  const { uses, values } = await resolveReferences([part(template)], source);
  return {
    rounds,
    uses,
    rendered: renderTemplate(template, VALUES, 'Path', lookUpIn(values)),
  };
}

const KNOWN = {
  'env STAGE': 'blue',
  'ssm /dev/url': 'https://x',
  'ssm /dev/flag': 'on',
  'ssm https://x': 'found',
  'secretArn key': 'arn:aws:secretsmanager:us-east-1:111122223333:secret:key-AbCdEf',
};

test('each is asked for once, whoever names it, and stands where it is named', async () => {
  const template = {
    a: 'x{{env "STAGE"}}{{ssm "/dev/url"}}',
    b: ['{{ssm "/dev/url"}}', '{{secretArn "key"}}:password::'],
  };

  const { rendered, rounds, uses } = await resolved(template, KNOWN);

  expect(rounds).toEqual([['env STAGE', 'ssm /dev/url', 'secretArn key']]);
  expect(rendered).toEqual({
    a: 'xbluehttps://x',
    b: ['https://x', `${KNOWN['secretArn key']}:password::`],
  });
  expect(uses).toEqual([
    { kind: 'env', name: 'STAGE', path: 'Path.a', value: 'blue' },
    { kind: 'ssm', name: '/dev/url', path: 'Path.a', value: 'https://x' },
    { kind: 'ssm', name: '/dev/url', path: 'Path.b[0]', value: 'https://x' },
    { kind: 'secretArn', name: 'key', path: 'Path.b[1]', value: KNOWN['secretArn key'] },
  ]);
});

test.each([
  ['{{ssm (printf "/%s/url" .Environment)}}', 'https://x', 1],
  ['{{printf "/%s/url" .Environment | ssm}}', 'https://x', 1],
  ['{{ssm "/dev/url"}} {{ssm "/dev/flag"}}', 'https://x on', 1],
  ['{{$name := "/dev/url"}}{{with $name}}{{ssm .}}{{end}}', 'https://x', 1],
  ['{{if eq .Environment "prod"}}{{ssm "/prod/x"}}{{else}}{{env "STAGE"}}{{end}}', 'blue', 1],
  [
    '{{if eq (ssm "/dev/flag") "on"}}{{ssm "/dev/url"}}{{else}}{{ssm "/no"}}{{end}}',
    'https://x',
    2,
  ],
  ['{{$x := ssm "/dev/url"}}{{$x}} {{env "STAGE"}}', 'https://x blue', 2],
  ['{{ssm (ssm "/dev/url")}}', 'found', 2],
  ['{{and false (ssm "/no")}}', 'false', 0],
  ['{{len (ssm "/dev/url")}}', '9', 1],
])('%s is rendered as %j after %i rounds', async (template, expected, count) => {
  const { rendered, rounds } = await resolved(template, KNOWN);

  expect(rendered).toBe(expected);
  expect(rounds).toHaveLength(count);
});

test('without references nothing is asked', async () => {
  const source: ReferenceSource = { resolve: () => Promise.reject(new Error('Asked.')) };

  expect(await resolveReferences([part({ a: '{{.Region}}', b: 1 })], source)).toEqual({
    values: new Map(),
    uses: [],
  });
});

test('all that have no value are told at once, with every path and what to do', async () => {
  const template = ['{{env "NO"}}', '{{ssm "/no"}}{{env "STAGE"}}', { x: '{{ssm "/no"}}' }];

  await expect(resolved(template, KNOWN)).rejects.toThrow(
    expect.objectContaining({
      name: 'TemplateError',
      exitCode: 2,
      message:
        '2 references of the config have no value:\n' +
        'Path[0]: {{env "NO"}} is not there\n' +
        'Path[1], Path[2].x: {{ssm "/no"}} is not there',
      hint: 'Make it. Nothing was changed in AWS.',
    }),
  );
});

test('references that name each other without end are given up', async () => {
  let count = 0;
  const source: ReferenceSource = {
    resolve: async (references) => references.map(() => ({ value: `${(count += 1)}` })),
  };
  const nested = '(ssm '.repeat(50) + '"x"' + ')'.repeat(50);

  await expect(resolveReferences([part(`{{ssm ${nested}}}`)], source)).rejects.toThrow(
    'References name each other in more than 10 steps.',
  );
  expect(count).toBe(10);
});

test('what a source leaves unanswered has no value', async () => {
  const source: ReferenceSource = { resolve: async () => [] };

  await expect(resolveReferences([part('{{env "A"}}')], source)).rejects.toThrow(
    'Path: {{env "A"}} was not answered',
  );
});

describe('refused are', () => {
  test.each([
    ['{{env}}', 'env takes 1 argument, found 0'],
    ['{{env "A" "B"}}', 'env takes 1 argument, found 2'],
    ['{{ssm ""}}', 'ssm takes a name, found an empty string'],
    ['{{ssm 1}}', 'ssm takes a name, found an integer'],
    ['{{secretArn .Artifact.Tags}}', 'secretArn takes a name, found a map'],
    ['{{ssm .Artifact.Tags.nope}}', '{{.Artifact.Tags.nope}} names a value that is not there'],
    ['{{enw "A"}}', 'there is no function enw'],
  ])('%s', (template, message) => {
    expect(() => findReferences([part(template)], new Map())).toThrow(TemplateError);
    expect(() => findReferences([part(template)], new Map())).toThrow(message);
  });

  test('references where there can be none', () => {
    expect(() => renderTemplate('{{env "A"}}', VALUES, 'Path')).toThrow("env can't be used here");
    expect(() =>
      renderRoleArn('arn:{{ssm "/x"}}', { accountId: '111122223333', region: 'us-east-1' }),
    ).toThrow("Credentials.RoleArn (line 1, column 7): ssm can't be used here");
  });

  test('a reference that was not resolved beforehand', () => {
    expect(() => renderTemplate('{{ssm "/x"}}', VALUES, 'Path', lookUpIn(new Map()))).toThrow(
      'Path (line 1, column 3): {{ssm "/x"}} was not resolved before the deploy began',
    );
  });
});

test('a value is not rendered again, whatever is in it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (first, second) => {
      const evil = `${first}{{ssm "/other"}}${second}`;
      const values = new Map([
        ['ssm /a', evil],
        ['env B', evil],
        ['secretArn c', evil],
      ]);
      const template = {
        before: 'fixed',
        named: ['<{{ssm "/a"}}>', '{{env "B"}}', '{{secretArn "c" | printf "%s|"}}'],
        after: ['fixed', 1, null],
      };

      expect(renderTemplate(template, VALUES, 'Path', lookUpIn(values))).toEqual({
        ...template,
        named: [`<${evil}>`, evil, `${evil}|`],
      });
    }),
    { numRuns: 100 },
  );
});

test('any name reaches the source as it is', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ minLength: 1, unit: 'grapheme-ascii' }), async (name) => {
      const asked: Reference[] = [];
      const source: ReferenceSource = {
        async resolve(references) {
          asked.push(...references);
          return references.map(() => ({ value: 'x' }));
        },
      };

      await resolveReferences([part(`{{ssm ${JSON.stringify(name)}}}`)], source);

      expect(asked).toEqual([{ kind: 'ssm', name }]);
    }),
    { numRuns: 100 },
  );
});
