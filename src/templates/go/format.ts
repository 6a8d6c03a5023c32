import { formatFloat } from './float.ts';
import { TEXT_MAX, tooLong } from './limits.ts';
import { Refusal } from './refusal.ts';
import { nameOfKind, sortedEntries, string, type Value } from './value.ts';

/**
 * What `{{value}}` stands for: Go's %v.
 * @throws {Refusal} for what is absent, nil or a group: Go would print `<no value>`, `<nil>` or its own innards
 */
export function print(value: Value, index: number): string {
  switch (value.kind) {
    case 'string':
      return value.is;
    case 'bool':
    case 'int':
      return `${value.is}`;
    case 'float':
      return formatFloat(value.is, 'g', undefined);
    case 'list':
    case 'map':
      return printEach(value, index, (item) => print(item, index));
    case 'absent':
      throw value.refusal;
    case 'nil':
    case 'group':
  }
  throw unprintable(value, index);
}

/** `[a b]` or `map[key:value]`. */
export function printEach(
  value: Extract<Value, { kind: 'list' | 'map' }>,
  index: number,
  printItem: (item: Value) => string,
): string {
  let length = 0;
  const printBounded = (item: Value) => {
    const text = printItem(item);
    length += text.length + 1;
    if (length > TEXT_MAX) throw tooLong(index);
    return text;
  };
  if (value.kind === 'list') return `[${value.items.map(printBounded).join(' ')}]`;
  const entries = sortedEntries(value).map(
    ([key, item]) => `${printBounded(string(key))}:${printBounded(item)}`,
  );
  return `map[${entries.join(' ')}]`;
}

export function unprintable(value: Value, index: number): Refusal {
  return new Refusal(`${nameOfKind(value)} can't be printed`, {
    index,
    hint: 'Name one value in it, as in {{.Artifact.Value}}.',
  });
}

/** Go's `print`: a space between two values neither of which is a string. */
export function printAll(values: readonly Value[], index: number): string {
  const parts = values.map((value, position) => {
    const before = values[position - 1];
    const isApart = before !== undefined && before.kind !== 'string' && value.kind !== 'string';
    return `${isApart ? ' ' : ''}${print(value, index)}`;
  });
  return parts.join('');
}

/** Go's `println`: a space between any two values, and the end of the line. */
export function printLine(values: readonly Value[], index: number): string {
  return `${values.map((value) => print(value, index)).join(' ')}\n`;
}
