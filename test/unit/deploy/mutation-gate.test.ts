import { expect, test } from '@jest/globals';
import { MutationGate } from '../../../src/deploy/mutation-gate.ts';

test('a gate lets nothing through before a lease is held', () => {
  const gate = new MutationGate();

  expect(() => gate.assertCanMutate()).toThrow('before the lock was held');
  expect(() => gate.mutationDeadlineMs()).toThrow('before the lock was held');
});

test('an open gate asks the lease each time', () => {
  const gate = new MutationGate();
  const refusal = new Error('Lost.');
  let isHeld = true;
  gate.openWith({
    assertCanMutate: () => {
      if (!isHeld) throw refusal;
    },
    mutationDeadlineMs: () => 42,
  });

  gate.assertCanMutate();
  expect(gate.mutationDeadlineMs()).toBe(42);
  isHeld = false;

  expect(() => gate.assertCanMutate()).toThrow(refusal);
});
