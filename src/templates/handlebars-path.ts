import Handlebars from 'handlebars';
import { suggest } from '../config/suggest.ts';
import { print } from './go/format.ts';
import { lookUp } from './go/look-up.ts';
import { Refusal } from './go/refusal.ts';
import type { Value } from './go/value.ts';
import { KEYWORDS } from './go/words.ts';
import type { AccountValues, TemplateValues } from './values.ts';

const COMPILE_OPTIONS = { strict: true, noEscape: true, knownHelpersOnly: true };

/**
 * Reads a path as Handlebars writes it, without a dot before it: `Artifact.Value`,
 * `Artifact.Tags.[git-branch]`. It always begins at the outermost values.
 * @param root the same values as a Go template sees them, in which the names must be
 * @returns renders it. Refused when there is no such tag, as everything that is printed
 * @throws {Refusal} for anything else that Handlebars knows, and for unknown names
 */
export function readHandlebarsPath(
  source: string,
  { index, values, root }: { index: number; values: AccountValues | TemplateValues; root: Value },
): () => string {
  const path = parsePath(source);
  if (path === undefined) {
    throw new Refusal(`{{${source}}} is neither a Go action nor a plain path of Handlebars`, {
      index,
      hint: 'Name one value, as in {{.Artifact.Value}}.',
    });
  }
  const keyword = path.names.length === 1 ? suggest(source, KEYWORDS) : undefined;
  if (keyword !== undefined) {
    throw new Refusal(`{{${source}}} is no word of a template`, {
      index,
      hint: `Did you mean {{${keyword}}}?`,
    });
  }
  const value = lookUp(root, path.names, { index, of: '' });
  return () => {
    print(value, index); // Refuses what can't be printed.
    return Handlebars.compile<AccountValues>(path.program, COMPILE_OPTIONS)(values);
  };
}

interface HandlebarsPath {
  readonly names: readonly string[];
  /** The very syntax tree that was checked, so that nothing else can be run. */
  readonly program: hbs.AST.Program;
}

/** Handlebars' own parser decides what a path is. */
function parsePath(source: string): HandlebarsPath | undefined {
  const program = parse(source);
  const [statement] = program?.body ?? [];
  if (program?.body.length !== 1 || statement?.type !== 'MustacheStatement') return undefined;
  const { path, params, hash } = statement as hbs.AST.MustacheStatement;
  const { type, depth, data, parts } = path as hbs.AST.PathExpression;
  const isPlain = type === 'PathExpression' && depth === 0 && !data && parts.length > 0;
  if (!isPlain || params.length > 0 || hash !== undefined) return undefined;
  return { names: parts, program };
}

function parse(source: string): hbs.AST.Program | undefined {
  try {
    return Handlebars.parse(`{{${source}}}`);
  } catch {
    return undefined;
  }
}
