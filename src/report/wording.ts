import { EXIT } from '../errors.ts';
import { shellWord } from '../shell-word.ts';
import type { DeployEvent, Serving } from './events.ts';

/* How events read. Free to change: the contract is the events, not the words. */

export type EventOf<Type extends DeployEvent['type']> = Extract<DeployEvent, { type: Type }>;

/** How a reporter shows each kind of event: the lines to print, without line breaks. */
export type LineTable = {
  readonly [Type in DeployEvent['type']]: (event: EventOf<Type>) => string[];
};

export function linesFor(table: LineTable, event: DeployEvent): string[] {
  // Each entry takes the very type that it is filed under, which TypeScript can't follow here.
  const lines = table[event.type] as (event: DeployEvent) => string[];
  return lines(event);
}

/** `0.3 s`, `42 s`, `3 min 5 s`, `1 h 2 min`. */
export function duration(ms: number): string {
  if (ms < 9_950) return `${(Math.max(0, ms) / 1000).toFixed(1)} s`;
  return wholeSeconds(ms);
}

/** As `duration`, without tenths: for what is redrawn each second. */
export function wholeSeconds(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

export function deployStarted(event: EventOf<'deploy.started'>): string {
  const verb = {
    deploy: 'Deploying',
    resume: 'Resuming the deploy of',
    'start-over': 'Starting over with',
  }[event.mode];
  return `${verb} ${event.artifact} (build ${event.buildNumber}, config ${event.configSha}): ${event.app} in ${event.environment}`;
}

/** `1 of 2 tasks running (12 s, 4 min 48 s left)` */
export function waitProgress(waitingFor: string, elapsedMs: number, remainingMs: number): string {
  return `${waitingFor} (${wholeSeconds(elapsedMs)}, ${wholeSeconds(remainingMs)} left)`;
}

/** The command as one would type it. */
export function commandLine(program: string, args: readonly string[]): string {
  return [program, ...args].map(shellWord).join(' ');
}

/** What stands at the end of a deploy, one item a line. The last lines tell the truth about traffic. */
export interface Ending {
  readonly headline: string;
  readonly details: readonly string[];
  /** Empty when the details tell it. */
  readonly serving: string;
  /** What to type or to do next; empty after a success. */
  readonly next: string;
}

export function deployFinished(event: EventOf<'deploy.finished'>): Ending {
  return {
    headline: `Done in ${duration(event.durationMs)}`,
    details: [],
    serving: servingNow(event.serving),
    next: '',
  };
}

export function deployFailed(event: EventOf<'deploy.failed'>): Ending {
  const state = STATES.get(event.exitCode) ?? 'failed';
  return {
    headline: `${capitalised(state)} after ${duration(event.durationMs)}`,
    details: event.message.split('\n'),
    serving: event.serving ? servingNow(event.serving) : servingUnknown(event.exitCode),
    next: event.hint,
  };
}

/** Endings before anything was looked at, let alone changed. */
const UNTOUCHED: ReadonlySet<number> = new Set([EXIT.usage, EXIT.locked, EXIT.refused]);

function servingUnknown(exitCode: number): string {
  // Otherwise the message says that nothing serves, or why it could not be found out.
  return UNTOUCHED.has(exitCode) ? 'Serving now: the same as before' : '';
}

/** What an exit code says about the state that the deploy left. */
const STATES: ReadonlyMap<number, string> = new Map([
  [EXIT.failedBeforeSwap, 'failed before any traffic moved,'],
  [EXIT.usage, 'refused, nothing was changed,'],
  [EXIT.locked, 'locked, nothing was changed,'],
  [EXIT.refused, 'refused, nothing was changed,'],
  [EXIT.failedAfterSwap, 'failed after traffic had moved to the new version,'],
  [EXIT.rolledBack, 'failed and rolled back to the old version'],
  [EXIT.needsHuman, 'failed and needs a person to decide,'],
  [EXIT.bug, 'failed by a bug of ecs-deploy'],
  [EXIT.interrupted, 'interrupted'],
  [EXIT.terminated, 'terminated'],
]);

/** `Serving now: green, hello:abcd1234 (config 1a2b3c4d, task definition hello-dev:17, 2 tasks)` */
export function servingNow(serving: Serving): string {
  const { runningCount } = serving;
  const facts = [
    ...(serving.configSha === undefined ? [] : [`config ${serving.configSha}`]),
    `task definition ${serving.taskDefinition}`,
    `task set ${serving.taskSetId}`,
    ...(runningCount === undefined
      ? []
      : [`${runningCount === 1 ? '1 task' : `${runningCount} tasks`} running`]),
  ];
  const artifact = serving.artifact ?? 'an unknown artifact';
  return `Serving now: ${serving.color}, ${artifact} (${facts.join(', ')})`;
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
