import type { Position, SourceMember, SourceNode } from './json.ts';

/** Deeper than any config, and far from what the call stack can hold. */
const DEPTH_MAX = 100;

const SPACE = /[ \t\r\n]*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /[\w$]+/y;
const STRING = /"(?:[^"\\\r\n]|\\.)*"/y;
const WORDS = new Map<string, boolean | null>([
  ['true', true],
  ['false', false],
  ['null', null],
]);

/** The text is not JSON. The message says what is wrong at `at`. */
export class JsonSyntaxError extends Error {
  readonly at: Position;

  constructor(message: string, at: Position) {
    super(message);
    this.name = 'JsonSyntaxError';
    this.at = at;
  }
}

/**
 * Reads JSON. Unlike JSON.parse it keeps repeated keys, their order and the place of everything, so
 * that a config error can name the line, and "the last one counts" means what it meant in Go.
 * @throws {JsonSyntaxError} at the first character that can't be right
 */
export function parseJson(text: string): SourceNode {
  return new JsonReader(text).document();
}

class JsonReader {
  readonly #text: string;
  #index = 0;
  #depth = 0;
  // Positions are asked for in the order of the text, so each line break is counted once.
  #lineStart = 0;
  #line = 1;
  #counted = 0;

  constructor(text: string) {
    this.#text = text;
    if (text.startsWith('\uFEFF')) this.#index = this.#lineStart = this.#counted = 1;
  }

  document(): SourceNode {
    this.#match(SPACE);
    if (this.#index >= this.#text.length) this.#fail('the file is empty');
    const value = this.#value();
    this.#match(SPACE);
    if (this.#index < this.#text.length) {
      this.#fail(`nothing may follow the outermost value, found ${this.#found()}`);
    }
    return value;
  }

  #value(): SourceNode {
    const at = this.#position();
    switch (this.#text[this.#index] ?? '') {
      case '{':
        return { kind: 'object', at, members: this.#list('}', () => this.#member()) };
      case '[':
        return { kind: 'array', at, items: this.#list(']', () => this.#value()) };
      case '"':
        return { kind: 'scalar', at, value: this.#string() };
      default:
        return { kind: 'scalar', at, value: this.#word() };
    }
  }

  #list<T>(end: '}' | ']', item: () => T): T[] {
    this.#depth += 1;
    if (this.#depth > DEPTH_MAX) this.#fail(`nested deeper than ${DEPTH_MAX} levels`);
    const items: T[] = [];
    this.#index += 1;
    this.#match(SPACE);
    if (this.#text[this.#index] !== end) {
      for (;;) {
        items.push(item());
        this.#match(SPACE);
        if (this.#text[this.#index] !== ',') break;
        this.#index += 1;
        this.#match(SPACE);
        if (this.#text[this.#index] === end) this.#fail(`no comma may stand before "${end}"`);
      }
      if (this.#text[this.#index] !== end) {
        this.#fail(`expected "," or "${end}", found ${this.#found()}`);
      }
    }
    this.#index += 1;
    this.#depth -= 1;
    return items;
  }

  #member(): SourceMember {
    const at = this.#position();
    if (this.#text[this.#index] !== '"') {
      this.#fail(`expected a key in double quotes, found ${this.#found()}`);
    }
    const key = this.#string();
    // As a key of a JavaScript object it would be no key, and no file needs it.
    if (key === '__proto__') this.#fail('"__proto__" can\'t be a key', at);
    this.#match(SPACE);
    if (this.#text[this.#index] !== ':') {
      this.#fail(`expected ":" after the key ${JSON.stringify(key)}, found ${this.#found()}`);
    }
    this.#index += 1;
    this.#match(SPACE);
    return { key, at, value: this.#value() };
  }

  #string(): string {
    const at = this.#position();
    const raw = this.#match(STRING);
    if (raw === '') this.#fail('this string has no closing quote on its line', at);
    try {
      return JSON.parse(raw) as string;
    } catch {
      return this.#fail('this string has a wrong escape or a control character in it', at);
    }
  }

  #word(): number | boolean | null {
    const number = this.#match(NUMBER);
    if (number !== '' && !/[\w.]/.test(this.#text[this.#index] ?? '')) return Number(number);
    this.#index -= number.length;
    const start = this.#index;
    const value = WORDS.get(this.#match(WORD));
    if (value !== undefined) return value;
    this.#index = start;
    return this.#fail(`expected a value, found ${this.#found()}`);
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#index;
    const matched = pattern.exec(this.#text)?.[0] ?? '';
    this.#index += matched.length;
    return matched;
  }

  #found(): string {
    const rest = this.#text.slice(this.#index);
    if (rest === '') return 'the end of the file';
    if (/^\/[/*]/.test(rest)) return 'a comment, which JSON does not have';
    if (rest.startsWith("'")) return "a single quote; JSON's strings stand in double quotes";
    return JSON.stringify(/^[\w$.+-]{1,20}|[^]/u.exec(rest)?.[0] ?? '');
  }

  #position(): Position {
    for (; this.#counted < this.#index; this.#counted += 1) {
      if (this.#text[this.#counted] === '\n') {
        this.#line += 1;
        this.#lineStart = this.#counted + 1;
      }
    }
    return { line: this.#line, column: this.#index - this.#lineStart + 1 };
  }

  #fail(message: string, at = this.#position()): never {
    throw new JsonSyntaxError(message, at);
  }
}
