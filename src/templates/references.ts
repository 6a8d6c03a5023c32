import type { Json } from '../config/json.ts';
import { Pending, type Reference } from './go/reference.ts';
import { Refusal } from './go/refusal.ts';
import { describeReference, referenceKey } from './reference-names.ts';
import type { ReferenceLookUp } from './render.ts';
import { renderTemplate } from './render.ts';
import { TemplateError } from './template-error.ts';
import type { TemplateValues } from './values.ts';

export type { Reference } from './go/reference.ts';
export { describeReference, referenceKey };

/** What references stand for, by `referenceKey`. */
export type ReferenceValues = ReadonlyMap<string, string>;

/** A reference and the config path of one string that names it. */
export interface ReferenceUse extends Reference {
  readonly path: string;
}

/** A part of a config with templates in it, and what they are rendered with. */
export interface TemplatePart {
  readonly template: Json;
  readonly values: TemplateValues;
  /** Where it stands in the config. */
  readonly path: string;
}

/** What an answer to a reference is: its value, or why it has none. */
export type ReferenceAnswer =
  | { readonly value: string }
  /** To be read after `{{ssm "/x"}}`: `is not there`. */
  | { readonly problem: string; readonly hint?: string };

/** Knows what is outside of the config: variables, parameters, secrets. */
export interface ReferenceSource {
  /**
   * @param references each only once
   * @returns one answer for each, in the same order
   * @throws {CallFailedError} when AWS can't be asked
   */
  resolve(references: readonly Reference[]): Promise<readonly ReferenceAnswer[]>;
}

/** For rendering once everything is resolved. */
export function lookUpIn(values: ReferenceValues): ReferenceLookUp {
  return (reference, { index }) => {
    const value = values.get(referenceKey(reference));
    if (value !== undefined) return value;
    throw new Refusal(`${describeReference(reference)} was not resolved before the deploy began`, {
      index,
      hint: 'Let neither its name nor whether it is reached depend on .TaskDefinition.',
    });
  };
}

/**
 * Every reference that the templates reach with these values, once for each string that names it.
 * Where a template depends on a reference that is not in `known`, what comes after is not looked at.
 * @throws {TemplateError} for what can't be rendered
 */
export function findReferences(
  parts: readonly TemplatePart[],
  known: ReferenceValues,
): ReferenceUse[] {
  const found = new Map<string, ReferenceUse>();
  const lookUp: ReferenceLookUp = (reference, { path }) => {
    found.set(`${referenceKey(reference)} ${path}`, { ...reference, path });
    const value = known.get(referenceKey(reference));
    if (value === undefined) throw new Pending();
    return value;
  };
  for (const { template, values, path } of parts) renderTemplate(template, values, path, lookUp);
  return [...found.values()];
}

/** More rounds than any config needs: each is for names that depend on the round before. */
const ROUNDS_MAX = 10;

/** A reference as one string of the config names it, with what it stands for. */
export interface ResolvedReference extends ReferenceUse {
  readonly value: string;
}

/** What all references stand for, and where each is named. */
export interface ResolvedReferences {
  readonly values: ReferenceValues;
  readonly uses: readonly ResolvedReference[];
}

/**
 * Asks for every reference that the templates reach, each once.
 * @throws {TemplateError} that lists all that have no value, each with the config paths
 * @throws what the source throws
 */
export async function resolveReferences(
  parts: readonly TemplatePart[],
  source: ReferenceSource,
): Promise<ResolvedReferences> {
  const values = new Map<string, string>();
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const uses = findReferences(parts, values);
    const unknown = new Map<string, Reference>();
    for (const use of uses) {
      if (!values.has(referenceKey(use))) unknown.set(referenceKey(use), use);
    }
    if (unknown.size === 0) {
      return {
        values,
        uses: uses.map((use) => ({ ...use, value: values.get(referenceKey(use)) ?? '' })),
      };
    }
    const asked = [...unknown].map(([key, { kind, name }]) => ({ key, reference: { kind, name } }));
    const answers = await source.resolve(asked.map(({ reference }) => reference));
    const problems: string[] = [];
    const hints = new Set<string>();
    for (const [position, { key, reference }] of asked.entries()) {
      const answer = answers[position] ?? { problem: 'was not answered' };
      if ('value' in answer) values.set(key, answer.value);
      else {
        problems.push(problemLine(reference, answer.problem, uses));
        if (answer.hint !== undefined) hints.add(answer.hint);
      }
    }
    if (problems.length > 0) throw unresolved(problems, hints);
  }
  throw new TemplateError(`References name each other in more than ${ROUNDS_MAX} steps.`, {
    hint: 'Write out the names of the parameters and secrets.',
  });
}

function problemLine(reference: Reference, problem: string, uses: readonly ReferenceUse[]): string {
  const key = referenceKey(reference);
  const paths = uses.filter((use) => referenceKey(use) === key).map(({ path }) => path);
  return `${paths.join(', ')}: ${describeReference(reference)} ${problem}`;
}

function unresolved(problems: readonly string[], hints: ReadonlySet<string>): TemplateError {
  const count = problems.length === 1 ? 'A reference' : `${problems.length} references`;
  const has = problems.length === 1 ? 'has' : 'have';
  return new TemplateError([`${count} of the config ${has} no value:`, ...problems].join('\n'), {
    hint: [...hints, 'Nothing was changed in AWS.'].join(' '),
  });
}
