import type * as z from 'zod/mini';
import type { Json, SourceMember, SourceNode } from './json.ts';
import { plain } from './json.ts';
import type { Locator, Path, Problem } from './problems.ts';
import { suggest } from './suggest.ts';

/** A file's values under the schema's own key names, and what was noticed on the way. */
export interface Mapped {
  readonly value: unknown;
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
}

/**
 * Gives every key that the schema knows the schema's spelling, and leaves keys that are data as they
 * are. As in Go: keys match in any ASCII case, the last of two equal ones counts (objects given
 * twice are merged), and null is the same as not given.
 */
export function mapKeys(file: SourceNode, schema: z.core.$ZodType, locator: Locator): Mapped {
  const mapper = new KeyMapper(locator);
  const value = mapper.map(file, schema, []);
  return { value, problems: mapper.problems, warnings: mapper.warnings };
}

type Shape = Readonly<Record<string, z.core.$ZodType>>;

class KeyMapper {
  readonly problems: Problem[] = [];
  readonly warnings: Problem[] = [];
  readonly #locator: Locator;

  constructor(locator: Locator) {
    this.#locator = locator;
  }

  map(node: SourceNode, schema: z.core.$ZodType, path: Path): unknown {
    this.#locator.note(path, node.at);
    const { def } = (unwrap(schema) as z.core.$ZodTypes)._zod;
    if (node.kind === 'object' && def.type === 'object') return this.#object(node, def, path);
    if (node.kind === 'object' && def.type === 'record') {
      return Object.fromEntries(
        node.members.map(({ key, value }) => [key, this.map(value, def.valueType, [...path, key])]),
      );
    }
    if (node.kind === 'array' && def.type === 'array') {
      return node.items.map((item, index) => this.map(item, def.element, [...path, index]));
    }
    return def.type === 'number' ? this.#number(plain(node), path) : plain(node);
  }

  #object(
    node: { readonly members: readonly SourceMember[] },
    def: z.core.$ZodObjectDef,
    path: Path,
  ): Record<string, unknown> {
    const names = namesByLowerCase(def.shape);
    const known = new Map<string, SourceMember>();
    const unknown: SourceMember[] = [];
    for (const member of node.members) {
      const name = names.get(lowerCase(member.key));
      if (name === undefined) unknown.push(member);
      else if (!isNull(member.value)) known.set(name, this.#merge(known.get(name), member, path));
    }
    const result: Record<string, unknown> = {};
    for (const [name, { value }] of known) {
      const schema = def.shape[name];
      if (schema) result[name] = this.map(value, schema, [...path, name]);
    }
    for (const member of unknown) {
      if (this.#unknown(member, def, path)) result[member.key] = plain(member.value);
    }
    return result;
  }

  #merge(earlier: SourceMember | undefined, later: SourceMember, path: Path): SourceMember {
    if (!earlier) return later;
    const both = `"${earlier.key}" and "${later.key}" are the same key`;
    if (earlier.value.kind === 'object' && later.value.kind === 'object') {
      this.#warn(path, later, `${both}; their contents are taken together`);
      const members = [...earlier.value.members, ...later.value.members];
      return { ...later, value: { ...later.value, members } };
    }
    this.#warn(path, later, `${both}; the last one counts`);
    return later;
  }

  /** Says what becomes of a key that the schema does not know. True: it is passed on. */
  #unknown(member: SourceMember, def: z.core.$ZodObjectDef, path: Path): boolean {
    const names = Object.keys(def.shape);
    const meant = suggest(member.key, names);
    const catchall = def.catchall?._zod.def.type;
    if (meant !== undefined || catchall === 'never') {
      const advice =
        meant === undefined ? `expected ${names.join(', ')}` : `did you mean ${meant}?`;
      this.#note(path, member);
      this.problems.push({ path: [...path, member.key], message: `is not a known key; ${advice}` });
      return false;
    }
    const passedOn = catchall === 'unknown';
    this.#warn(
      path,
      member,
      passedOn
        ? 'is not a key of ECS that this version knows; it is passed on as it is written'
        : 'is not a known key; it is ignored',
    );
    return passedOn;
  }

  /** Go took numbers of containers unquoted only. A quoted one can mean nothing else. */
  #number(value: Json, path: Path): Json {
    if (typeof value !== 'string' || !/^-?\d{1,15}$/.test(value)) return value;
    this.warnings.push({ path, message: 'is a number in quotes; it is read as a number' });
    return Number(value);
  }

  #warn(path: Path, member: SourceMember, message: string): void {
    this.#note(path, member);
    this.warnings.push({ path: [...path, member.key], message });
  }

  #note(path: Path, member: SourceMember): void {
    this.#locator.note([...path, member.key], member.at);
  }
}

const nameTables = new WeakMap<Shape, ReadonlyMap<string, string>>();

function namesByLowerCase(shape: Shape): ReadonlyMap<string, string> {
  let table = nameTables.get(shape);
  if (!table) {
    table = new Map(Object.keys(shape).map((name) => [lowerCase(name), name]));
    nameTables.set(shape, table);
  }
  return table;
}

/** ASCII only: no letter from elsewhere may turn into a key's. */
function lowerCase(key: string): string {
  return key.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
}

function isNull(node: SourceNode): boolean {
  return node.kind === 'scalar' && node.value === null;
}

function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  return def.type === 'optional' ? unwrap(def.innerType) : schema;
}
