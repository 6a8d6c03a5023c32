import type { AppConfig } from '../src/config/config.ts';
import { contentIdentity } from '../src/config/content-identity.ts';
import { type ConfigText, readConfigFile } from '../src/config/find.ts';
import { configSha } from '../src/config/identity.ts';
import { parseConfigFile } from '../src/config/parse.ts';
import { describeProblem, inOrderOfFile } from '../src/config/problems.ts';
import { selectApp, selectEnvironment } from '../src/config/select.ts';
import { type Validation, validateConfig } from '../src/config/validate.ts';
import { ConfigError, EXIT, type ExitCode } from '../src/errors.ts';
import { git } from '../src/process/git.ts';
import { printable } from '../src/report/printable.ts';
import type { CommandIo, ConfigOptions } from './options.ts';

/** Counts up when a reader of the JSON would have to change. */
const JSON_VERSION = 1;

/** `ecs-deploy config`: reads, prints, changes nothing. */
export async function runConfig(options: ConfigOptions, io: CommandIo): Promise<ExitCode> {
  const file = await readConfigFile({ given: options.config, folder: io.cwd });
  const { action, output } = options;
  switch (action.kind) {
    case 'validate':
      return validate(file, output, io);
    case 'identity':
      return identify(file, action, output, io);
    case 'show': {
      const { showConfig } = await import('./config-show.ts');
      return showConfig(file, action, output, io);
    }
  }
  throw new Error(`Unknown action: ${JSON.stringify(action)}`);
}

async function validate(
  file: ConfigText,
  output: ConfigOptions['output'],
  io: CommandIo,
): Promise<ExitCode> {
  const validation = await validateConfig(file, (name) => (io.env[name] ?? '') !== '');
  const { errors, references, warnings } = validation;
  const isValid = errors.length === 0;
  if (output === 'json') {
    const result = { config: file.path, isValid, errors, warnings, references };
    writeJson(result, io);
  } else {
    const lines = [
      ...errors.map((problem) => ({ problem, kind: '' })),
      ...warnings.map((problem) => ({ problem, kind: 'warning: ' })),
    ]
      .sort((a, b) => inOrderOfFile(a.problem, b.problem))
      .map(({ problem, kind }) => describeProblem(file.path, problem, kind));
    for (const line of [...lines, summaryOf(file, validation)]) {
      io.stdout.write(`${printable(line)}\n`);
    }
  }
  return isValid ? EXIT.ok : EXIT.usage;
}

function summaryOf({ path }: ConfigText, { config, errors, warnings }: Validation): string {
  const counts = [
    ...(errors.length === 0 ? [] : [countOf(errors.length, 'error')]),
    ...(warnings.length === 0 ? [] : [countOf(warnings.length, 'warning')]),
  ];
  if (!config) return `${path} has ${counts.join(' and ')}.`;
  const apps = [...config.apps.values()];
  const environments = apps.reduce((sum, app) => sum + app.environments.size, 0);
  const what = `${countOf(apps.length, 'app')}, ${countOf(environments, 'environment')}`;
  return `${path} is valid: ${[what, ...counts].join(', ')}.`;
}

function countOf(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

async function identify(
  file: ConfigText,
  { app: appName, configSha: given, env }: ConfigOptions['action'] & { kind: 'identity' },
  output: ConfigOptions['output'],
  io: CommandIo,
): Promise<ExitCode> {
  const { config } = await parseConfigFile(file);
  const app = selectApp(config, appName);
  if (env !== undefined) selectEnvironment(config, appName, env);
  const content = contentIdentity(app);
  let sha: string | undefined;
  let problem: ConfigError | undefined;
  try {
    sha = await configSha({ configPath: file.path, given, git });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    problem = error;
  }
  const gates = gatesOf(app, env);
  if (output === 'json') {
    writeJson({ config: file.path, app: app.name, sha: sha ?? null, content, gates }, io);
  } else {
    io.stdout.write(`sha      ${sha ?? '-'}\ncontent  ${content}\n`);
    for (const { environment, requires, gate } of gates) {
      const what = requires === null ? 'no gate' : `same ${gate} as in ${requires}`;
      io.stdout.write(`${printable(`gate     ${environment}: ${what}`)}\n`);
    }
  }
  // What could be said has been; a deploy would be refused for this.
  if (problem) throw problem;
  return EXIT.ok;
}

function gatesOf(app: AppConfig, env: string | undefined) {
  return [...app.environments.values()]
    .filter(({ name }) => env === undefined || name === env)
    .map(({ gate, name, requiresPreviousEnvDeploy }) => {
      return { environment: name, requires: requiresPreviousEnvDeploy ?? null, gate };
    });
}

function writeJson(result: object, io: CommandIo): void {
  io.stdout.write(`${JSON.stringify({ schemaVersion: JSON_VERSION, ...result })}\n`);
}
