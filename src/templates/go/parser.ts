import { type Token, tokensOf } from './lexer.ts';
import { parsePipeline } from './parse-pipeline.ts';
import { Refusal } from './refusal.ts';
import { TokenReader } from './token-reader.ts';
import type { BranchNode, Node } from './tree.ts';

/**
 * What a path without a dot stands for, which Go does not have: checked when it is read, so that
 * `{{esle}}` is found in a branch that is never taken, and worked out when it is printed.
 * @throws {Refusal} for what is no such path
 */
export type ReadPath = (source: string, index: number) => () => string;

/**
 * Reads a template as Go does.
 * @throws {Refusal} at the first place that can't be right
 * @see Package text/template, Go standard library
 */
export function parseTemplate(template: string, readPath: ReadPath): Node[] {
  return new Parser(template, readPath).document();
}

/** What ends a list of nodes. */
type Ending = 'else' | 'end' | 'end of template';

const BRANCHES: ReadonlySet<string> = new Set(['if', 'with', 'range']);
const NESTED_TEMPLATES: ReadonlySet<string> = new Set(['define', 'template', 'block']);

class Parser {
  readonly #reader: TokenReader;
  readonly #readPath: ReadPath;
  #rangeDepth = 0;

  constructor(template: string, readPath: ReadPath) {
    this.#readPath = readPath;
    this.#reader = new TokenReader(tokensOf(template));
  }

  document(): Node[] {
    const { nodes, ending, token } = this.#nodes();
    if (ending === 'end of template') return nodes;
    throw new Refusal(`{{${ending}}} belongs to nothing`, {
      index: token.index,
      hint: 'It stands after {{if}}, {{with}} or {{range}}.',
    });
  }

  /** Reads up to and with the word that ends the list; an `else` is left open. */
  #nodes(): { nodes: Node[]; ending: Ending; token: Token } {
    const reader = this.#reader;
    const nodes: Node[] = [];
    for (;;) {
      const token = reader.next();
      if (token.kind === 'end of template') return { nodes, ending: token.kind, token };
      if (token.kind === 'text') {
        nodes.push({ kind: 'text', text: token.text, index: token.index });
        continue;
      }
      if (reader.takeWord('end') !== undefined) {
        reader.expectClose('end');
        return { nodes, ending: 'end', token };
      }
      if (reader.takeWord('else') !== undefined) return { nodes, ending: 'else', token };
      nodes.push(this.#action(token));
    }
  }

  #action(open: Token): Node {
    const reader = this.#reader;
    const path = reader.take('path');
    if (path !== undefined) {
      reader.expectClose(path.text);
      const { index } = open;
      return { kind: 'path', render: this.#readPath(path.text, index), index };
    }
    const { kind, text } = reader.peek();
    if (kind === 'word' && BRANCHES.has(text)) return this.#branch(open);
    if (kind === 'word' && (text === 'break' || text === 'continue')) return this.#jump(open, text);
    if (kind === 'word' && NESTED_TEMPLATES.has(text)) {
      throw new Refusal(`{{${text}}} is not supported: every string is one template by itself`, {
        index: open.index,
        hint: 'Write what it stands for where it is wanted.',
      });
    }
    return { kind: 'print', pipeline: parsePipeline(reader, 'the action', 'close') };
  }

  #jump(open: Token, kind: 'break' | 'continue'): Node {
    this.#reader.next();
    this.#reader.expectClose(kind);
    if (this.#rangeDepth > 0) return { kind };
    throw new Refusal(`{{${kind}}} stands outside of {{range}}`, {
      index: open.index,
      hint: 'Only a loop can be left.',
    });
  }

  #branch(open: Token): BranchNode {
    return this.#reader.nested(open.index, () => {
      const { variables } = this.#reader;
      const before = variables.length;
      const kind = this.#reader.next().text as BranchNode['kind'];
      const pipeline = parsePipeline(this.#reader, `{{${kind}}}`, 'close');
      const own = variables.length;
      if (kind === 'range') this.#rangeDepth += 1;
      const body = this.#nodes();
      if (kind === 'range') this.#rangeDepth -= 1;
      variables.length = own;
      const otherwise = body.ending === 'else' ? this.#otherwise(kind, open) : [];
      variables.length = before;
      if (body.ending === 'end of template') throw unclosed(kind, open);
      return { kind, pipeline, body: body.nodes, otherwise };
    });
  }

  /** What stands after `{{else`. `else if` and `else with` share the end of what they belong to. */
  #otherwise(kind: BranchNode['kind'], open: Token): Node[] {
    const reader = this.#reader;
    const isChained = reader.peek().kind === 'word' && reader.peek().text === kind;
    if (isChained && kind !== 'range') return [this.#branch(reader.peek())];
    reader.expectClose('else');
    const { nodes, ending, token } = this.#nodes();
    if (ending === 'end') return nodes;
    if (ending === 'end of template') throw unclosed(kind, open);
    throw new Refusal('a second {{else}} stands where only {{end}} can', {
      index: token.index,
      hint: 'Several cases are written as {{if ...}}...{{else if ...}}...{{else}}...{{end}}.',
    });
  }
}

function unclosed(kind: string, open: Token): Refusal {
  return new Refusal(`{{${kind}}} has no {{end}}`, {
    index: open.index,
    hint: 'Close it with {{end}}.',
  });
}
