import { expect, test } from '@jest/globals';
import { decodeCheckpoint } from '../../../src/deploy/checkpoint.ts';
import { holdIn, withHold, withoutHold } from '../../../src/deploy/hold.ts';
import type { HolderInfo } from '../../../src/lock/item.ts';
import { bytes, text } from '../../support/lock-world.ts';

const HOLD = {
  reason: 'Migration',
  by: 'ann@laptop',
  since: '2026-01-01T00:00:00.000Z',
  wasFree: true,
};
const SIX_KEYS = {
  Artifact: { BuildNumber: 7, Value: 'hello:v1', Tags: null },
  ConfigSHA: 'c1',
  NewTaskSetID: 'ecs-svc/1',
  NewActiveColor: 'green',
  Done: false,
  Step: 9,
};
const OURS = { V: 1, DeployID: 'd', Attempt: 1, Pre: 0, Post: 0, CmdsSkipped: false };
const PROCESS = { Host: 'h', Pid: 1, StartedAt: 'now' };

const holder = (data: Uint8Array) => ({ data }) as HolderInfo;

test.each([
  ['nothing', ''],
  ['what the original tool wrote', JSON.stringify(SIX_KEYS)],
  ['what this tool wrote', JSON.stringify({ ...SIX_KEYS, X: { ...OURS, ...PROCESS } })],
  ['a key of a later version', JSON.stringify({ ...SIX_KEYS, Later: [1] })],
])('a hold over %s is found, and taken out again without a trace', (_what, before) => {
  const held = withHold(bytes(before), HOLD);

  expect(holdIn(holder(held))).toEqual(HOLD);
  expect(decodeCheckpoint(held)).toMatchObject(
    before === '' ? { done: true } : { done: false, step: 9 },
  );
  const after = withoutHold(held);
  expect(holdIn(holder(after))).toBeUndefined();
  if (before !== '') expect(JSON.parse(text(after))).toEqual(JSON.parse(before));
});

test('for the original tool a hold over nothing is a deploy long done, with all of its six keys', () => {
  const held = JSON.parse(text(withHold(bytes('not JSON'), HOLD))) as object;

  expect(Object.keys(held)).toEqual([...Object.keys(SIX_KEYS), 'X']);
  expect(held).toMatchObject({ Done: true });
});

test('a hold that lacks what it should say is a hold all the same', () => {
  const data = bytes(JSON.stringify({ ...SIX_KEYS, X: { Hold: { Reason: 1 } } }));

  expect(holdIn(holder(data))).toEqual({
    reason: 'unknown',
    by: 'unknown',
    since: 'unknown',
    wasFree: false,
  });
});

test.each(['', 'text', '[]', '{"X":null}', '{"X":{"Hold":true}}'])(
  'data such as %j is no hold',
  (data) => {
    expect(holdIn(holder(bytes(data)))).toBeUndefined();
  },
);
