import { isHidden } from '../templates/mask-secrets.ts';
import type { ReferenceSource } from '../templates/references.ts';
import type { Redactor } from './redactor.ts';

/**
 * The same source; the redactor learns each of its answers that may be secret, so that it is masked
 * wherever it comes up later: in what commands print, in errors of AWS, in the history.
 * @param plain What everybody may know, and reports are full of: an account's id, the Region, names.
 * A parameter that holds one of these is no secret.
 */
export function learning(
  source: ReferenceSource,
  redactor: Redactor,
  plain: ReadonlySet<string>,
): ReferenceSource {
  return {
    async resolve(references) {
      const answers = await source.resolve(references);
      for (const [position, reference] of references.entries()) {
        const answer = answers[position];
        if (!answer || !('value' in answer) || !isHidden(reference)) continue;
        if (!plain.has(answer.value)) redactor.add(answer.value);
      }
      return answers;
    },
  };
}

/** All texts of some settings, and the parts of ARNs among them. */
export function plainTexts(settings: unknown): Set<string> {
  if (typeof settings === 'string') return new Set([settings, ...settings.split(/[:/]/)]);
  if (typeof settings !== 'object' || settings === null) return new Set();
  return new Set(Object.values(settings).flatMap((value) => [...plainTexts(value)]));
}
