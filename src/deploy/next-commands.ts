import { shellWord } from '../shell-word.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { DeployRequest, LockTarget } from './request.ts';

/** What names a deploy on the command line. */
type Named = LockTarget & Pick<DeployRequest, 'sha'>;

/** What to type next has to name the artifact, also after a resume that was told none. */
export function withSha<T extends Named>(named: T, { artifact }: Pick<Checkpoint, 'artifact'>): T {
  const sha = named.sha ?? artifact.tags?.['SHA'];
  return sha === undefined ? named : { ...named, sha };
}

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
  const words = (list: readonly string[]) => list.map(shellWord);
  const artifact = mode === '-resume' ? [] : ['-sha', sha === undefined ? '<sha>' : shellWord(sha)];
  return ['ecs-deploy', ...words(named), ...artifact, ...words(flags), mode].join(' ');
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
