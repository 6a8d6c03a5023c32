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

/**
 * Both ways to go on after a deploy that did not end, one a line.
 * @param recorded what it was begun with, where that may not be what this run was told
 */
export function nextCommands(request: Named, recorded?: Pick<Checkpoint, 'configSha'>): string {
  const resumed = recorded ? withConfigOf(request, recorded) : request;
  return `To finish it: ${commandLine(resumed, '-resume')}\nTo begin anew: ${commandLine(request, '-start-over')}`;
}

/**
 * The same with the configuration of the deploy that is to be resumed: a resume refuses another one.
 * A commit need not be named: it has to be checked out, as the refusal says.
 */
export function withConfigOf<T extends Named>(
  named: T,
  { configSha }: Pick<Checkpoint, 'configSha'>,
): T {
  if (/^[0-9a-f]{8}$/.test(configSha)) return named;
  const at = named.flags.indexOf('-config-sha');
  const others = at < 0 ? named.flags : named.flags.toSpliced(at, 2);
  return { ...named, flags: [...others, '-config-sha', configSha] };
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
