import { expect, test } from '@jest/globals';
import { type Checkpoint, decodeCheckpoint } from '../../../src/deploy/checkpoint.ts';
import { CheckpointLog } from '../../../src/deploy/checkpoint-log.ts';

const READING = { number: 3, changes: [] };
const CHANGING = { number: 4, changes: ['ecs:DeleteTaskSet'] };

const OWN = {
  deployId: 'd1',
  attempt: 1,
  preCommandsDone: 0,
  postCommandsDone: 0,
  commandsSkipped: false,
  host: 'laptop',
  pid: 77,
  startedAt: '2026-01-01T00:00:00.000Z',
};

/** A log, and what it has written, as `how` and the checkpoint. */
function startLog({ mayHaveChanged = false, fail = false } = {}) {
  const writes: { how: string; checkpoint: Checkpoint }[] = [];
  const write = (how: string) => async (data: Uint8Array) => {
    if (fail) throw new Error('The lease is lost.');
    writes.push({ how, checkpoint: decodeCheckpoint(data) });
  };
  const sink = {
    checkpoint: write('checkpoint'),
    releaseLock: write('release'),
    yieldLock: write('yield'),
  };
  const initial = {
    artifact: { buildNumber: 41, value: 'hello:v2', tags: null },
    configSha: 'c0ffee12',
    newTaskSetId: '',
    newActiveColor: '' as const,
    done: false,
    step: 1,
    own: OWN,
  };
  return { log: new CheckpointLog(sink, initial, { mayHaveChanged }), writes, initial };
}

test('a step’s begin is written at once, with what was noted before', async () => {
  const { log, writes, initial } = startLog();

  log.note({ newActiveColor: 'green', own: { originalColor: 'blue' } });
  expect(writes).toEqual([]);
  await log.begin(CHANGING);

  const checkpoint = {
    ...initial,
    newActiveColor: 'green',
    step: 4,
    own: { ...OWN, originalColor: 'blue' },
  };
  expect(writes).toEqual([{ how: 'checkpoint', checkpoint }]);
  expect(log.current).toEqual(checkpoint);
});

test('what is saved is written at once', async () => {
  const { log, writes } = startLog();

  await log.save({ own: { preCommandsDone: 1 } });

  expect(writes).toMatchObject([
    { how: 'checkpoint', checkpoint: { own: { preCommandsDone: 1 } } },
  ]);
});

test('only a step that changes something may have changed something', async () => {
  const { log } = startLog();

  await log.begin(READING);
  expect(log.mayHaveChanged).toBe(false);
  await log.begin(CHANGING);
  expect(log.mayHaveChanged).toBe(true);
  await log.begin(READING);
  expect(log.mayHaveChanged).toBe(true);
});

test('a run before this one may have changed something', () => {
  expect(startLog({ mayHaveChanged: true }).log.mayHaveChanged).toBe(true);
});

test('a begin that could not be written counts as begun: the write may have arrived', async () => {
  const { log } = startLog({ fail: true });

  await expect(log.begin(CHANGING)).rejects.toThrow('The lease is lost.');

  expect(log.mayHaveChanged).toBe(true);
  expect(log.current.step).toBe(4);
});

test('the end is done and released in one write', async () => {
  const { log, writes } = startLog();

  await log.begin({ number: 13, changes: [] });
  await log.finish();

  expect(writes.slice(1)).toMatchObject([{ how: 'release', checkpoint: { done: true, step: 13 } }]);
});

test('a yield says why, and keeps the step', async () => {
  const { log, writes } = startLog();

  await log.begin(CHANGING);
  await log.yieldLock('The targets stay sick.');

  expect(writes.slice(1)).toMatchObject([
    {
      how: 'yield',
      checkpoint: { done: false, step: 4, own: { yielded: 'The targets stay sick.' } },
    },
  ]);
});
