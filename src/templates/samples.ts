import type { EnvironmentConfig } from '../config/config.ts';
import type { Json } from '../config/json.ts';
import { templateValues } from './app-templates.ts';
import type { Sample } from './check.ts';
import { placeholderArtifact } from './placeholders.ts';

/** What the templates of one member of an app could be rendered with in an environment. */
export function sampleOf(
  environment: Pick<EnvironmentConfig, 'accountId' | 'region' | 'name'>,
  templates: Json,
  more: { readonly projectName: string; readonly taskDefinition?: string },
): Sample {
  const { projectName, taskDefinition } = more;
  const artifact = placeholderArtifact(projectName, templates);
  const after = taskDefinition === undefined ? {} : { TaskDefinition: taskDefinition };
  const withTags = { ...templateValues(environment, artifact), ...after };
  const tags = { SHA: artifact.tags?.['SHA'] ?? '' };
  const without = { ...templateValues(environment, { ...artifact, tags }), ...after };
  return { name: environment.name, without, withTags };
}
