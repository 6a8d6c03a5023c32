import { shellWord } from '../shell-word.ts';
import type { DeployRequest, LockTarget } from './request.ts';

/** What names a deploy on the command line. */
type Named = LockTarget & Pick<DeployRequest, 'sha'>;

/** Both ways to go on after a deploy that did not end, one a line. */
export function nextCommands(request: Named): string {
  return `To finish it: ${commandLine(request, '-resume')}\nTo begin anew: ${commandLine(request, '-start-over')}`;
}

/** What to type, with the flags that name this deploy. */
export function commandLine(
  { app, environment, flags, sha }: Named,
  mode: '-resume' | '-start-over',
): string {
  const named = ['-app', app.name, '-env', environment.name];
  // A resume knows its artifact, and refuses to be told another one.
  const artifact = sha === undefined || mode === '-resume' ? [] : ['-sha', sha];
  return ['ecs-deploy', ...named, ...artifact, ...flags, mode].map(shellWord).join(' ');
}

/** What to type about the lock of what is to be deployed. */
export function lockCommandLine(
  { app, environment, flags }: LockTarget,
  command: 'show' | 'release' | 'break',
): string {
  const configAt = flags.indexOf('-config');
  const config = configAt < 0 ? [] : flags.slice(configAt, configAt + 2);
  const named = ['-app', app.name, '-env', environment.name, ...config];
  return ['ecs-deploy', 'lock', command, ...named].map(shellWord).join(' ');
}
