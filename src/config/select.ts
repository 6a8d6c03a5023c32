import { ConfigError } from '../errors.ts';
import type { AppConfig, DeployConfig, EnvironmentConfig } from './config.ts';
import { suggest } from './suggest.ts';

/**
 * The app and the environment of these names.
 * @throws {ConfigError} with the names that there are
 */
export function selectEnvironment(
  config: DeployConfig,
  appName: string,
  envName: string,
): { readonly app: AppConfig; readonly environment: EnvironmentConfig } {
  const app = selectApp(config, appName);
  const environment = app.environments.get(envName);
  if (environment) return { app, environment };
  throw unknownName(`environment of the app "${app.name}"`, '-env', envName, app.environments);
}

/**
 * The app of this name.
 * @throws {ConfigError} with the names that there are
 */
export function selectApp(config: DeployConfig, appName: string): AppConfig {
  const app = config.apps.get(appName);
  if (app) return app;
  throw unknownName('app of the config', '-app', appName, config.apps);
}

function unknownName(
  what: string,
  flag: string,
  name: string,
  known: ReadonlyMap<string, unknown>,
): ConfigError {
  const names = [...known.keys()];
  const meant = suggest(name, names);
  const list = names.length > 0 ? names.join(', ') : 'none';
  return new ConfigError(`${JSON.stringify(name)} is no ${what}. There is: ${list}.`, {
    hint:
      meant === undefined
        ? `Give one of these names with ${flag}.`
        : `Did you mean ${flag} ${meant}?`,
  });
}
