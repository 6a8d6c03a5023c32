import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { plain } from '../../../src/config/json.ts';
import { JsonSyntaxError, parseJson } from '../../../src/config/parse-json.ts';

test('reads whatever JSON.parse reads, as JSON.parse reads it', () => {
  fc.assert(
    fc.property(fc.json({ noUnicodeString: false }), fc.constantFrom(0, 1, 2), (text, indent) => {
      // The one key that is refused on purpose.
      fc.pre(!text.includes('__proto__'));
      const spaced = JSON.stringify(JSON.parse(text), null, indent);

      expect(plain(parseJson(spaced))).toEqual(JSON.parse(text));
    }),
  );
});

test('refuses whatever JSON.parse refuses', () => {
  const tokens = fc.array(fc.constantFrom(...Array.from('{}[]:,"\\ue0-+.12 \n\ttruefalsnul')), {
    maxLength: 12,
  });
  fc.assert(
    fc.property(tokens, (characters) => {
      const text = characters.join('');
      expect(accepts(parseJson, text)).toBe(accepts(JSON.parse, text));
    }),
    { numRuns: 2000 },
  );
});

function accepts(parse: (text: string) => unknown, text: string): boolean {
  try {
    parse(text);
    return true;
  } catch (error) {
    if (error instanceof JsonSyntaxError || error instanceof SyntaxError) return false;
    throw error;
  }
}

test('keeps repeated keys in their order, and knows where each stands', () => {
  const node = parseJson('\uFEFF{\n  "a": 1,\n  "a": [2]\n}');

  expect(node).toMatchObject({
    kind: 'object',
    at: { line: 1, column: 1 },
    members: [
      { key: 'a', at: { line: 2, column: 3 }, value: { value: 1, at: { line: 2, column: 8 } } },
      { key: 'a', at: { line: 3, column: 3 }, value: { kind: 'array' } },
    ],
  });
  expect(plain(node)).toEqual({ a: [2] });
});
