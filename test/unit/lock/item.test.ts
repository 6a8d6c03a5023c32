import { describe, expect, test } from '@jest/globals';
import { MalformedLockItemError } from '../../../src/lock/errors.ts';
import { decodeItem, encodeFields, type RawItem } from '../../../src/lock/item.ts';

const GO_ITEM = {
  key: { S: 'shop-dev' },
  ownerName: { S: 'q0ZbS3n7aVd2kXw9LrT5yUe1Hc8mGf4J' },
  leaseDuration: { S: '10s' },
  recordVersionNumber: { S: 'Zx81bTq0WmN3rLk7cVy5PdSa2HgJe9Uf' },
  data: { B: Buffer.from('{"Step":3}') },
};

function decode(changes: Record<string, object | undefined> = {}) {
  const entries = Object.entries({ ...GO_ITEM, ...changes }).filter(([, value]) => value);
  return decodeItem('shop-dev', Object.fromEntries(entries) as RawItem);
}

test("decodes the item of Go's dynamolock", () => {
  expect(decode()).toMatchObject({
    owner: GO_ITEM.ownerName.S,
    leaseDurationMs: 10_000,
    recordVersionNumber: GO_ITEM.recordVersionNumber.S,
    data: GO_ITEM.data.B,
    isReleased: false,
  });
});

test("decodes the item of Java's lock client", () => {
  const record = decode({
    ownerName: { S: 'build-17' },
    leaseDuration: { S: '20000' },
    recordVersionNumber: { S: '0d7a8c52-43b0-4d1c-9f0e-2f8a5a1b7c11' },
    data: undefined,
    isReleased: { S: '1' },
  });

  expect(record).toMatchObject({ leaseDurationMs: 20_000, isReleased: true });
  expect(record.data).toHaveLength(0);
});

test('keeps the whole item, with attributes of other people', () => {
  expect(decode({ note: { S: 'call Ann first' } }).item).toMatchObject({
    note: { S: 'call Ann first' },
  });
});

describe('refuses, and says what is wrong with,', () => {
  test.each<[string, string, object | undefined, string]>([
    ['a mark that is a boolean', 'isReleased', { BOOL: true }, 'is BOOL true'],
    ['a mark that is a number', 'isReleased', { N: '1' }, 'is N "1"'],
    ['a mark that is another text', 'isReleased', { S: 'true' }, 'is S "true"'],
    ['an owner that is missing', 'ownerName', undefined, 'is missing'],
    ['an owner that is a number', 'ownerName', { N: '7' }, 'is N "7"'],
    ['a version that is missing', 'recordVersionNumber', undefined, 'is missing'],
    ['a lease that is missing', 'leaseDuration', undefined, 'is missing'],
    ['a lease that is a number', 'leaseDuration', { N: '10000' }, 'is N "10000"'],
    ['a lease that is no duration', 'leaseDuration', { S: 'ten' }, 'is "ten"'],
    ['data that are text', 'data', { S: '{"password":"hunter2"}' }, 'is of the type S'],
  ])('%s', (_, attribute, value, problem) => {
    const decoding = () => decode({ [attribute]: value });

    expect(decoding).toThrow(MalformedLockItemError);
    expect(decoding).toThrow(
      expect.objectContaining({
        key: 'shop-dev',
        attribute,
        message: expect.stringContaining(problem),
      }),
    );
  });
});

test('never shows data in an error', () => {
  const decoding = () => decode({ data: { S: 'hunter2' } });

  expect(decoding).toThrow(/data must be binary/);
  expect(decoding).not.toThrow(/hunter2/);
});

test('encodes exactly the attributes that are given, with the types that other clients expect', () => {
  const data = new Uint8Array([1, 2]);

  expect(encodeFields({ owner: 'me', leaseDurationMs: 10_000, recordVersionNumber: 'v' })).toEqual({
    ownerName: { S: 'me' },
    leaseDuration: { S: '10s' },
    recordVersionNumber: { S: 'v' },
  });
  expect(encodeFields({ data, isReleased: true, leaseDurationMs: 0 })).toEqual({
    data: { B: data },
    isReleased: { S: '1' },
    leaseDuration: { S: '0' },
  });
});
