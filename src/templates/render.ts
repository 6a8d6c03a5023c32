import type { Json } from '../config/json.ts';
import { evaluate } from './go/evaluate.ts';
import { parseTemplate, type ReadPath } from './go/parser.ts';
import { Refusal } from './go/refusal.ts';
import type { Value } from './go/value.ts';
import { readHandlebarsPath } from './handlebars-path.ts';
import { rootOf } from './root.ts';
import { TemplateError } from './template-error.ts';
import type { AccountValues, TemplateValues } from './values.ts';

/**
 * Renders every string in `template`, each by itself, so that a value can change nothing but the
 * string in which it is named: it is never escaped, parsed or rendered again. Keys are no templates.
 *
 * The language is Go's text/template without nested templates; `{{Artifact.Value}}`, without the
 * dot, is taken as well.
 * @param path where the template stands in the config, for messages
 * @throws {TemplateError} for what can't be rendered, naming the place and what to write instead
 * @see docs/templates.md
 */
export function renderTemplate<T extends Json>(
  template: T,
  values: AccountValues | TemplateValues,
  path: string,
): T {
  return render(template, { values, root: rootOf(values) }, path) as T;
}

interface Data {
  readonly values: AccountValues | TemplateValues;
  /** The same values as a Go template sees them. */
  readonly root: Value;
}

function render(template: Json, data: Data, path: string): Json {
  if (typeof template === 'string') return renderString(template, data, path);
  if (typeof template !== 'object' || template === null) return template;
  if (Array.isArray(template)) {
    return template.map((item: Json, index) => render(item, data, `${path}[${index}]`));
  }
  const members = Object.entries(template).map(([key, value]: [string, Json]) => {
    const memberPath = /^[\w-]+$/.test(key) ? `${path}.${key}` : `${path}[${JSON.stringify(key)}]`;
    if (key.includes('{{')) {
      throw new TemplateError(`${memberPath}: a key can't be a template`, {
        hint: 'Write the key out, or move the template into the value.',
      });
    }
    return [key, render(value, data, memberPath)];
  });
  return Object.fromEntries(members) as Json;
}

function renderString(template: string, { values, root }: Data, path: string): string {
  try {
    const readPath: ReadPath = (source, index) =>
      readHandlebarsPath(source, { index, values, root });
    return evaluate(parseTemplate(template, readPath), root);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw new TemplateError(`${placeOf(template, error.index, path)}: ${error.message}`, {
      hint: error.hint,
    });
  }
}

/** `path (line 1, column 5)`, counted from 1 within the string. */
function placeOf(template: string, index: number, path: string): string {
  const before = template.slice(0, index).split('\n');
  return `${path} (line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1})`;
}
