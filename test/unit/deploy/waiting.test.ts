import { describe, expect, test } from '@jest/globals';
import { CallFailedError } from '../../../src/deploy/ports.ts';
import { type DeployContext, StepFailedError } from '../../../src/deploy/step.ts';
import { achieve, waitUntil } from '../../../src/deploy/waiting.ts';
import type { DeployEvent } from '../../../src/report/events.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

/** What a wait uses of a deploy's context. */
function createContext(signal = new AbortController().signal) {
  const clock = new VirtualClock();
  const events: DeployEvent[] = [];
  const report = (event: DeployEvent) => events.push(event);
  const context = { clock, random: () => 0, report, signal } as unknown as DeployContext;
  return { clock, context, events };
}

function failed(facts: { isTransient: boolean }): CallFailedError {
  return new CallFailedError({
    operation: 'ecs:X',
    code: 'Code',
    message: 'why',
    isOutcomeUnknown: facts.isTransient,
    ...facts,
  });
}

describe('a wait', () => {
  test('looks every two seconds, and reports what it waits for', async () => {
    const { clock, context, events } = createContext();
    let looks = 0;

    const waited = waitUntil(context, 60_000, async () =>
      ++looks === 3 ? { done: 'it' } : { waitingFor: `look ${looks}` },
    );

    expect(await clock.run(waited)).toBe('it');
    expect(clock.monotonicMs()).toBe(4_000);
    expect(events).toMatchObject([
      { type: 'wait.progressed', waitingFor: 'look 1', remainingMs: 60_000 },
      { type: 'wait.progressed', waitingFor: 'look 2', remainingMs: 58_000 },
    ]);
  });

  test('goes on when a look fails for a moment, and reports that', async () => {
    const { clock, context, events } = createContext();
    let looks = 0;

    const waited = waitUntil(context, 60_000, async () => {
      if (++looks < 3) throw failed({ isTransient: true });
      return { done: 'it' };
    });

    expect(await clock.run(waited)).toBe('it');
    expect(events[0]).toMatchObject({ waitingFor: 'ecs:X: why (Code)' });
  });

  test.each([
    ['a look fails for good', failed({ isTransient: false })],
    ['a look finds out that it is no use', new StepFailedError('The tasks do not stay up.')],
    ['a look has a bug', new TypeError('x is undefined')],
  ])('ends at once when %s', async (_, error) => {
    const { clock, context } = createContext();

    const waited = waitUntil(context, 60_000, () => Promise.reject(error));

    await expect(clock.run(waited)).rejects.toBe(error);
    expect(clock.monotonicMs()).toBe(0);
  });

  test('fails the step at its deadline, with what was missing and what helps', async () => {
    const { clock, context } = createContext();

    const waited = waitUntil(context, 3_000, () => Promise.reject(failed({ isTransient: true })), {
      remedy: 'Wait longer.',
    });
    waited.catch(() => {});

    const error: unknown = await clock.run(waited.catch((thrown: unknown) => thrown));
    expect(error).toBeInstanceOf(StepFailedError);
    expect(error).toMatchObject({
      message: 'After 3 s still waiting: ecs:X: why (Code)',
      remedy: 'Wait longer.',
    });
  });

  test('ends when the deploy is interrupted', async () => {
    const abort = new AbortController();
    const { clock, context } = createContext(abort.signal);
    const reason = new Error('Interrupted.');
    clock.after(1_000, () => abort.abort(reason));

    const waited = waitUntil(context, 60_000, async () => ({ waitingFor: 'it' }));

    await expect(clock.run(waited)).rejects.toBe(reason);
    expect(clock.monotonicMs()).toBe(1_000);
  });
});

describe('achieving a change', () => {
  /** A change that takes effect or not, and whose answer arrives or not, as each attempt says. */
  function startChange(attempts: readonly ('done' | 'lost answer' | 'not done')[]) {
    const { clock, context } = createContext();
    const left = [...attempts];
    const world = { isReached: false, changes: 0 };
    const achieved = achieve(context, {
      isReached: async () => world.isReached,
      change: async () => {
        world.changes++;
        const fate = left.shift();
        world.isReached = fate !== 'not done';
        if (fate !== 'done') throw failed({ isTransient: true });
      },
      waitingFor: 'the change',
    });
    achieved.catch(() => {});
    return { achieved, clock, world };
  }

  test('does nothing where it holds already', async () => {
    const { clock, context } = createContext();
    let changes = 0;
    const goal = {
      isReached: async () => true,
      change: async () => {
        changes++;
      },
      waitingFor: 'the change',
    };

    await clock.run(achieve(context, goal));

    expect(changes).toBe(0);
  });

  test('makes it once when all is well', async () => {
    const { achieved, clock, world } = startChange(['done']);

    await clock.run(achieved);

    expect(world.changes).toBe(1);
    expect(clock.monotonicMs()).toBe(0);
  });

  test('does not make it again when only its answer was lost', async () => {
    const { achieved, clock, world } = startChange(['lost answer']);

    await clock.run(achieved);

    expect(world.changes).toBe(1);
  });

  test('makes it again when it did not happen', async () => {
    const { achieved, clock, world } = startChange(['not done', 'not done', 'done']);

    await clock.run(achieved);

    expect(world.changes).toBe(3);
  });

  test('gives up after two minutes', async () => {
    const { achieved, clock } = startChange(Array.from({ length: 100 }, () => 'not done'));

    await expect(clock.run(achieved)).rejects.toThrow(StepFailedError);

    expect(clock.monotonicMs()).toBe(120_000);
  });

  test('fails when it is refused for good', async () => {
    const { clock, context } = createContext();
    const refusal = failed({ isTransient: false });

    const achieved = achieve(context, {
      isReached: async () => false,
      change: () => Promise.reject(refusal),
      waitingFor: 'the change',
    });

    await expect(clock.run(achieved)).rejects.toBe(refusal);
  });
});
