/** A piece of a template: text that stands for itself, or the inside of `{{ }}`. */
export type Piece =
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'action';
      /** What stands between the braces, without trim markers and the space around it. */
      readonly expression: string;
      /** Where the braces open, counted from 0. */
      readonly index: number;
    };

/** The template breaks off. `index` is where the action begins. */
export class ActionSyntaxError extends Error {
  readonly index: number;

  constructor(message: string, index: number) {
    super(message);
    this.name = 'ActionSyntaxError';
    this.index = index;
  }
}

const OPEN = '{{';
const CLOSE = '}}';

/**
 * Cuts a template into text and actions by Go's rules: every `{{` begins an action, a backslash
 * before it means nothing, `{{- ` and ` -}}` take the white space beside them away, and comments
 * vanish.
 * @throws {ActionSyntaxError}
 * @see Package text/template, Go standard library
 */
export function splitActions(template: string): Piece[] {
  const pieces: Piece[] = [];
  let rest = 0;
  let trimNext = false;
  for (;;) {
    const open = template.indexOf(OPEN, rest);
    const text = template.slice(rest, open < 0 ? undefined : open);
    const trimThis = open >= 0 && /^-\s/.test(template.slice(open + 2, open + 4));
    pieces.push({ kind: 'text', text: trim(text, trimNext, trimThis) });
    if (open < 0) return pieces;

    const action = readAction(template, open);
    if (action.expression !== undefined) {
      pieces.push({ kind: 'action', expression: action.expression, index: open });
    }
    trimNext = action.trimsAfter;
    rest = action.end;
  }
}

/** White space as Go trims it. */
const SPACE = '[ \\t\\r\\n]';
const LEADING = new RegExp(`^${SPACE}+`);
const TRAILING = new RegExp(`${SPACE}+$`);

function trim(text: string, start: boolean, end: boolean): string {
  const trimmed = start ? text.replace(LEADING, '') : text;
  return end ? trimmed.replace(TRAILING, '') : trimmed;
}

interface Action {
  /** Undefined for a comment. */
  readonly expression: string | undefined;
  readonly end: number;
  readonly trimsAfter: boolean;
}

function readAction(template: string, open: number): Action {
  const inside = template.slice(open + OPEN.length);
  const comment = /^(?:-[ \t\r\n]+)?\/\*(?:(?!\*\/)[^])*\*\/([ \t\r\n]+-)?\}\}/.exec(inside);
  if (comment) {
    const end = open + OPEN.length + comment[0].length;
    return { expression: undefined, end, trimsAfter: comment[1] !== undefined };
  }
  const close = inside.indexOf(CLOSE);
  if (close < 0) throw new ActionSyntaxError('"{{" has no "}}" after it', open);
  const content = inside.slice(0, close);
  const trimsAfter = /[ \t\r\n]-$/.test(content);
  const expression = content.replace(/^-(?=[ \t\r\n])/, '').replace(/(?<=[ \t\r\n])-$/, '');
  return { expression: expression.trim(), end: open + OPEN.length + close + 2, trimsAfter };
}
