import { shellWord } from '../shell-word.ts';
import type { DeployRequest } from './request.ts';

/** Both ways to go on after a deploy that did not end, one a line. */
export function nextCommands(request: DeployRequest): string {
  return `To finish it: ${commandLine(request, '-resume')}\nTo begin anew: ${commandLine(request, '-start-over')}`;
}

/** What to type, with the flags that name this deploy. */
export function commandLine(
  { app, environment, flags, sha }: DeployRequest,
  mode: '-resume' | '-start-over',
): string {
  const named = ['-app', app.name, '-env', environment.name];
  // A resume knows its artifact, and refuses to be told another one.
  const artifact = sha === undefined || mode === '-resume' ? [] : ['-sha', sha];
  return ['ecs-deploy', ...named, ...artifact, ...flags, mode].map(shellWord).join(' ');
}
