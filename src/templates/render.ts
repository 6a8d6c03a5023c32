import type { Json } from '../config/json.ts';
import { evaluate } from './go/evaluate.ts';
import { parseTemplate, type ReadPath } from './go/parser.ts';
import { Pending, type Reference } from './go/reference.ts';
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
 * @param lookUp gives what `env`, `ssm` and `secretArn` stand for; left out, they are refused
 * @throws {TemplateError} for what can't be rendered, naming the place and what to write instead
 * @see docs/templates.md
 */
export function renderTemplate<T extends Json>(
  template: T,
  values: AccountValues | TemplateValues,
  path: string,
  lookUp: ReferenceLookUp = refuseReference,
): T {
  return render(template, { values, root: rootOf(values), lookUp }, path) as T;
}

/**
 * Gives what a reference stands for, to the string at `path`.
 * @throws {Pending} when that isn't known yet: what depends on it is left out
 * @throws {Refusal} when it can't be known
 */
export type ReferenceLookUp = (
  reference: Reference,
  place: { readonly path: string; readonly index: number },
) => string;

const refuseReference: ReferenceLookUp = ({ kind }, { index }) => {
  throw new Refusal(`${kind} can't be used here`, {
    index,
    hint: 'It can in ContainerDefinitionTemplates and in pre- and post-deploy commands.',
  });
};

interface Data {
  readonly values: AccountValues | TemplateValues;
  /** The same values as a Go template sees them. */
  readonly root: Value;
  readonly lookUp: ReferenceLookUp;
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

function renderString(template: string, data: Data, path: string): string {
  try {
    return renderOrRefuse(template, data, path);
  } catch (error) {
    if (error instanceof Pending) return '';
    if (!(error instanceof Refusal)) throw error;
    throw new TemplateError(`${path} (${placeIn(template, error.index)}): ${error.message}`, {
      hint: error.hint,
    });
  }
}

function renderOrRefuse(template: string, { values, root, lookUp }: Data, path: string): string {
  const readPath: ReadPath = (source, index) => readHandlebarsPath(source, { index, values, root });
  return evaluate(parseTemplate(template, readPath), root, (reference, index) =>
    lookUp(reference, { path, index }),
  );
}

/** Why a string can't be rendered, and where in it. */
export interface TemplateRefusal {
  /** `line 1, column 5`, counted from 1 within the string. */
  readonly place: string;
  readonly message: string;
  readonly hint: string;
  /** True when it may be rendered with other values. */
  readonly dependsOnValues: boolean;
}

/** What is wrong with one string, rendered with these values; undefined when nothing is. */
export function refusalOf(
  template: string,
  values: TemplateValues,
  path: string,
  lookUp: ReferenceLookUp,
): TemplateRefusal | undefined {
  try {
    renderOrRefuse(template, { values, root: rootOf(values), lookUp }, path);
    return undefined;
  } catch (error) {
    if (error instanceof Pending) return undefined;
    if (!(error instanceof Refusal)) throw error;
    const { message, hint, dependsOnValues } = error;
    return { place: placeIn(template, error.index), message, hint, dependsOnValues };
  }
}

/** `line 1, column 5`, counted from 1 within the string. */
function placeIn(template: string, index: number): string {
  const before = template.slice(0, index).split('\n');
  return `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
}
