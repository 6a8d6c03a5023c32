import { readFileSync } from 'node:fs';
import type { AppConfig, EnvironmentConfig } from '../../../src/config/config.ts';
import { parseConfig } from '../../../src/config/parse.ts';
import { selectEnvironment } from '../../../src/config/select.ts';
import type { Settings } from '../../../sandbox/world/settings.ts';
import type { WorldFile } from '../../../sandbox/world-file/world-file.ts';

const EXAMPLE = new URL('../../../examples/hello/', import.meta.url);

export const REGION = 'us-east-1';
export const LOCK_KEY = 'hello-dev';
export const CONFIG_SHA = 'cfg00001';
export const PROJECT = 'hello';

/** The versions that are registered, oldest first; their build numbers count from 1. */
export const VERSIONS = ['v1', 'v2', 'v3', 'v4'] as const;

/** The commit of a version. */
export function shaOf(version: string): string {
  return `${version}00000`;
}

/** What a container definition carries and no lock, log or report may ever show. */
export const SECRET = 'hunter2-simulated-secret';

/** Small times, so that a deploy has few events; their order is as in AWS. */
export const QUICK: Partial<Settings> = {
  timeScale: 1,
  schedulerTickSeconds: 0.4,
  taskStartSeconds: 0.5,
  taskDeprovisionSeconds: 0.1,
  staleSteadySeconds: 0,
  propagationSeconds: { min: 0, max: 0 },
};

/** From a target's registration to its first health check by both nodes. */
export const FIRST_CHECK_MS = 100;

/** The example's development environment with two commands before and two after. */
export const HELLO: { readonly app: AppConfig; readonly environment: EnvironmentConfig } =
  readHello();

function readHello() {
  const file = readJson('deploy-config.json') as {
    Apps: { hello: Record<string, unknown> & { ContainerDefinitionTemplates: object[] } };
  };
  const { hello } = file.Apps;
  hello['PreDeployCommandTemplates'] = [
    { Program: 'migrate', Arguments: ['{{.Artifact.Value}}'] },
    { Program: 'warm-up' },
  ];
  hello['PostDeployCommandTemplates'] = [
    { Program: 'schedule', Arguments: ['{{.TaskDefinition}}'] },
    { Program: 'announce' },
  ];
  // Longer than anything takes that succeeds; what fails shall not take for ever.
  Object.assign((hello['Environments'] as { dev: object }).dev, {
    Timeouts: { RolloutSeconds: 120, RemovalSeconds: 120 },
  });
  Object.assign(hello.ContainerDefinitionTemplates[0] ?? {}, {
    Environment: [{ Name: 'PASSWORD', Value: SECRET }],
  });
  const { config } = parseConfig(JSON.stringify(file), 'deploy-config.json');
  return selectEnvironment(config, 'hello', 'dev');
}

/** The example's world without production and without tables, and quick to drain. */
export const HELLO_WORLD: WorldFile = readWorld();

function readWorld(): WorldFile {
  const { tables: _tables, ...file } = readJson('world.json') as unknown as WorldFile;
  const isDev = ({ name }: { name: string }) => !name.startsWith('hello-prod');
  return {
    ...file,
    clusters: ['hello-dev'],
    targetGroups: (file.targetGroups ?? [])
      .filter(isDev)
      .map((group) => ({ ...group, deregistrationDelaySeconds: 0.5 })),
    loadBalancers: (file.loadBalancers ?? []).filter(isDev),
    services: [],
  };
}

function readJson(name: string): Record<string, unknown> {
  return JSON.parse(readFileSync(new URL(name, EXAMPLE), 'utf8')) as Record<string, unknown>;
}
