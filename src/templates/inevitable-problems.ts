import type { AppConfig, CommandTemplate, EnvironmentConfig } from '../config/config.ts';
import type { Json } from '../config/json.ts';
import type { Problem } from '../config/problems.ts';
import type { TemplateMember } from './app-templates.ts';
import { checkTemplates } from './check.ts';
import { Pending } from './go/reference.ts';
import type { ReferenceLookUp } from './render.ts';
import { sampleOf } from './samples.ts';

/**
 * What is wrong with an app's templates in an environment whatever artifact is deployed, and whatever
 * references stand for: known before anybody is asked about either.
 */
export function inevitableProblems(app: AppConfig, environment: EnvironmentConfig): Problem[] {
  const { artifactDbProjectName: projectName } = app;
  const problemsIn = (member: TemplateMember, template: Json, more = {}) => {
    const sample = sampleOf(environment, template, { projectName, ...more });
    return checkTemplates(template, [sample], ['Apps', app.name, member], () => lookUpLater);
  };
  const taskDefinition = `${environment.family}:1`;
  const { preDeployCommandTemplates: before, postDeployCommandTemplates: after } = app;
  return [
    ...problemsIn('ContainerDefinitionTemplates', app.containerDefinitionTemplates),
    ...problemsIn('PreDeployCommandTemplates', before.map(asInFile)),
    ...problemsIn('PostDeployCommandTemplates', after.map(asInFile), { taskDefinition }),
  ].filter(({ isInevitable }) => isInevitable);
}

/** With the keys of the file, for the paths. */
function asInFile(command: CommandTemplate): Json {
  return { Program: command.program, Arguments: command.arguments };
}

/** Nothing may be refused for what a reference might stand for. */
const lookUpLater: ReferenceLookUp = () => {
  throw new Pending();
};
