import type { Json } from '../config/json.ts';
import type { Path } from '../config/problems.ts';
import { type ReferenceLookUp, refusalOf, type TemplateRefusal } from './render.ts';
import type { TemplateValues } from './values.ts';

/** Values that a template may be rendered with, and what they stand for. */
export interface Sample {
  /** e.g. the environment's name, to say where something is wrong. */
  readonly name: string;
  /** With next to no tags: for what happens then. */
  readonly without: TemplateValues;
  /** With every tag that the templates may ask for. */
  readonly withTags: TemplateValues;
}

/** Something wrong with one string. */
export interface TemplateProblem {
  readonly path: Path;
  readonly message: string;
  /** False when it may be right with the values of the deploy. */
  readonly isCertain: boolean;
  /** Whether it comes up with every sample, whatever tags there are. */
  readonly isInevitable: boolean;
}

/**
 * Parses every string of a structure and renders it with every sample, and goes on after a mistake.
 * @param path where the structure stands in the config
 * @param lookUpAt gives what references stand for, to the string at a path
 */
export function checkTemplates(
  template: Json,
  samples: readonly Sample[],
  path: Path,
  lookUpAt: (path: Path) => ReferenceLookUp,
): TemplateProblem[] {
  if (typeof template === 'string') return checkString(template, samples, path, lookUpAt);
  if (typeof template !== 'object' || template === null) return [];
  if (Array.isArray(template)) {
    return template.flatMap((item: Json, index) =>
      checkTemplates(item, samples, [...path, index], lookUpAt),
    );
  }
  return Object.entries(template).flatMap(([key, value]: [string, Json]) => {
    const inside = [...path, key];
    const message = "a key can't be a template. Write it out, or move the template into the value.";
    return [
      ...(key.includes('{{')
        ? [{ path: inside, message, isCertain: true, isInevitable: true }]
        : []),
      ...checkTemplates(value, samples, inside, lookUpAt),
    ];
  });
}

function checkString(
  template: string,
  samples: readonly Sample[],
  path: Path,
  lookUpAt: (path: Path) => ReferenceLookUp,
): TemplateProblem[] {
  if (!template.includes('{{')) return [];
  const found = new Map<string, { refusal: TemplateRefusal; names: Set<string>; count: number }>();
  for (const { name, without, withTags } of samples) {
    for (const values of [without, withTags]) {
      const refusal = refusalOf(template, values, '', lookUpAt(path));
      // That a tag is not there is no news when it was left out on purpose.
      if (!refusal || (refusal.dependsOnValues && values === without)) continue;
      const what = `${refusal.place} ${refusal.message.split('. ')[0]}`;
      const same = found.get(what) ?? { refusal, names: new Set(), count: 0 };
      same.names.add(name);
      same.count += 1;
      found.set(what, same);
    }
  }
  return Array.from(found.values(), ({ refusal, names, count }) => {
    const isCertain = !refusal.dependsOnValues;
    const where = names.size < samples.length ? ` (in ${[...names].join(', ')})` : '';
    const prefix = isCertain ? '' : 'may be refused, depending on values: ';
    const message = `${prefix}${textOf(refusal)}${where}`;
    return { path, message, isCertain, isInevitable: isCertain && count === 2 * samples.length };
  });
}

function textOf({ place, message, hint }: TemplateRefusal): string {
  return `template, ${place}: ${message}${/[.?!]$/.test(message) ? '' : '.'} ${hint}`.trimEnd();
}
