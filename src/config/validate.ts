import { checkTemplates, type Sample } from '../templates/check.ts';
import { sampleOf } from '../templates/samples.ts';
import { describeReference, type Reference, referenceKey } from '../templates/references.ts';
import type { ReferenceLookUp } from '../templates/render.ts';
import type { DeployConfig } from './config.ts';
import type { ConfigText } from './find.ts';
import type { Json } from './json.ts';
import { checkConfig, type CheckedConfig, readSource } from './parse.ts';
import type { LocatedProblem, Path, Problem } from './problems.ts';
import { SyntaxProblems } from './syntax-problems.ts';

/** Everything that can be said about a config file without asking AWS. */
export interface Validation {
  /** Absent when there is an error. */
  readonly config?: DeployConfig;
  readonly errors: readonly LocatedProblem[];
  readonly warnings: readonly LocatedProblem[];
  /** What its templates name outside of the file, in any environment. */
  readonly references: readonly Reference[];
}

/**
 * Looks for every error of a config file at once: of syntax, schema and rules, and in every template
 * of every app, which is rendered for each environment with values that a deploy might have.
 * @param hasVariable whether a variable of the environment is set; one that isn't is worth a warning
 */
export async function validateConfig(
  file: ConfigText,
  hasVariable: (name: string) => boolean,
): Promise<Validation> {
  let checked: CheckedConfig;
  try {
    checked = checkConfig(await readSource(file), file.path);
  } catch (error) {
    if (!(error instanceof SyntaxProblems)) throw error;
    return { errors: error.located(), warnings: [], references: [] };
  }
  const templates = new AppTemplates(hasVariable);
  templates.check(checked.values);
  const { config, locator, problems, warnings } = checked;
  const errors = locator.locate([...problems, ...templates.errors]);
  return {
    ...(config && errors.length === 0 && { config }),
    errors: distinct(errors),
    warnings: distinct(locator.locate([...warnings, ...templates.warnings])),
    references: [...templates.references.values()],
  };
}

const MEMBERS = [
  'ContainerDefinitionTemplates',
  'PreDeployCommandTemplates',
  'PostDeployCommandTemplates',
] as const;

const EXAMPLE_ACCOUNT = '111122223333';
const EXAMPLE_REGION = 'us-east-1';

/** Looks at the templates of a file in which anything else may be wrong. */
class AppTemplates {
  readonly errors: Problem[] = [];
  readonly warnings: Problem[] = [];
  readonly references = new Map<string, Reference>();
  readonly #hasVariable: (name: string) => boolean;

  constructor(hasVariable: (name: string) => boolean) {
    this.#hasVariable = hasVariable;
  }

  check(file: unknown): void {
    for (const [name, app] of membersOf(membersOf(file).get('Apps'))) {
      for (const member of MEMBERS) this.#checkMember(name, membersOf(app), member);
    }
  }

  #checkMember(
    appName: string,
    app: ReadonlyMap<string, unknown>,
    member: (typeof MEMBERS)[number],
  ): void {
    const template = app.get(member) as Json | undefined;
    if (template === undefined) return;
    const path = ['Apps', appName, member];
    const samples = samplesOf(appName, app, member, template);
    const found = checkTemplates(template, samples, path, (inside) => this.#lookUpFor(inside));
    for (const { path, message, isCertain } of found) {
      (isCertain ? this.errors : this.warnings).push({ path, message });
    }
  }

  #lookUpFor(path: Path): ReferenceLookUp {
    return (reference) => {
      this.references.set(referenceKey(reference), reference);
      if (reference.kind === 'env' && !this.#hasVariable(reference.name)) {
        const message = `${describeReference(reference)} is not set here; it has to be for a deploy`;
        this.warnings.push({ path, message });
      }
      return `placeholder-for-${reference.name}`;
    };
  }
}

/** One for each environment of the app, and one at least. */
function samplesOf(
  appName: string,
  app: ReadonlyMap<string, unknown>,
  member: (typeof MEMBERS)[number],
  template: Json,
): Sample[] {
  const environments = [...membersOf(app.get('Environments'))];
  const projectName = textIn(app, 'ArtifactDBProjectName', appName);
  return (environments.length > 0 ? environments : [['dev', {}] as const]).map(
    ([name, environment]) => {
      const settings = membersOf(environment);
      const where = {
        name,
        accountId: textIn(settings, 'AccountID', EXAMPLE_ACCOUNT),
        region: textIn(settings, 'Region', EXAMPLE_REGION),
      };
      const taskDefinition = `${textIn(settings, 'Family', name)}:1`;
      const isAfter = member === 'PostDeployCommandTemplates';
      return sampleOf(where, template, { projectName, ...(isAfter && { taskDefinition }) });
    },
  );
}

function textIn(values: ReadonlyMap<string, unknown>, key: string, otherwise: string): string {
  const value = values.get(key);
  return typeof value === 'string' ? value : otherwise;
}

function membersOf(value: unknown): ReadonlyMap<string, unknown> {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return new Map(isObject ? Object.entries(value) : []);
}

function distinct(problems: readonly LocatedProblem[]): LocatedProblem[] {
  return [...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values()];
}
