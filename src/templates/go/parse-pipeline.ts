import { suggest } from '../../config/suggest.ts';
import type { Token } from './lexer.ts';
import { characterOf, numberOf, stringOf } from './literals.ts';
import { Refusal } from './refusal.ts';
import type { TokenReader } from './token-reader.ts';
import type { Command, Operand, Pipeline } from './tree.ts';
import { bool, NIL, type Value } from './value.ts';
import { FUNCTION_NAMES, isFunctionName, KEYWORDS } from './words.ts';

/**
 * Reads `$x := command | command` up to and with what ends it.
 * @param role what the pipeline is for, for messages: `{{if}}`
 * @throws {Refusal}
 */
export function parsePipeline(reader: TokenReader, role: string, end: 'close' | ')'): Pipeline {
  const { index } = reader.peek();
  const { variables, assigns } = parseVariables(reader, role);
  const commands: Command[] = [];
  while (reader.take(end) === undefined) {
    const command = parseCommand(reader, role, end);
    if (commands.length > 0) assertTakesValue(command);
    commands.push(command);
  }
  if (commands.length === 0) {
    throw new Refusal(`found no value in ${role}`, {
      index,
      hint: 'Name a value, as in {{.Artifact.Value}}.',
    });
  }
  return { index, variables, assigns, commands };
}

function parseVariables(
  reader: TokenReader,
  role: string,
): Pick<Pipeline, 'variables' | 'assigns'> {
  const found: Token[] = [];
  while (reader.peek().kind === 'variable') {
    const after = reader.peek(1).kind;
    if (after === ':=' || after === '=') {
      found.push(reader.next());
      reader.next();
      return { variables: declare(reader, found, after === '='), assigns: after === '=' };
    }
    if (after !== ',') break;
    found.push(reader.next());
    if (role !== '{{range}}' || found.length > 1) reader.refuseNext('":=" or "=": one variable');
    reader.next();
    if (reader.peek().kind !== 'variable') reader.refuseNext('a second variable');
  }
  // Go takes `{{range $a, $b}}` for a declaration of $a and goes on with $b.
  return { variables: declare(reader, found, false), assigns: false };
}

function declare(reader: TokenReader, variables: readonly Token[], assigns: boolean): string[] {
  for (const variable of variables) {
    if (assigns) reader.assertDeclared(variable);
    else reader.variables.push(variable.text);
  }
  return variables.map(({ text }) => text);
}

/** A value that a pipe is led into must come from something that takes arguments. */
function assertTakesValue({ first, index }: Command): void {
  if (first.kind !== 'constant' && first.kind !== 'dot') return;
  throw new Refusal(`found ${first.text} after "|"; expected a function`, {
    index,
    hint: 'The value before "|" becomes the last argument of the function after it.',
  });
}

function parseCommand(reader: TokenReader, role: string, end: 'close' | ')'): Command {
  const { index } = reader.peek();
  const first = parseOperand(reader);
  if (first === undefined) reader.refuseNext(`a value in ${role}`);
  const args: Operand[] = [];
  for (;;) {
    if (reader.take('|') !== undefined || reader.peek().kind === end) break;
    const next = reader.peek().spaced ? parseOperand(reader) : undefined;
    if (next === undefined) {
      reader.refuseNext(
        `a space, "|" or ${end === 'close' ? '"}}"' : '")"'} after ${lastOf(first, args)}`,
      );
    }
    args.push(next);
  }
  return { index, first, args };
}

function lastOf(first: Operand, args: readonly Operand[]): string {
  return (args.at(-1) ?? first).text;
}

/** A term and the fields behind it; undefined when something else comes next. */
function parseOperand(reader: TokenReader): Operand | undefined {
  const { kind, index } = reader.peek();
  if (kind === 'field') return parseFields(reader, { kind: 'dot', index, text: '' });
  const term = parseTerm(reader);
  if (term === undefined || reader.peek().kind !== 'field' || reader.peek().spaced) return term;
  if (term.kind === 'constant' || term.kind === 'dot') {
    reader.refuseNext(`no field of ${term.text}: it has none`);
  }
  return parseFields(reader, term);
}

function parseFields(reader: TokenReader, of: Operand): Operand {
  const fields: Token[] = [];
  do fields.push(reader.next());
  while (reader.peek().kind === 'field' && !reader.peek().spaced);
  const names = fields.map(({ text }) => (text[1] === '[' ? text.slice(2, -1) : text.slice(1)));
  const text = of.text + fields.map(({ text }) => text).join('');
  return { kind: 'fields', of, names, index: of.index, text };
}

function parseTerm(reader: TokenReader): Operand | undefined {
  const token = reader.peek();
  const { kind, index, text } = token;
  const value = constantOf(token);
  if (kind === 'word' && value === undefined) return parseWord(reader);
  if (value === undefined && kind !== 'dot' && kind !== 'variable' && kind !== '(')
    return undefined;
  reader.next();
  if (value !== undefined) return { kind: 'constant', value, index, text };
  if (kind === 'dot') return { kind, index, text };
  if (kind === 'variable') {
    reader.assertDeclared(token);
    return { kind, name: text, index, text };
  }
  const pipeline = reader.nested(index, () => parsePipeline(reader, 'parentheses', ')'));
  return { kind: 'pipeline', pipeline, index, text: '(...)' };
}

function constantOf(token: Token): Value | undefined {
  if (token.kind === 'number') return numberOf(token);
  if (token.kind === 'character') return characterOf(token);
  if (token.kind === 'string' || token.kind === 'raw string') return stringOf(token);
  return token.kind === 'word' ? WORD_VALUES.get(token.text) : undefined;
}

const WORD_VALUES: ReadonlyMap<string, Value> = new Map([
  ['true', bool(true)],
  ['false', bool(false)],
  ['nil', NIL],
]);

function parseWord(reader: TokenReader): Operand | undefined {
  const { index, text } = reader.peek();
  if (KEYWORDS.includes(text)) return undefined;
  if (text === 'call') {
    throw new Refusal('the function call is not supported: no value is a function', {
      index,
      hint: 'Name the function itself, as in {{len .Artifact.Value}}.',
    });
  }
  if (!isFunctionName(text)) throw unknownFunction(text, index);
  reader.next();
  return { kind: 'function', name: text, index, text };
}

/** Most often a misspelt function, or a value without its dot. */
function unknownFunction(name: string, index: number): Refusal {
  const meant = suggest(name, FUNCTION_NAMES);
  return new Refusal(`there is no function ${name}. There are: ${FUNCTION_NAMES.join(', ')}`, {
    index,
    hint:
      meant === undefined
        ? `A value is named with a dot before it, as in {{.${name}}}.`
        : `Did you mean ${meant}?`,
  });
}
