import { templateParts, templateValues } from '../templates/app-templates.ts';
import {
  type ReferenceSource,
  type ResolvedReferences,
  resolveReferences,
} from '../templates/references.ts';
import type { PlanInput } from './plan.ts';

/**
 * Asks once for everything outside of the config that the templates of an app name, before anything
 * is touched.
 * @throws {TemplateError} that lists all that have no value
 * @throws {CallFailedError}
 */
export function resolvePlanReferences(
  { app, environment, artifact }: PlanInput,
  source: ReferenceSource = NOTHING,
): Promise<ResolvedReferences> {
  return resolveReferences(templateParts(app, templateValues(environment, artifact)), source);
}

/** Knows no variable, parameter or secret. */
const NOTHING: ReferenceSource = {
  resolve: async (references) => references.map(() => ({ problem: "can't be resolved here" })),
};
