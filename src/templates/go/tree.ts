import type { Value } from './value.ts';
import type { FunctionName } from './words.ts';

/** A parsed template. `index` is always a place in the template, for messages. */
export type Node =
  | { readonly kind: 'text'; readonly text: string; readonly index: number }
  | { readonly kind: 'print'; readonly pipeline: Pipeline }
  | { readonly kind: 'path'; readonly render: () => string; readonly index: number }
  | BranchNode
  | { readonly kind: 'break' }
  | { readonly kind: 'continue' };

/** `if`, `with` and `range` have the same parts; `else if` is an `if` alone in `otherwise`. */
export interface BranchNode {
  readonly kind: 'if' | 'with' | 'range';
  readonly pipeline: Pipeline;
  readonly body: readonly Node[];
  readonly otherwise: readonly Node[];
}

/** Commands, each getting the value of the one before it as its last argument. */
export interface Pipeline {
  readonly index: number;
  /** The variables that get the value; none when it is printed or passed on. */
  readonly variables: readonly string[];
  /** `=`: the variables are there already. */
  readonly assigns: boolean;
  readonly commands: readonly Command[];
}

export interface Command {
  readonly index: number;
  readonly first: Operand;
  readonly args: readonly Operand[];
}

interface OperandBase {
  readonly index: number;
  /** As it stands in the template. */
  readonly text: string;
}

export type Operand =
  | (OperandBase & { readonly kind: 'constant'; readonly value: Value })
  | (OperandBase & { readonly kind: 'dot' })
  | (OperandBase & { readonly kind: 'variable'; readonly name: string })
  | (OperandBase & { readonly kind: 'function'; readonly name: FunctionName })
  | (OperandBase & { readonly kind: 'pipeline'; readonly pipeline: Pipeline })
  /** `of.name.name`. */
  | (OperandBase & {
      readonly kind: 'fields';
      readonly of: Operand;
      readonly names: readonly string[];
    });
