import { suggest } from '../../config/suggest.ts';
import { ACTION_HINT } from './hints.ts';
import type { Token, TokenKind } from './lexer.ts';
import { NESTING_MAX } from './limits.ts';
import { Refusal } from './refusal.ts';

/** Where a parser is in the tokens, and which variables it has seen declared. */
export class TokenReader {
  /** `$` is always there: the values that the template was given. */
  readonly variables: string[] = ['$'];
  #tokens: readonly Token[];
  #at = 0;
  #depth = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  /** The next token, or the one after it. Behind the last one there is always that last one. */
  peek(ahead = 0): Token {
    const token = this.#tokens[Math.min(this.#at + ahead, this.#tokens.length - 1)];
    if (token === undefined) throw new Error('There are no tokens.'); // The lexer gives at least one.
    return token;
  }

  next(): Token {
    const token = this.peek();
    this.#at += 1;
    return token;
  }

  /** Passes the next token if it is of this kind. */
  take(kind: TokenKind): Token | undefined {
    return this.peek().kind === kind ? this.next() : undefined;
  }

  /** Passes the next token if it is this word. */
  takeWord(text: string): Token | undefined {
    return this.peek().kind === 'word' && this.peek().text === text ? this.next() : undefined;
  }

  /** @throws {Refusal} when something else comes next */
  expectClose(after: string): void {
    if (this.take('close') === undefined) this.refuseNext(`"}}" after ${after}`);
  }

  /** Parses what is inside of something. @throws {Refusal} when that gets too deep */
  nested<T>(index: number, parse: () => T): T {
    this.#depth += 1;
    if (this.#depth > NESTING_MAX) {
      throw new Refusal(`nested deeper than ${NESTING_MAX} levels`, {
        index,
        hint: 'Write it flatter.',
      });
    }
    const result = parse();
    this.#depth -= 1;
    return result;
  }

  /** @throws {Refusal} for a variable that is not declared here */
  assertDeclared(variable: Token): void {
    if (this.variables.includes(variable.text)) return;
    const meant = suggest(variable.text, this.variables);
    throw new Refusal(`${variable.text} is not declared here`, {
      index: variable.index,
      hint:
        meant === undefined
          ? `Declare it first, as in {{${variable.text} := .Region}}, in this block or around it.`
          : `Did you mean ${meant}?`,
    });
  }

  refuseNext(expected: string): never {
    const token = this.peek();
    throw new Refusal(`found ${nameOf(token)}; expected ${expected}`, {
      index: token.index,
      hint: ACTION_HINT,
    });
  }
}

function nameOf(token: Token): string {
  if (token.kind === 'end of template') return 'the end of the template';
  return token.kind === 'close' ? '"}}"' : token.text;
}
