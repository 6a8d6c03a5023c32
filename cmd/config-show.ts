import type { AppConfig, DeployConfig, EnvironmentConfig } from '../src/config/config.ts';
import type { ConfigText } from '../src/config/find.ts';
import type { Json } from '../src/config/json.ts';
import { parseConfigFile } from '../src/config/parse.ts';
import { formatPath } from '../src/config/problems.ts';
import { selectApp, selectEnvironment } from '../src/config/select.ts';
import { asEnding } from '../src/deploy/lock-endings.ts';
import { EXIT, type ExitCode, RefusedError } from '../src/errors.ts';
import { describeReferences, maskSecrets } from '../src/templates/mask-secrets.ts';
import {
  type TemplateArtifact,
  type TemplateMember,
  templateParts,
  templateValues,
} from '../src/templates/app-templates.ts';
import { mentionsReferences } from '../src/templates/mentions-references.ts';
import { placeholderArtifact } from '../src/templates/placeholders.ts';
import {
  lookUpIn,
  type ReferenceSource,
  type ResolvedReferences,
  resolveReferences,
} from '../src/templates/references.ts';
import { renderTemplate } from '../src/templates/render.ts';
import { clientOptionsBy, homeOf } from './client-options.ts';
import { redactorFor } from './masked.ts';
import type { CommandIo, ConfigOptions, ShownArtifact } from './options.ts';

/** Counts up when a reader of the JSON would have to change. */
const JSON_VERSION = 1;

/**
 * `ecs-deploy config show`: what the templates of an app come to, with secrets masked. AWS is asked
 * only for an artifact that is to be looked up, and for what the templates name in it.
 */
export async function showConfig(
  file: ConfigText,
  action: ConfigOptions['action'] & { kind: 'show' },
  output: ConfigOptions['output'],
  io: CommandIo,
): Promise<ExitCode> {
  const { redactor = redactorFor(io.env) } = io;
  const { config, warnings } = await parseConfigFile(file);
  for (const warning of warnings) io.stderr.write(`Warning: ${warning}\n`);
  const environments =
    action.env === undefined
      ? [...selectApp(config, action.app).environments.values()]
      : [selectEnvironment(config, action.app, action.env).environment];
  const app = selectApp(config, action.app);
  try {
    const artifact = await artifactFor(config, app, action.artifact, io);
    if (action.artifact.kind !== 'by-sha') io.stderr.write(`${placeholderNote(action.artifact)}\n`);
    const shown = await Promise.all(
      environments.map(async (environment) => {
        const source = lazySource(config, environment, io);
        return [environment.name, await showEnvironment(app, environment, artifact, source)];
      }),
    );
    const result = {
      schemaVersion: JSON_VERSION,
      config: file.path,
      app: app.name,
      artifact: { ...artifact, isPlaceholder: action.artifact.kind !== 'by-sha' },
      environments: Object.fromEntries(shown) as object,
    };
    const text = JSON.stringify(result, null, output === 'json' ? undefined : 2);
    io.stdout.write(`${redactor.redact(text)}\n`);
    return EXIT.ok;
  } catch (error) {
    throw asEnding(error);
  }
}

function placeholderNote({ kind }: ShownArtifact): string {
  return kind === 'placeholder'
    ? 'The artifact is a placeholder; name one with -sha or -artifact.'
    : "Nothing was looked up: the artifact's build number and tags are placeholders.";
}

async function artifactFor(
  config: DeployConfig,
  app: AppConfig,
  wanted: ShownArtifact,
  io: CommandIo,
): Promise<TemplateArtifact> {
  const project = app.artifactDbProjectName;
  if (wanted.kind === 'by-sha') return findArtifact(config, project, wanted.sha, io);
  const placeholder = placeholderArtifact(project, [
    app.containerDefinitionTemplates,
    app.preDeployCommandTemplates,
    app.postDeployCommandTemplates,
  ]);
  return wanted.kind === 'by-value' ? { ...placeholder, value: wanted.value } : placeholder;
}

async function findArtifact(
  config: DeployConfig,
  project: string,
  sha: string,
  io: CommandIo,
): Promise<TemplateArtifact> {
  const [{ ArtifactDb }, { ArtifactTable }, { createDynamoDbClient }] = await Promise.all([
    import('../src/artifactdb/artifact-db.ts'),
    import('../src/aws/artifact-table.ts'),
    import('../src/aws/clients.ts'),
  ]);
  const client = await createDynamoDbClient(await clientOptionsBy(config, io)(homeOf(config)));
  const artifacts = new ArtifactDb(new ArtifactTable(client, config.artifactDbTable));
  const search = await artifacts.findBySha(project, sha);
  if (search.kind === 'found') {
    const { buildNumber, tags, value } = search.artifact;
    return { value, buildNumber, tags };
  }
  const what = search.kind === 'none' ? 'No artifact' : 'More than one artifact';
  throw new RefusedError(`${what} of project ${project} may be meant by SHA=${sha}.`, {
    hint: 'Check the SHA, or leave it out to see placeholders.',
  });
}

/** Reaches for credentials and AWS only when something is asked. */
function lazySource(
  config: DeployConfig,
  environment: EnvironmentConfig,
  io: CommandIo,
): ReferenceSource {
  return {
    async resolve(references) {
      const { referenceSource } = await import('../src/aws/reference-source.ts');
      const options = () => clientOptionsBy(config, io)(environment);
      return referenceSource(io.env, options).resolve(references);
    },
  };
}

async function showEnvironment(
  app: AppConfig,
  environment: EnvironmentConfig,
  artifact: TemplateArtifact,
  source: ReferenceSource,
): Promise<object> {
  const values = templateValues(environment, artifact);
  const resolved: ResolvedReferences = mentionsReferences(app)
    ? await resolveReferences(templateParts(app, values), source)
    : { values: new Map(), uses: [] };
  const { name: _name, timeouts: _timeouts, monitor: _monitor, ...settings } = environment;
  const render = (member: TemplateMember, template: Json, more = {}) => {
    const path = ['Apps', app.name, member];
    const rendered = renderTemplate(
      template,
      { ...values, ...more },
      formatPath(path),
      lookUpIn(resolved.values),
    );
    return maskSecrets(rendered, path, resolved.uses);
  };
  return {
    ...settings,
    containerDefinitions: render('ContainerDefinitionTemplates', app.containerDefinitionTemplates),
    preDeployCommands: render('PreDeployCommandTemplates', app.preDeployCommandTemplates),
    // The revision is known only once it is registered.
    postDeployCommands: render('PostDeployCommandTemplates', app.postDeployCommandTemplates, {
      TaskDefinition: `${environment.family}:0`,
    }),
    references: describeReferences(resolved.uses),
  };
}
