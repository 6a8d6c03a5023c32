import { COMMENT_HINT, hintFor, NAME_HINT } from './hints.ts';
import { TEXT_MAX, tooLong } from './limits.ts';
import { Refusal } from './refusal.ts';
import { isFunctionName, KEYWORDS } from './words.ts';

export type TokenKind =
  | 'text'
  | 'open'
  | 'close'
  | 'end of template'
  /** A path without a dot before it: Handlebars' way to name a value. Fills its action. */
  | 'path'
  | 'word'
  | 'field'
  | 'variable'
  | 'dot'
  | 'number'
  | 'character'
  | 'string'
  | 'raw string'
  | ':='
  | '='
  | '|'
  | ','
  | '('
  | ')';

export interface Token {
  readonly kind: TokenKind;
  /** As it stands in the template; of text, what is left after trimming. */
  readonly text: string;
  readonly index: number;
  /** White space stands before it. */
  readonly spaced: boolean;
}

const OPEN = '{{';
const CLOSE = '}}';
const SPACE = /[ \t\r\n]+/y;
const TRIM_BEFORE = /-[ \t\r\n]/y;
const TRIM_AFTER = /[ \t\r\n]-\}\}/y;
const LEADING_SPACE = /^[ \t\r\n]+/;
const PATH =
  /[ \t\r\n]*((?:\p{L}|_)(?:\[[^\]]*\]|[^ \t\r\n{}[\]()|"'`=:,])*)(?=[ \t\r\n]*\}\}|[ \t\r\n]+-\}\})/uy;
const LETTERS = '[\\p{L}\\p{Nd}_]';
/** What ends a name. */
const AFTER_NAME = /[ \t\r\n.,|:()]|\}\}|$/y;

/** In this order: a number may begin with what begins a field. */
const PATTERNS: readonly (readonly [TokenKind, RegExp])[] = [
  [
    'number',
    /(?=[+\-0-9]|\.[0-9])[+-]?(?:0[xX][0-9a-fA-F_]*(?:\.[0-9a-fA-F_]*)?(?:[pP][+-]?[0-9_]*)?|0[oO][0-7_]*|0[bB][01_]*|[0-9_]*(?:\.[0-9_]*)?(?:[eE][+-]?[0-9_]*)?)i?/y,
  ],
  ['field', new RegExp(`\\.(?:${LETTERS}+|\\[[^\\]]*\\])`, 'uy')],
  ['dot', /\./y],
  ['variable', new RegExp(`\\$${LETTERS}*`, 'uy')],
  ['word', new RegExp(`${LETTERS}+`, 'uy')],
  ['string', /"[^"\\\n]*(?:\\[^\n][^"\\\n]*)*"/y],
  ['raw string', /`[^`]*`/y],
  ['character', /'[^'\\\n]*(?:\\[^\n][^'\\\n]*)*'/y],
  [':=', /:=/y],
  ['=', /=/y],
  ['|', /\|/y],
  [',', /,/y],
  ['(', /\(/y],
  [')', /\)/y],
];

const NAMES: ReadonlySet<TokenKind> = new Set<TokenKind>(['field', 'dot', 'variable', 'word']);

/**
 * Cuts a template into tokens by Go's rules: every `{{` begins an action, `{{- ` and ` -}}` take the
 * white space beside them away, comments vanish. The last token is `end of template`.
 *
 * Two forms are Handlebars': an action that is a bare path, and `.[any text]` for a name that is no
 * Go identifier.
 * @throws {Refusal}
 * @see Package text/template, Go standard library
 */
export function tokensOf(template: string): Token[] {
  if (template.length > TEXT_MAX) throw tooLong(0);
  return new Lexer(template).run();
}

class Lexer {
  readonly #text: string;
  readonly #tokens: Token[] = [];
  #index = 0;
  #spaced = false;
  #trimNext = false;

  constructor(text: string) {
    this.#text = text;
  }

  run(): Token[] {
    for (;;) {
      const open = this.#text.indexOf(OPEN, this.#index);
      this.#readText(open < 0 ? this.#text.length : open);
      if (open < 0) break;
      this.#readAction(open);
    }
    this.#push('end of template', '', this.#index);
    return this.#tokens;
  }

  #readText(end: number): void {
    const start = this.#index;
    let text = this.#text.slice(start, end);
    if (this.#trimNext) text = text.replace(LEADING_SPACE, '');
    this.#trimNext = false;
    this.#index = Math.min(end + OPEN.length, this.#text.length);
    if (this.#match(TRIM_BEFORE) !== undefined) text = trimmedEnd(text);
    if (text !== '') this.#push('text', text, start);
  }

  #readAction(open: number): void {
    if (this.#text.startsWith('/*', this.#index)) {
      this.#skipComment(open);
      return;
    }
    this.#push('open', OPEN, open);
    this.#readPath();
    while (!this.#readClose()) this.#readToken(open);
  }

  #skipComment(open: number): void {
    const end = this.#text.indexOf('*/', this.#index + 2);
    if (end < 0) this.#refuse('the comment has no "*/" after it', open, COMMENT_HINT);
    this.#index = end + 2;
    if (this.#closes()) return;
    this.#refuse(
      `found ${this.#found} after the comment; expected "}}"`,
      this.#index,
      COMMENT_HINT,
    );
  }

  /** An action that Go could only refuse, as it has no function of this name. */
  #readPath(): void {
    const start = this.#index;
    const path = this.#match(PATH)?.trimStart();
    const word = path === undefined ? undefined : /^[\p{L}\p{Nd}_]+/u.exec(path)?.[0];
    if (path === undefined || word === undefined) return;
    if (isFunctionName(word) || KEYWORDS.includes(word)) this.#index = start;
    else this.#push('path', path, this.#index - path.length);
  }

  #readClose(): boolean {
    const start = this.#index;
    // Go looks for the trim marker at the last white space, so that `x  -}}` has one as well.
    const space = this.#match(SPACE) ?? '';
    const end = this.#index;
    if (space !== '') this.#index = end - 1;
    if (this.#closes()) {
      this.#push('close', this.#text.slice(start, this.#index), start);
      return true;
    }
    this.#index = end;
    if (this.#closes()) {
      this.#push('close', CLOSE, end);
      return true;
    }
    this.#spaced = space !== '';
    return false;
  }

  /** Passes `}}` or ` -}}` if that comes next. */
  #closes(): boolean {
    this.#trimNext = this.#match(TRIM_AFTER) !== undefined;
    if (this.#trimNext) return true;
    const isClose = this.#text.startsWith(CLOSE, this.#index);
    if (isClose) this.#index += CLOSE.length;
    return isClose;
  }

  #readToken(open: number): void {
    const start = this.#index;
    for (const [kind, pattern] of PATTERNS) {
      const text = this.#match(pattern);
      if (text === undefined) continue;
      this.#push(kind, text, start);
      if (NAMES.has(kind)) this.#assertNameEnds(text, open);
      return;
    }
    this.#assertClosed(open);
    this.#refuse(`found ${this.#found}, which begins nothing`, start, hintFor(this.#sign));
  }

  #assertNameEnds(name: string, open: number): void {
    AFTER_NAME.lastIndex = this.#index;
    if (AFTER_NAME.test(this.#text)) return;
    this.#assertClosed(open);
    const found = `found ${this.#found} after ${name}`;
    const hint = this.#sign === '-' ? NAME_HINT : hintFor(this.#sign);
    this.#refuse(`${found}; expected a space, ".", "|", "(", ")" or "}}"`, this.#index, hint);
  }

  #assertClosed(open: number): void {
    if (this.#text.includes(CLOSE, open)) return;
    this.#refuse('"{{" has no "}}" after it', open, 'Close it as in {{.Artifact.Value}}.');
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#index;
    const text = pattern.exec(this.#text)?.[0];
    if (text !== undefined) this.#index += text.length;
    return text;
  }

  #push(kind: TokenKind, text: string, index: number): void {
    this.#tokens.push({ kind, text, index, spaced: this.#spaced });
    this.#spaced = false;
  }

  /** The next character; empty at the end. */
  get #sign(): string {
    const point = this.#text.codePointAt(this.#index);
    return point === undefined ? '' : String.fromCodePoint(point);
  }

  /** The next character, for messages. */
  get #found(): string {
    return this.#sign === '' ? 'the end' : JSON.stringify(this.#sign);
  }

  #refuse(message: string, index: number, hint: string): never {
    throw new Refusal(message, { index, hint });
  }
}

/** Not by a pattern: one that is tied to the end tries every place, which takes long in long texts. */
function trimmedEnd(text: string): string {
  let end = text.length;
  while (end > 0 && ' \t\r\n'.includes(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}
