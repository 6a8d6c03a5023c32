import { randomBytes } from 'node:crypto';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { clientTokenOf, externalIdOf, newDeployId } from '../../../src/deploy/lineage.ts';

test('the external id is readable', () => {
  expect(externalIdOf({ deployId: 'abc', attempt: 2 })).toBe('abc.2');
});

/**
 * Another version of this tool may repeat the creation: what `printf <id>.<attempt> | sha256sum`
 * begins with.
 */
test('the token of a creation is the same for ever', () => {
  expect(clientTokenOf({ deployId: '00112233445566778899', attempt: 1 })).toBe(
    'fe0a317091f9c84ee2ba2e8967a8d59e032b',
  );
});

test('the token is one that ECS takes, and another for every other lineage and attempt', () => {
  const lineage = fc.record({
    deployId: fc.string({ unit: fc.constantFrom('0', 'a', 'f'), minLength: 1, maxLength: 4 }),
    attempt: fc.integer({ min: 1, max: 200 }),
  });
  fc.assert(
    fc.property(lineage, lineage, (one, other) => {
      expect(clientTokenOf(one)).toMatch(/^[0-9a-f]{36}$/);
      const areSame = one.deployId === other.deployId && one.attempt === other.attempt;
      expect(clientTokenOf(one) === clientTokenOf(other)).toBe(areSame);
    }),
  );
});

test('a deploy’s id is 80 random bits in hexadecimal', () => {
  const asked: number[] = [];
  const id = newDeployId((bytes) => {
    asked.push(bytes);
    return Uint8Array.from({ length: bytes }, (_, index) => index);
  });

  expect(asked).toEqual([10]);
  expect(id).toBe('00010203040506070809');
  expect(newDeployId((bytes) => randomBytes(bytes))).toMatch(/^[0-9a-f]{20}$/);
});
