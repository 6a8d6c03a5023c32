import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { readQueryInput } from '../../../sandbox/wire/query-input.ts';

/**
 * Goal: whatever the Query protocol can say is read as it was meant.
 * Method: encode random inputs by the protocol's rules, and read them back.
 */
test('reads every nested input as it was written', () => {
  fc.assert(
    fc.property(inputs(), (input) => {
      const form = new URLSearchParams([
        ['Action', 'Any'],
        ['Version', '2015-12-01'],
        ...encoded(input),
      ]);

      expect(readQueryInput(new URLSearchParams(form.toString()))).toEqual(input);
    }),
  );
});

test('keeps the order of a list by its numbers, however they arrive and whichever are left out', () => {
  const form = new URLSearchParams('Names.member.10=c&Names.member.2=b&Names.member.1=a');

  expect(readQueryInput(form)).toEqual({ Names: ['a', 'b', 'c'] });
});

test('takes an empty list for a list, and an empty text for a text', () => {
  expect(readQueryInput(new URLSearchParams('RuleArns=&Marker='))).toEqual({
    RuleArns: [],
    Marker: '',
  });
});

test.each([
  ['Priority=first', 'Priority must be a whole number.'],
  ['PageSize=1.5', 'PageSize must be a whole number.'],
  ['Enabled=yes', 'Enabled must be true or false.'],
  ['Names.member.0=a', 'Names.member.0 is no list item.'],
  ['Names.member.x=a', 'Names.member.x is no list item.'],
  ['Names.member.1=a&Names.Field=b', 'Names is both a list and a structure.'],
  ['A=1&A.B=2', 'A.B contradicts another parameter.'],
  ['A.B=2&A=1', 'A is given twice.'],
  ['A=1&A=2', 'A is given twice.'],
])('refuses %s', (form, message) => {
  expect(() => readQueryInput(new URLSearchParams(form))).toThrow(
    expect.objectContaining({ code: 'MalformedInput', message }),
  );
});

test('is not fooled by names that objects have of their own', () => {
  const input = readQueryInput(new URLSearchParams('__proto__.Polluted=x&toString=y'));

  expect(Object.hasOwn(input, '__proto__')).toBe(true);
  expect(input['toString']).toBe('y');
  expect(({} as Record<string, unknown>)['Polluted']).toBeUndefined();
});

type Input = { [member: string]: Input | Input[] | boolean | number | string | string[] };

/** Inputs of members that ELBv2 has, nested more freely than it nests them. */
function inputs(): fc.Arbitrary<Input> {
  const { structure } = fc.letrec<{ structure: Input }>((tie) => ({
    structure: fc.record(
      {
        Name: fc.string(),
        Path: fc.string({ unit: 'grapheme' }),
        Priority: fc.integer(),
        Enabled: fc.boolean(),
        RuleArns: fc.array(fc.string(), { maxLength: 12 }),
        Actions: fc.array(tie('structure').filter(isNotEmpty), { maxLength: 3 }),
        ForwardConfig: tie('structure').filter(isNotEmpty),
      },
      { requiredKeys: [] },
    ),
  }));
  return structure;
}

/** An empty structure is not sent at all. */
function isNotEmpty(input: Input): boolean {
  return Object.keys(input).length > 0;
}

function encoded(value: Input[string], name = ''): [string, string][] {
  if (Array.isArray(value)) {
    if (value.length === 0) return [[name, '']];
    return value.flatMap((item, index) => encoded(item, `${name}.member.${index + 1}`));
  }
  if (typeof value !== 'object') return [[name, String(value)]];
  return Object.entries(value).flatMap(([member, child]) =>
    encoded(child, name === '' ? member : `${name}.${member}`),
  );
}
