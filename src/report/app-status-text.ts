import type {
  AppStatus,
  EnvironmentVersions,
  UnreadEnvironment,
  VersionStatus,
} from '../status/app-status.ts';
import { printableLine } from './printable.ts';

/**
 * A status in the words and the layout of the original `ecs-app-status`, which scripts read. Where
 * that one would have ended with an error, the error stands in its place.
 * @returns lines without line breaks, safe to show on a terminal.
 */
export function appStatusLines({ app, environments, latest, latestError }: AppStatus): string[] {
  return [
    `${app}:`,
    `  Latest: ${latestError ? `unknown: ${latestError.message}` : (latest ?? 'none')}`,
    ...environments.flatMap((environment) => [
      `  ${environment.environment}:`,
      ...('error' in environment ? errorLines(environment) : versionLines(environment)),
    ]),
  ].map(printableLine);
}

function errorLines({ error }: UnreadEnvironment): string[] {
  return [`    Error:     ${error.message}`];
}

function versionLines({ serving, deploying, idle }: EnvironmentVersions): string[] {
  return [
    `    Serving:   ${serving ? versionText(serving) : 'none'}`,
    deploying
      ? `    Deploying: ${nameOf(deploying)} (step ${deploying.step ?? 'unknown'})`
      : '    No deploy in progress',
    ...idle.map((version) => `    Swapped:   ${versionText(version)}`),
  ];
}

function versionText(version: VersionStatus): string {
  const { taskDefinition, status, runningCount } = version;
  return `${nameOf(version)} (taskdef=${taskDefinition}, status=${status}, ${runningCount} tasks running)`;
}

function nameOf(named: { readonly artifact?: string; readonly configSha?: string }): string {
  return `${named.artifact ?? 'unknown'}/${named.configSha ?? 'unknown'}`;
}
