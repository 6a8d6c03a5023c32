import type { AppConfig, EnvironmentConfig } from '../config/config.ts';
import type { Json } from '../config/json.ts';
import { formatPath } from '../config/problems.ts';
import type { TemplatePart } from './references.ts';
import type { TemplateValues } from './values.ts';

/** The artifact, as templates name it. */
export interface TemplateArtifact {
  readonly value: string;
  readonly buildNumber: number;
  /** Null when it was registered without any. */
  readonly tags: Readonly<Record<string, string>> | null;
}

/** What the templates of an app are rendered with, but for the task definition. */
export function templateValues(
  environment: Pick<EnvironmentConfig, 'accountId' | 'region' | 'name'>,
  artifact: TemplateArtifact,
): TemplateValues {
  return {
    Account: environment.accountId,
    Region: environment.region,
    Environment: environment.name,
    Artifact: {
      Value: artifact.value,
      BuildNumber: artifact.buildNumber,
      Tags: { ...artifact.tags },
    },
  };
}

/** The members of an app that hold templates, as the config file names them. */
export type TemplateMember =
  | 'ContainerDefinitionTemplates'
  | 'PreDeployCommandTemplates'
  | 'PostDeployCommandTemplates';

/** Where an app's templates are in the config, for messages. */
export function templatePath(appName: string, member: TemplateMember): string {
  return formatPath(['Apps', appName, member]);
}

/**
 * All templates of an app with their values. Those of the post-deploy commands come once for each of
 * two task definitions, as theirs isn't known yet.
 */
export function templateParts(app: AppConfig, values: TemplateValues): TemplatePart[] {
  const part = (member: TemplateMember, template: Json, values: TemplateValues) => {
    return { template, values, path: templatePath(app.name, member) };
  };
  return [
    part('ContainerDefinitionTemplates', app.containerDefinitionTemplates, values),
    part('PreDeployCommandTemplates', app.preDeployCommandTemplates, values),
    ...['family:1', 'family:22'].map((TaskDefinition) =>
      part('PostDeployCommandTemplates', app.postDeployCommandTemplates, {
        ...values,
        TaskDefinition,
      }),
    ),
  ];
}
