import {
  type Alias,
  Composer,
  CST,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  Parser,
  Scalar,
} from 'yaml';
import type { Position, SourceMember, SourceNode } from './json.ts';
import type { Path } from './problems.ts';
import { type SyntaxProblem, SyntaxProblems } from './syntax-problems.ts';
import { plainScalar } from './yaml-scalars.ts';

/** Longer than any config, in UTF-16 code units. */
const TEXT_MAX = 1024 * 1024;
/** Deeper than any config, and far from what the call stack can hold. */
const DEPTH_MAX = 100;
/** More than any config has, with everything counted as often as it is named by an alias. */
const NODES_MAX = 100_000;
const PROBLEMS_MAX = 20;

/**
 * Reads YAML 1.2 as far as it says the same as JSON could, to every reader. Refused by name: more
 * than one document, tags, merge keys, keys that are no strings, keys given twice, and scalars that
 * readers disagree about. Aliases stand for what they name, as often as that fits any config.
 * @throws {SyntaxProblems} with everything that is wrong
 */
export function parseYaml(text: string): SourceNode {
  if (text.length > TEXT_MAX) {
    refuse({ line: 1, column: 1 }, `is longer than ${TEXT_MAX} characters`);
  }
  const lines = new LineCounter();
  const tokens = [...new Parser(lines.addNewLine).parse(text.replace(/^\uFEFF/, ''))];
  const positionOf = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line, column: Math.max(col, 1) };
  };
  const tooDeep = tokens.map(firstTooDeep).find((token) => token !== undefined);
  if (tooDeep) refuse(positionOf(tooDeep.offset), `nested deeper than ${DEPTH_MAX} levels`);

  // As text: what a scalar stands for is decided here, in one place.
  const composer = new Composer({ schema: 'failsafe', uniqueKeys: false, prettyErrors: false });
  const [document, another, ...more] = composer.compose(tokens);
  const documents = [document, another, ...more].filter((one) => one !== undefined);
  const problems = documents
    .flatMap(({ errors }) => errors)
    .map(({ message, pos }) => {
      const at = positionOf(pos[0]);
      return { at, message: `not YAML: ${message}${templateHint(text, at)}` };
    });
  if (problems.length > 0) throw new SyntaxProblems(problems.slice(0, PROBLEMS_MAX));
  if (another) {
    const message = 'a second document begins here; a config is one document';
    refuse(positionOf(another.range[0]), message);
  }
  return new YamlReader(positionOf, text).document(document);
}

/** The usual mistake: to YAML, braces that begin a value are no template but a mapping. */
function templateHint(text: string, { line }: Position): string {
  const lineText = text.split('\n', line)[line - 1] ?? '';
  return /[:,[-]\s+\{\{/.test(lineText) ? '; a value that begins with {{ has to be quoted' : '';
}

function refuse(at: Position, message: string): never {
  throw new SyntaxProblems([{ at, message }]);
}

/** Looked for without recursion, for what comes after this recurses. */
function firstTooDeep(document: CST.Token): CST.Token | undefined {
  let level: CST.Token[] = [document];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > DEPTH_MAX) return level[0];
    level = level.flatMap(insideOf);
  }
  return undefined;
}

function insideOf(token: CST.Token): CST.Token[] {
  if (token.type === 'document') return token.value ? [token.value] : [];
  if (!CST.isCollection(token)) return [];
  return token.items.flatMap(({ key, value }) => [key, value].filter((one) => !!one));
}

/** What an anchor names, and how large it is with everything in it. */
interface Anchored {
  readonly node: SourceNode;
  readonly nodes: number;
  readonly depth: number;
}

class YamlReader {
  readonly #positionOf: (offset: number) => Position;
  readonly #text: string;
  readonly #problems: SyntaxProblem[] = [];
  readonly #anchors = new Map<string, Anchored>();
  #nodes = 0;
  /** How deep the deepest node was since this was last set. */
  #deepest = 0;

  constructor(positionOf: (offset: number) => Position, text: string) {
    this.#positionOf = positionOf;
    this.#text = text;
  }

  document(document: Document.Parsed | undefined): SourceNode {
    const contents = document?.contents;
    if (!document || !contents) return refuse({ line: 1, column: 1 }, 'the file is empty');
    const { version } = document.directives.yaml;
    if (version !== '1.2') this.#note(0, [], `is YAML ${version}; only YAML 1.2 is read`);
    const node = this.#node(contents, [], 0);
    if (this.#problems.length === 0) return node;
    throw new SyntaxProblems(this.#problems.slice(0, PROBLEMS_MAX));
  }

  #node(node: Node | null | undefined, path: Path, depth: number): SourceNode {
    const offset = node?.range?.[0] ?? 0;
    const at = this.#positionOf(offset);
    if (isAlias(node)) return this.#alias(node, path, depth);
    this.#count(offset, 1, depth);
    if (node?.tag !== undefined) {
      this.#note(offset, path, 'has a tag, which no config needs; put text in quotes');
    }
    const before = { nodes: this.#nodes, deepest: this.#deepest };
    this.#deepest = depth;
    const read = this.#value(node, at, path, depth);
    const anchor = node?.anchor;
    if (anchor !== undefined) {
      const nodes = this.#nodes - before.nodes + 1;
      this.#anchors.set(anchor, { node: read, nodes, depth: this.#deepest - depth });
    }
    this.#deepest = Math.max(this.#deepest, before.deepest);
    return read;
  }

  #value(node: Node | null | undefined, at: Position, path: Path, depth: number): SourceNode {
    if (isMap(node)) return { kind: 'object', at, members: this.#members(node.items, path, depth) };
    if (isSeq(node)) {
      const items = node.items.map((item, index) =>
        this.#node(item as Node, [...path, index], depth + 1),
      );
      return { kind: 'array', at, items };
    }
    if (!isScalar(node)) return { kind: 'scalar', at, value: null };
    return { kind: 'scalar', at, value: this.#scalar(node, path) };
  }

  #scalar(scalar: Scalar, path: Path): string | number | boolean | null {
    const text = textOf(scalar);
    if (scalar.type !== Scalar.PLAIN) return text;
    const read = plainScalar(text);
    if (read.kind === 'value') return read.value;
    this.#note(scalar.range?.[0] ?? 0, path, read.why);
    return text;
  }

  #members(pairs: readonly Pair[], path: Path, depth: number): SourceMember[] {
    const seen = new Set<string>();
    return pairs.flatMap(({ key, value }) => {
      const offset = (key as Node | null)?.range?.[0] ?? 0;
      const name = this.#key(key as Node | null, path);
      if (name === undefined) return [];
      const inside = [...path, name];
      if (seen.has(name)) this.#note(offset, inside, 'is given twice');
      seen.add(name);
      const node = this.#node(value as Node | null, inside, depth + 1);
      return [{ key: name, at: this.#positionOf(offset), value: node }];
    });
  }

  #key(key: Node | null, path: Path): string | undefined {
    const offset = key?.range?.[0] ?? 0;
    if (!isScalar(key)) {
      const hint = templateHint(this.#text, this.#positionOf(offset));
      this.#note(offset, path, `has a key that is no text, which no config has${hint}`);
      return undefined;
    }
    const name = textOf(key);
    const inside = [...path, name];
    if (key.tag !== undefined || key.anchor !== undefined) {
      this.#note(offset, inside, 'is a key with a tag or an anchor; write the bare key');
    }
    // As a key of a JavaScript object it would be no key, and no file needs it.
    if (name === '__proto__') this.#note(offset, inside, "can't be a key");
    if (key.type !== Scalar.PLAIN) return name;
    if (name === '<<') {
      const message = 'is a merge key, which YAML 1.2 does not have; write out what it would add';
      this.#note(offset, inside, message);
    } else if (typeof readKey(name) !== 'string') {
      this.#note(offset, inside, 'is a key that some YAML readers take for no text; quote it');
    }
    return name;
  }

  #alias(alias: Alias, path: Path, depth: number): SourceNode {
    const offset = alias.range?.[0] ?? 0;
    const at = this.#positionOf(offset);
    const anchored = this.#anchors.get(alias.source);
    if (!anchored) {
      this.#note(offset, path, `*${alias.source} names no anchor that ends before it`);
      return { kind: 'scalar', at, value: null };
    }
    this.#count(offset, anchored.nodes, depth + anchored.depth);
    return { ...anchored.node, at };
  }

  /** Stops everything at once: there may be very much more. */
  #count(offset: number, nodes: number, depth: number): void {
    this.#nodes += nodes;
    this.#deepest = Math.max(this.#deepest, depth);
    const at = this.#positionOf(offset);
    if (this.#nodes > NODES_MAX) {
      refuse(at, `the aliases up to here stand for more than ${NODES_MAX} values`);
    }
    if (depth > DEPTH_MAX) refuse(at, `nested deeper than ${DEPTH_MAX} levels`);
  }

  #note(offset: number, path: Path, message: string): void {
    this.#problems.push({ at: this.#positionOf(offset), path, message });
  }
}

/** The composer was told to leave every scalar a text. */
function textOf({ value }: Scalar): string {
  return typeof value === 'string' ? value : '';
}

function readKey(name: string): unknown {
  const read = plainScalar(name);
  return read.kind === 'value' ? read.value : undefined;
}
