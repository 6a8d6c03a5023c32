import { callFunction, type LazyArgument } from './functions.ts';
import { print } from './format.ts';
import { Budget } from './limits.ts';
import { lookUp } from './look-up.ts';
import { type LookUpReference, Pending } from './reference.ts';
import { Refusal } from './refusal.ts';
import type { BranchNode, Command, Node, Operand, Pipeline } from './tree.ts';
import { int, isTrue, nameOfKind, NIL, sortedEntries, string, type Value } from './value.ts';
import type { FunctionName } from './words.ts';

/**
 * The text that a template makes of `root`, by the rules of Go's text/template.
 * @param lookUpReference gives what `env`, `ssm` and `secretArn` stand for
 * @throws {Refusal}
 * @throws {Pending} when something depends on a reference whose value isn't known yet
 */
export function evaluate(
  nodes: readonly Node[],
  root: Value,
  lookUpReference: LookUpReference,
): string {
  return new Evaluation(root, lookUpReference).text(nodes);
}

/** How a list of nodes ended. */
type Ending = 'done' | 'break' | 'continue';

class Evaluation {
  readonly #root: Value;
  readonly #lookUpReference: LookUpReference;
  readonly #budget = new Budget();
  readonly #output: string[] = [];
  /** The innermost variable is the last one. */
  readonly #variables: { readonly name: string; value: Value }[];

  constructor(root: Value, lookUpReference: LookUpReference) {
    this.#root = root;
    this.#lookUpReference = lookUpReference;
    this.#variables = [{ name: '$', value: root }];
  }

  text(nodes: readonly Node[]): string {
    this.#walk(nodes, this.#root);
    return this.#output.join('');
  }

  #walk(nodes: readonly Node[], dot: Value): Ending {
    for (const node of nodes) {
      const ending = this.#node(node, dot);
      if (ending !== 'done') return ending;
    }
    return 'done';
  }

  #node(node: Node, dot: Value): Ending {
    switch (node.kind) {
      case 'text':
        this.#write(node.text, node.index);
        break;
      case 'path':
        this.#write(node.render(), node.index);
        break;
      case 'print':
        this.#print(node.pipeline, dot);
        break;
      case 'if':
      case 'with':
      case 'range':
        return this.#branch(node, dot);
      case 'break':
      case 'continue':
        return node.kind;
    }
    return 'done';
  }

  #print(pipeline: Pipeline, dot: Value): void {
    let value: Value;
    try {
      value = this.#pipeline(pipeline, dot);
    } catch (error) {
      // What is only printed decides nothing: the rest may name more references.
      if (error instanceof Pending && pipeline.variables.length === 0) return;
      throw error;
    }
    if (pipeline.variables.length > 0) return;
    this.#write(print(value, pipeline.index), pipeline.index);
  }

  #call(name: FunctionName, args: readonly LazyArgument[], index: number): Value {
    const lookUpReference = this.#lookUpReference;
    return callFunction(name, args, { index, budget: this.#budget, lookUpReference });
  }

  #write(text: string, index: number): void {
    this.#budget.write(text.length, index);
    this.#output.push(text);
  }

  #branch(node: BranchNode, dot: Value): Ending {
    const before = this.#variables.length;
    const value = this.#pipeline(node.pipeline, dot);
    const ending =
      node.kind === 'range'
        ? this.#range(node, value, dot)
        : isTrue(value)
          ? this.#walk(node.body, node.kind === 'with' ? value : dot)
          : this.#walk(node.otherwise, dot);
    this.#variables.length = before;
    return ending;
  }

  #range(node: BranchNode, value: Value, dot: Value): Ending {
    const { pipeline } = node;
    const own = this.#variables.length;
    let isEmpty = true;
    for (const [key, item] of this.#items(value, pipeline)) {
      isEmpty = false;
      this.#budget.step(pipeline.index);
      this.#setLoopVariables(pipeline, key, item, own);
      const ending = this.#walk(node.body, item);
      this.#variables.length = own;
      if (ending === 'break') break;
    }
    return isEmpty ? this.#walk(node.otherwise, dot) : 'done';
  }

  *#items(value: Value, { index, variables }: Pipeline): Generator<readonly [Value, Value]> {
    const items = value.kind === 'absent' ? value.actsAs : value;
    if (items.kind === 'nil') return;
    if (items.kind === 'list') {
      for (const [position, item] of items.items.entries()) yield [int(position), item];
      return;
    }
    if (items.kind === 'map' || items.kind === 'group') {
      for (const [key, item] of sortedEntries(items)) yield [string(key), item];
      return;
    }
    if (items.kind === 'int' && variables.length < 2) {
      for (let count = 0n; count < items.is; count++) yield [NIL, int(count)];
      return;
    }
    throw new Refusal(`{{range}} can't go through ${nameOfKind(items)}`, {
      index,
      hint: 'It goes through maps and lists, as in {{range $name, $value := .Artifact.Tags}}.',
    });
  }

  /** One variable gets the item, two get its key and the item. */
  #setLoopVariables({ variables, assigns }: Pipeline, key: Value, item: Value, own: number): void {
    const values = variables.length > 1 ? [key, item] : [item];
    for (const [position, name] of variables.entries()) {
      const value = values[position] ?? item;
      const declared = this.#variables[own - variables.length + position];
      if (assigns) this.#assign(name, value);
      else if (declared !== undefined) declared.value = value;
    }
  }

  #pipeline(pipeline: Pipeline, dot: Value): Value {
    let value: Value | undefined;
    for (const command of pipeline.commands) value = this.#command(command, dot, value);
    value ??= NIL; // The parser leaves no pipeline empty.
    for (const name of pipeline.variables) {
      if (pipeline.assigns) this.#assign(name, value);
      else this.#variables.push({ name, value });
    }
    return value;
  }

  #assign(name: string, value: Value): void {
    const variable = this.#variables.findLast((variable) => variable.name === name);
    if (variable !== undefined) variable.value = value;
  }

  #command({ first, args, index }: Command, dot: Value, piped: Value | undefined): Value {
    if (first.kind === 'function') {
      const values = args.map((arg) => ({ text: arg.text, value: () => this.#operand(arg, dot) }));
      if (piped !== undefined) values.push({ text: 'the value before "|"', value: () => piped });
      return this.#call(first.name, values, first.index);
    }
    if (args.length > 0 || piped !== undefined) {
      throw new Refusal(`${first.text} takes no arguments: it is no function`, {
        index,
        hint: 'A function stands before its arguments, as in {{printf "%s" .Region}}.',
      });
    }
    if (first.kind === 'constant' && first.value.kind === 'nil') {
      throw new Refusal('nil is no value to print or to store', {
        index,
        hint: 'Leave it out; nil can only be compared with.',
      });
    }
    return this.#operand(first, dot);
  }

  #operand(operand: Operand, dot: Value): Value {
    this.#budget.step(operand.index);
    switch (operand.kind) {
      case 'constant':
        return operand.value;
      case 'dot':
        return dot;
      case 'variable':
        return this.#variable(operand.name, operand.index);
      case 'function':
        return this.#call(operand.name, [], operand.index);
      case 'pipeline':
        return this.#pipeline(operand.pipeline, dot);
      case 'fields':
    }
    const of = operand.of.text;
    return lookUp(this.#operand(operand.of, dot), operand.names, { index: operand.index, of });
  }

  #variable(name: string, index: number): Value {
    const variable = this.#variables.findLast((variable) => variable.name === name);
    if (variable !== undefined) return variable.value;
    throw new Refusal(`${name} has no value here`, {
      index,
      hint: 'Its declaration was passed over, or names itself.',
    });
  }
}
