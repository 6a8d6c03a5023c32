import type { Json, JsonObject } from '../config/json.ts';
import { isObject, textOf } from './definition.ts';
import type { NormalDefinition } from './normalise.ts';

/** One thing that is different in the new version. */
export interface Difference {
  readonly kind: 'added' | 'changed' | 'removed';
  /** Of which container; left out for the task itself. */
  readonly container?: string;
  /** e.g. `environment.LOG_LEVEL`; empty for a whole container. */
  readonly path: string;
  /** As text; left out where there is none, and where it may be secret. */
  readonly before?: string;
  readonly after?: string;
  /** Whether what was or will be there may be secret: then neither is told. */
  readonly isSecret?: true;
}

/** A definition and the same with what may be secret masked. */
export interface Masked {
  readonly plain: NormalDefinition;
  readonly masked: NormalDefinition;
}

/**
 * What differs between two normal definitions: first the images, then what concerns the whole task,
 * then container by container.
 */
export function differencesOf(before: Masked, after: Masked): Difference[] {
  const names = new Set([...after.plain.containers.keys(), ...before.plain.containers.keys()]);
  const all = [
    ...differing(leaves(before, taskOf), leaves(after, taskOf)),
    ...[...names].flatMap((name) => ofContainer(name, before, after)),
  ];
  const isImage = ({ container, path }: Difference) =>
    container !== undefined && (path === 'image' || path === '');
  return [...all.filter(isImage), ...all.filter((difference) => !isImage(difference))];
}

function ofContainer(name: string, before: Masked, after: Masked): Difference[] {
  const was = before.plain.containers.get(name);
  const willBe = after.plain.containers.get(name);
  const image = (container: JsonObject) => textOf(container['image']);
  if (!was && willBe) return [{ kind: 'added', container: name, path: '', after: image(willBe) }];
  if (was && !willBe) return [{ kind: 'removed', container: name, path: '', before: image(was) }];
  const part = ({ containers }: NormalDefinition) => containers.get(name) ?? {};
  return differing(leaves(before, part), leaves(after, part)).map((difference) => ({
    ...difference,
    container: name,
  }));
}

function taskOf({ task }: NormalDefinition): JsonObject {
  return task;
}

/** A value within a definition, as text. */
interface Leaf {
  readonly text: string;
  readonly isSecret: boolean;
}

function leaves(
  { plain, masked }: Masked,
  part: (definition: NormalDefinition) => JsonObject,
): ReadonlyMap<string, Leaf> {
  const shown = flattened(part(masked));
  return new Map(
    Array.from(flattened(part(plain)), ([path, text]) => [
      path,
      { text, isSecret: shown.get(path) !== text },
    ]),
  );
}

function differing(
  before: ReadonlyMap<string, Leaf>,
  after: ReadonlyMap<string, Leaf>,
): Difference[] {
  const paths = [...new Set([...before.keys(), ...after.keys()])].sort();
  return paths.flatMap((path): Difference[] => {
    const was = before.get(path);
    const willBe = after.get(path);
    if (was?.text === willBe?.text) return [];
    const kind = !was ? 'added' : willBe ? 'changed' : 'removed';
    const isSecret = was?.isSecret || willBe?.isSecret;
    if (isSecret) return [{ kind, path, isSecret: true }];
    const texts = { ...(was && { before: was.text }), ...(willBe && { after: willBe.text }) };
    return [{ kind, path, ...texts }];
  });
}

/** The values within an object by their path. A list counts as one value: its order means something. */
function flattened(object: JsonObject): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const visit = (value: Json, path: string) => {
    if (isObject(value)) {
      for (const [name, member] of Object.entries(value)) visit(member, joined(path, name));
      return;
    }
    found.set(path, textOf(value));
  };
  visit(object, '');
  return found;
}

/** Names with dots in them stand in quotes, so that no two paths look alike. */
function joined(path: string, name: string): string {
  const segment = /^[^.[\]"\s]+$/.test(name) ? name : JSON.stringify(name);
  return path === '' ? segment : `${path}.${segment}`;
}
