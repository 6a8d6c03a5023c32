import type { Json } from '../config/json.ts';
import type { TemplateArtifact } from './app-templates.ts';

/** As long as a commit's, so that a template may cut it as it likes. */
const SHA = '0123456789abcdef0123456789abcdef01234567';

/**
 * Stands in for an artifact that nobody has named: with every tag that the templates may be about.
 * Which names are tags, only an artifact could tell, so there are more than enough.
 */
export function placeholderArtifact(projectName: string, templates: Json): TemplateArtifact {
  const names = new Set<string>();
  collectNames(templates, names);
  const tags = Array.from(names, (name) => [name, `placeholder-for-the-tag-${name}`] as const);
  return {
    value: `${projectName}:${SHA}`,
    buildNumber: 1,
    tags: { ...Object.fromEntries(tags), SHA },
  };
}

const NAME = /\.([\p{L}\p{Nd}_]+)|\.\[([^\]]*)\]|"([^"\\]*)"|`([^`]*)`/gu;

/** Names of other values; and what would be no key of a JavaScript object. */
const NO_TAGS = new Set(
  'Account Region Environment TaskDefinition Artifact Value BuildNumber Tags __proto__'.split(' '),
);

function collectNames(template: Json, names: Set<string>): void {
  if (typeof template === 'string') {
    if (!template.includes('Tags')) return;
    for (const match of template.matchAll(NAME)) {
      const name = match.slice(1).find((group) => group !== undefined);
      if (name !== undefined && !NO_TAGS.has(name)) names.add(name);
    }
  } else if (typeof template === 'object' && template !== null) {
    for (const inner of Object.values(template as Readonly<Record<string, Json>>)) {
      collectNames(inner, names);
    }
  }
}
