import { expect, test } from '@jest/globals';
import { gatedCommands, MutationGate } from '../../../src/deploy/mutation-gate.ts';
import { heldLease } from '../lock/held-lease.ts';

test('a gate lets nothing through before a lease is held', async () => {
  const gate = new MutationGate();

  await expect(gate.untilCanMutate()).rejects.toThrow('before the lock was held');

  expect(() => gate.assertCanMutate()).toThrow('before the lock was held');
  expect(() => gate.mutationDeadlineMs()).toThrow('before the lock was held');
});

test('an open gate asks the lease each time', () => {
  const gate = new MutationGate();
  const refusal = new Error('Lost.');
  let isHeld = true;
  gate.openWith({
    untilCanMutate: async () => {},
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

test('a command starts only when enough of the lease is left, and never once the lock is lost', async () => {
  const { clock, lease, store } = await heldLease();
  const gate = new MutationGate();
  gate.openWith(lease);
  const started: number[] = [];
  const run = async () => {
    started.push(clock.monotonicMs());
  };
  const commands = gatedCommands({ run }, gate);
  const start = () => commands.run({ program: 'x', arguments: [] }, {} as never);

  store.faultFor = () => ({ kind: 'refused', failure: 'throttled' });
  await clock.advance(6_000); // More than half of the lease has gone by without a word.
  const waiting = start();
  await clock.advance(500);
  expect(started).toEqual([]);
  store.faultFor = () => undefined;
  await clock.run(waiting);
  expect(started).toHaveLength(1);

  store.delete(lease.key);
  await clock.advance(1_500);
  await expect(start()).rejects.toMatchObject({ reason: 'deleted' });
  expect(started).toHaveLength(1);
});
