import type { AppStatus, EnvironmentStatus, VersionStatus } from '../status/app-status.ts';
import { printableLine } from './printable.ts';

/**
 * A status in the words and the layout of the original `ecs-app-status`, which scripts read.
 * @returns lines without line breaks, safe to show on a terminal.
 */
export function appStatusLines({ app, latest, environments }: AppStatus): string[] {
  return [
    `${app}:`,
    `  Latest: ${latest ?? 'none'}`,
    ...environments.flatMap((environment) => environmentLines(environment)),
  ].map(printableLine);
}

function environmentLines({ environment, serving, deploying, idle }: EnvironmentStatus): string[] {
  return [
    `  ${environment}:`,
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
