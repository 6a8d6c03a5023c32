import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  type Checkpoint,
  MalformedCheckpointError,
  type OwnCheckpoint,
  decodeCheckpoint,
  encodeCheckpoint,
} from '../../../src/deploy/checkpoint.ts';

/** What the original tool writes when it begins each of its steps, 1 to 13, and when it is done. */
const GO_CHECKPOINTS = readFileSync(
  new URL('fixtures/go-checkpoints.jsonl', import.meta.url),
  'utf8',
)
  .trim()
  .split('\n');

const GO_KEYS = ['Artifact', 'ConfigSHA', 'NewTaskSetID', 'NewActiveColor', 'Done', 'Step'];

describe('a checkpoint of the original tool', () => {
  test.each(GO_CHECKPOINTS.map((line, index) => [index + 1, line] as const))(
    '%d of 14 is understood, and written as the original writes it',
    (number, line) => {
      const step = Math.min(number, 13);

      const checkpoint = decodeCheckpoint(bytes(line));

      expect(checkpoint).toEqual({
        artifact: { buildNumber: 41, value: 'hello:v2', tags: { SHA: 'abcd1234' } },
        configSha: 'c0ffee12',
        newTaskSetId: step < 7 ? '' : 'ecs-svc/0123456789012345678',
        newActiveColor: step < 4 ? '' : 'green',
        done: number === 14,
        step,
      });
      expect(text(encodeCheckpoint(checkpoint))).toBe(line);
    },
  );

  test('may have no tags', () => {
    const line = GO_CHECKPOINTS[0]?.replace('{"SHA":"abcd1234"}', 'null') ?? '';

    const checkpoint = decodeCheckpoint(bytes(line));

    expect(checkpoint.artifact.tags).toBeNull();
    expect(text(encodeCheckpoint(checkpoint))).toBe(line);
  });

  test('may have characters that Go writes as escapes', () => {
    const line = GO_CHECKPOINTS[0]?.replace('hello:v2', 'a\\u003cb\\u0026c\\u2028') ?? '';

    expect(decodeCheckpoint(bytes(line)).artifact.value).toBe('a<b&c\u2028');
  });
});

const OWN: OwnCheckpoint = {
  deployId: 'd1',
  attempt: 1,
  originalPrimaryId: 'ecs-svc/1',
  originalColor: 'blue',
  priorities: { blue: 11, green: 12 },
  taskDefinitionArn: 'arn:td:1',
  preCommandsDone: 1,
  postCommandsDone: 0,
  commandsSkipped: false,
  contentIdentity: 'content.0123456789abcdef',
  imageDigests: { 'registry/hello:v2': 'sha256:abc' },
  gateOverride: 'outage',
  host: 'laptop',
  pid: 77,
  job: 'https://ci/1',
  startedAt: '2026-01-01T00:00:00.000Z',
  replaced: 'd0',
  yielded: 'because',
};
const CHECKPOINT: Checkpoint = {
  artifact: { buildNumber: 41, value: 'hello:v2', tags: { SHA: 'abcd1234' } },
  configSha: 'c0ffee12',
  newTaskSetId: '',
  newActiveColor: 'green',
  done: false,
  step: 4,
  own: OWN,
};

describe('a checkpoint of ours', () => {
  test('has the original’s members, and one more', () => {
    expect(Object.keys(written(CHECKPOINT))).toEqual([...GO_KEYS, 'X']);
  });

  test('keeps its names: other versions read them', () => {
    expect(written(CHECKPOINT)['X']).toEqual({
      V: 1,
      DeployID: 'd1',
      Attempt: 1,
      OrigPrimary: 'ecs-svc/1',
      OrigColor: 'blue',
      Priorities: { blue: 11, green: 12 },
      TaskDef: 'arn:td:1',
      Pre: 1,
      Post: 0,
      CmdsSkipped: false,
      Content: 'content.0123456789abcdef',
      Images: { 'registry/hello:v2': 'sha256:abc' },
      Override: 'outage',
      Host: 'laptop',
      Pid: 77,
      Job: 'https://ci/1',
      StartedAt: '2026-01-01T00:00:00.000Z',
      Replaced: 'd0',
      Yield: 'because',
    });
  });

  /** Go matches keys without regard to case, but only those of the same object. */
  test('has no member that Go could take for one of the original’s', () => {
    const original = new Set(GO_KEYS.map((key) => key.toLowerCase()));

    const { X, ...others } = written(CHECKPOINT);

    expect(original.has('x')).toBe(false);
    expect(Object.keys(others)).toEqual(GO_KEYS);
    const within = Object.keys(X as object).map((key) => key.toLowerCase());
    expect(within.filter((key) => original.has(key))).toEqual([]);
  });

  test('without what is not known yet reads as it was', () => {
    const {
      deployId,
      attempt,
      preCommandsDone,
      postCommandsDone,
      commandsSkipped,
      host,
      pid,
      startedAt,
    } = OWN;
    const own = {
      deployId,
      attempt,
      preCommandsDone,
      postCommandsDone,
      commandsSkipped,
      host,
      pid,
      startedAt,
    };

    expect(decodeCheckpoint(encodeCheckpoint({ ...CHECKPOINT, own }))).toStrictEqual({
      ...CHECKPOINT,
      own,
    });
  });

  test('of a newer version is refused, with what to do', () => {
    const newer = { ...written(CHECKPOINT), X: { V: 2 } };

    expect(() => decode(newer)).toThrow(MalformedCheckpointError);
    expect(() => decode(newer)).toThrow('newer version of ecs-deploy; use that one');
  });

  test('may have members that nobody knows', () => {
    const raw = written(CHECKPOINT);
    const more = { ...raw, X: { ...(raw['X'] as object), Epoch: 3 }, Extra: [] };

    expect(decode(more)).toEqual(CHECKPOINT);
  });

  test.each([
    ['Step', { ...CHECKPOINT, step: Number.NaN }],
    ['Pid', { ...CHECKPOINT, own: { ...OWN, pid: Infinity } }],
    ['blue', { ...CHECKPOINT, own: { ...OWN, priorities: { blue: 0.5, green: 1 } } }],
  ])('is not written with a %s that nobody could read', (member, checkpoint) => {
    expect(() => encodeCheckpoint(checkpoint)).toThrow(RangeError);
    expect(() => encodeCheckpoint(checkpoint)).toThrow(member);
  });
});

const color = fc.constantFrom('blue' as const, 'green' as const);
const count = fc.nat();
const own: fc.Arbitrary<OwnCheckpoint> = fc.record(
  {
    deployId: fc.string(),
    attempt: count,
    originalPrimaryId: fc.string(),
    originalColor: color,
    priorities: fc.record({ blue: count, green: count }),
    taskDefinitionArn: fc.string(),
    preCommandsDone: count,
    postCommandsDone: count,
    commandsSkipped: fc.boolean(),
    host: fc.string({ unit: 'binary' }),
    pid: count,
    job: fc.string(),
    startedAt: fc.string(),
    replaced: fc.string(),
    yielded: fc.string(),
  },
  {
    requiredKeys: [
      'deployId',
      'attempt',
      'preCommandsDone',
      'postCommandsDone',
      'commandsSkipped',
      'host',
      'pid',
      'startedAt',
    ],
    noNullPrototype: true,
  },
);
const checkpoint: fc.Arbitrary<Checkpoint> = fc.record(
  {
    artifact: fc.record({
      buildNumber: fc.maxSafeNat(),
      value: fc.string({ unit: 'binary' }),
      tags: fc.option(fc.dictionary(fc.string(), fc.string(), { noNullPrototype: true })),
    }),
    configSha: fc.string(),
    newTaskSetId: fc.string(),
    newActiveColor: fc.constantFrom('' as const, 'blue' as const, 'green' as const),
    done: fc.boolean(),
    step: fc.integer({ min: 1, max: 13 }),
    own,
  },
  {
    requiredKeys: ['artifact', 'configSha', 'newTaskSetId', 'newActiveColor', 'done', 'step'],
  },
);

test('whatever is written is read as it was, and holds the original’s six members', () => {
  fc.assert(
    fc.property(checkpoint, (original) => {
      const data = encodeCheckpoint(original);

      expect(decodeCheckpoint(data)).toEqual(original);
      expect(Object.keys(JSON.parse(text(data)) as object)).toEqual(
        original.own ? [...GO_KEYS, 'X'] : GO_KEYS,
      );
    }),
  );
});

describe('malformed data is refused, and the member that is wrong is named:', () => {
  test.each<[string, Uint8Array]>([
    ['it is empty', new Uint8Array()],
    ['it is not JSON', bytes('{"Artifact":')],
    ['it is not JSON', Uint8Array.of(0x22, 0xff, 0x22)],
    ['it is not an object', bytes('null')],
    ['it is not an object', bytes('[1]')],
    ['it is not an object', bytes('"text"')],
  ])('%s (%s)', (what, data) => {
    expect(() => decodeCheckpoint(data)).toThrow(new MalformedCheckpointError(what).message);
  });

  test.each<[path: string, expected: string, wrong: unknown[]]>([
    ['Artifact', 'an object', [undefined, null, 'x', [], 1]],
    ['Artifact.BuildNumber', 'a whole number', [undefined, null, '41', 1.5, 2 ** 53]],
    ['Artifact.Value', 'a string', [undefined, null, 1, {}]],
    ['Artifact.Tags', 'an object', ['SHA', 1, []]],
    ['Artifact.Tags.SHA', 'a string', [1, null, {}]],
    ['ConfigSHA', 'a string', [undefined, null, 1]],
    ['NewTaskSetID', 'a string', [undefined, null, 1]],
    ['NewActiveColor', 'blue or green', ['red', 'Blue']],
    ['NewActiveColor', 'a string', [1, {}]],
    ['Done', 'true or false', [undefined, null, 0, 'true']],
    ['Step', 'a whole number', [undefined, null, '4', 4.5]],
    ['X', 'an object', ['x', 1, [], true]],
    ['X.V', 'a whole number', [undefined, null, '1']],
    ['X.DeployID', 'a string', [undefined, null, 1]],
    ['X.Attempt', 'a whole number', [undefined, '1', 1.5]],
    ['X.OrigPrimary', 'a string', [1, {}]],
    ['X.OrigColor', 'blue or green', ['red']],
    ['X.Priorities', 'an object', ['11', [11, 12]]],
    ['X.Priorities.blue', 'a whole number', [undefined, '11']],
    ['X.Priorities.green', 'a whole number', [undefined, null]],
    ['X.TaskDef', 'a string', [1]],
    ['X.Pre', 'a whole number', [undefined, true]],
    ['X.Post', 'a whole number', [undefined, '0']],
    ['X.CmdsSkipped', 'true or false', [undefined, 0]],
    ['X.Host', 'a string', [undefined]],
    ['X.Pid', 'a whole number', [undefined, null]],
    ['X.Job', 'a string', [1]],
    ['X.StartedAt', 'a string', [undefined, 1]],
    ['X.Replaced', 'a string', [1]],
    ['X.Yield', 'a string', [true]],
  ])('%s is not %s', (path, expected, wrongs) => {
    for (const wrong of wrongs) {
      const malformed = withMember(written(CHECKPOINT), path.split('.'), wrong);

      expect(() => decode(malformed)).toThrow(MalformedCheckpointError);
      expect(() => decode(malformed)).toThrow(`: ${path} is not ${expected}.`);
    }
  });
});

/** A copy in which one member has another value, or is left out if that is undefined. */
function withMember(object: object, [name = '', ...rest]: string[], value: unknown): object {
  const inner = (object as Record<string, unknown>)[name];
  return { ...object, [name]: rest.length > 0 ? withMember(inner as object, rest, value) : value };
}

function written(original: Checkpoint): Record<string, unknown> {
  return JSON.parse(text(encodeCheckpoint(original))) as Record<string, unknown>;
}

function decode(value: object): Checkpoint {
  return decodeCheckpoint(bytes(JSON.stringify(value)));
}

function bytes(json: string): Uint8Array {
  return new TextEncoder().encode(json);
}

function text(data: Uint8Array): string {
  return new TextDecoder().decode(data);
}
