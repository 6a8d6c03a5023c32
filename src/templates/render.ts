import Handlebars from 'handlebars';
import type { Json } from '../config/json.ts';
import { suggest } from '../config/suggest.ts';
import { ActionSyntaxError, splitActions } from './actions.ts';
import { TemplateError } from './template-error.ts';
import type { AccountValues, TemplateValues } from './values.ts';

/**
 * Renders every string in `template`, each by itself, so that a value can change nothing but the
 * string in which it is named: it is never escaped, parsed or rendered again. Keys are no templates.
 *
 * A template names values only, as `{{.Artifact.Value}}` (Go) or `{{Artifact.Value}}` (Handlebars).
 * @param path where the template stands in the config, for messages
 * @throws {TemplateError} for anything else, and for names that there are not
 */
export function renderTemplate<T extends Json>(
  template: T,
  values: AccountValues | TemplateValues,
  path: string,
): T {
  return render(template, values, path) as T;
}

function render(template: Json, values: AccountValues, path: string): Json {
  if (typeof template === 'string') return renderString(template, values, path);
  if (typeof template !== 'object' || template === null) return template;
  if (Array.isArray(template)) {
    return template.map((item: Json, index) => render(item, values, `${path}[${index}]`));
  }
  const members = Object.entries(template).map(([key, value]: [string, Json]) => {
    const memberPath = /^[\w-]+$/.test(key) ? `${path}.${key}` : `${path}[${JSON.stringify(key)}]`;
    if (key.includes('{{')) {
      throw new TemplateError(`${memberPath}: a key can't be a template`, {
        hint: 'Write the key out, or move the template into the value.',
      });
    }
    return [key, render(value, values, memberPath)];
  });
  return Object.fromEntries(members) as Json;
}

function renderString(template: string, values: AccountValues, path: string): string {
  try {
    return splitActions(template)
      .map((piece) => {
        if (piece.kind === 'text') return piece.text;
        return renderAction(piece.expression, values, {
          place: placeOf(template, piece.index, path),
          expression: piece.expression,
        });
      })
      .join('');
  } catch (error) {
    if (!(error instanceof ActionSyntaxError)) throw error;
    throw new TemplateError(`${placeOf(template, error.index, path)}: ${error.message}`, {
      hint: 'Close it as in {{.Artifact.Value}}.',
    });
  }
}

interface Where {
  readonly place: string;
  readonly expression: string;
}

function renderAction(
  expression: string,
  values: AccountValues | TemplateValues,
  where: Where,
): string {
  const lookUp = parsePath(expression.startsWith('.') ? expression.slice(1) : expression);
  if (lookUp === undefined) {
    throw new TemplateError(
      `${where.place}: {{${expression}}} is not supported yet: a template can only name a value`,
      {
        hint: 'Name one value, as in {{.Artifact.Value}}: no functions, pipes, blocks or strings.',
      },
    );
  }
  assertNamed(lookUp.names, values, where);
  return Handlebars.compile<AccountValues>(lookUp.program, COMPILE_OPTIONS)(values);
}

const COMPILE_OPTIONS = { strict: true, noEscape: true, knownHelpersOnly: true };

interface LookUp {
  readonly names: readonly string[];
  /** The very syntax tree that was checked, so that nothing else can be run. */
  readonly program: hbs.AST.Program;
}

/** Handlebars' own parser decides what a path is; everything but one plain path is refused. */
function parsePath(source: string): LookUp | undefined {
  // These change what the braces mean: raw output, comments, blocks, partials, trim markers.
  if (!/^[\w[]/.test(source) || /[{}~]$/.test(source)) return undefined;
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

/** Refuses a name that is no own field of the values, and a group of values. */
function assertNamed(
  names: readonly string[],
  values: AccountValues | TemplateValues,
  where: Where,
): void {
  let here: unknown = values;
  for (const name of names) {
    const isField = typeof here === 'object' && here !== null && Object.hasOwn(here, name);
    here = isField ? (here as Record<string, unknown>)[name] : undefined;
  }
  if (typeof here === 'string' || typeof here === 'number') return;
  const wanted = names.join('.');
  if (wanted === 'TaskDefinition') {
    throw new TemplateError(
      `${where.place}: {{${where.expression}}} is known only after the deploy`,
      { hint: 'Only PostDeployCommandTemplates can name it.' },
    );
  }
  const existing = namesOf(values, '');
  const last = names.at(-1)?.toLowerCase() ?? '';
  const meant =
    suggest(wanted, existing) ?? existing.find((name) => name.toLowerCase().endsWith(`.${last}`));
  const what =
    typeof here === 'object' ? 'names a group of values' : 'names a value that is not there';
  throw new TemplateError(
    `${where.place}: {{${where.expression}}} ${what}. There are: ${existing.join(', ')}.`,
    {
      hint:
        meant === undefined
          ? 'Name one of these values; names are case-sensitive.'
          : `Did you mean {{.${meant}}}?`,
    },
  );
}

function namesOf(values: object, prefix: string): string[] {
  return Object.entries(values).flatMap(([name, value]: [string, unknown]) => {
    if (typeof value === 'object' && value !== null) return namesOf(value, `${prefix}${name}.`);
    return value === undefined ? [] : [`${prefix}${name}`];
  });
}

/** `path (line 1, column 5)`, counted from 1 within the string. */
function placeOf(template: string, index: number, path: string): string {
  const before = template.slice(0, index).split('\n');
  return `${path} (line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1})`;
}
