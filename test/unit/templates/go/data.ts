import {
  bool,
  int,
  NIL,
  string,
  type GroupValue,
  type Value,
} from '../../../../src/templates/go/value.ts';

const list = (...items: Value[]): Value => ({ kind: 'list', items });
const map = (members: Record<string, Value>): Value => ({
  kind: 'map',
  entries: new Map(Object.entries(members)),
});
const group = (members: Record<string, Value>): GroupValue => ({
  kind: 'group',
  entries: new Map(Object.entries(members)),
  later: new Map(),
});
const float = (is: number): Value => ({ kind: 'float', is });

/** The same values as in generate.go. */
export const DATA = group({
  Account: string('111122223333'),
  Region: string('us-east-1'),
  Environment: string('dev'),
  Artifact: group({
    Value: string('hello:abcd1234'),
    BuildNumber: int(42),
    Tags: map({
      SHA: string('abcd1234'),
      beta: string('true'),
      empty: string(''),
      Z: string('zed'),
      é: string('e\u0301\u{1F680}'),
      odd: string('a"b\\c\n<d>&\'\u0000\u007F\u00AD'),
    }),
  }),
  List: list(string('a'), int(2), float(3.5), bool(true)),
  Words: list(string('x'), string('yy'), string('zzz')),
  Nested: list(list(int(1), int(2)), list(), map({ k: list(string('deep')) })),
  Map: map({ b: int(1), a: string('first'), c: map({ d: string('inner') }) }),
  None: list(),
  NoMap: map({}),
  No: NIL,
  Yes: bool(true),
  Off: bool(false),
  Zero: int(0),
  Pi: float(3.14159),
  Half: float(0.5),
  Big: int(Number.MAX_SAFE_INTEGER),
  Minus: int(-7),
});
