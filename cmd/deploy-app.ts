import { configSha } from '../src/config/identity.ts';
import { readConfigFile } from '../src/config/find.ts';
import { parseConfigFile } from '../src/config/parse.ts';
import { configError } from '../src/config/problems.ts';
import { selectEnvironment } from '../src/config/select.ts';
import { deploy } from '../src/deploy/deploy.ts';
import type { DeployRequest } from '../src/deploy/request.ts';
import { DeployError, EXIT, type ExitCode } from '../src/errors.ts';
import { git } from '../src/process/git.ts';
import { createApp } from './app.ts';
import type { CommandIo, DeployOptions } from './options.ts';

/** `ecs-deploy deploy`: reads the configuration, wires everything up and deploys. */
export async function runDeploy(options: DeployOptions, io: CommandIo): Promise<ExitCode> {
  const { config, request, warnings } = await readRequest(options, io);
  await using app = await createApp(options, io);
  for (const message of warnings) app.reporter.event({ type: 'warning', message });
  const tools = await app.deployTools(config, request.environment);
  try {
    await deploy(request, tools);
    return EXIT.ok;
  } catch (error) {
    if (error instanceof DeployError) return error.exitCode; // The reporter has told it.
    throw error;
  }
}

/**
 * What the command line and the configuration ask for.
 * @throws {ConfigError}
 */
export async function readRequest(options: DeployOptions, io: CommandIo) {
  const file = await readConfigFile({ given: options.config, folder: io.cwd });
  const { config, locator, warnings } = await parseConfigFile(file);
  const { app, environment } = selectEnvironment(config, options.app, options.env);
  const [sha] = await Promise.all([
    configSha({ configPath: file.path, given: options.configSha, git }),
    // Brings the template engine, meanwhile. A mistake is told before AWS is asked for anything.
    import('../src/templates/inevitable-problems.ts').then(({ inevitableProblems }) => {
      const problems = inevitableProblems(app, environment);
      if (problems.length > 0) throw configError(file.path, locator.describe(problems));
    }),
  ]);
  const request: DeployRequest = {
    app,
    environment,
    ...(options.sha === undefined ? {} : { sha: options.sha }),
    configSha: sha,
    mode: options.resume ? 'resume' : options.startOver ? 'start-over' : 'deploy',
    skipCommands: options.skipPrePost,
    ...(options.overrideGate === undefined ? {} : { gateOverride: options.overrideGate }),
    ...(options.rerunCommands ? { rerunCommands: true } : {}),
    ...(options.lockWaitMs === undefined ? {} : { lockWaitMs: options.lockWaitMs }),
    flags: flagsOf(options),
  };
  return { config, request, warnings };
}

/** The flags to repeat when the same deploy is to be resumed or started over. */
function flagsOf({ config, configSha: sha, overrideGate, skipPrePost }: DeployOptions): string[] {
  return [
    ...(config === undefined ? [] : ['-config', config]),
    ...(sha === undefined ? [] : ['-config-sha', sha]),
    ...(skipPrePost ? ['-skip-pre-post'] : []),
    ...(overrideGate === undefined ? [] : ['--override-gate', overrideGate]),
  ];
}
