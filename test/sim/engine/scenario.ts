/**
 * What a simulated run does, as data and as text. The text is what a failure prints and what replays
 * it, so every value here can be written down and read back.
 *
 *     v1x2: deploy v2 ecs.CreateTaskSet#1:b;lock.update#3:c > resume | +500 deploy v3 > start-over v3
 *
 * is a world in which v1 serves with two tasks. A deploy of v2 meets two faults; then a resume and,
 * half a second later, a deploy of v3 run side by side; when both have ended, v3 starts over.
 */
export interface Scenario {
  readonly world: WorldSpec;
  /** One after the other; the runs of a stage side by side. */
  readonly stages: readonly (readonly RunSpec[])[];
}

/** What is there before the first run. */
export interface WorldSpec {
  /** Nothing deployed yet; v1 on blue; or v1 on blue and what was before it still on green. */
  readonly start: 'empty' | 'v1' | 'v1-v0';
  readonly tasks: number;
  /** How long a call takes at the most, there and back. 0: every call is answered in the same turn. */
  readonly latencyMs: number;
  /** For how long describe calls of ECS don't show a change. */
  readonly staleMs: number;
}

/** One process of the deployer. */
export interface RunSpec {
  readonly mode: 'deploy' | 'resume' | 'start-over';
  /** Which artifact; a resume may leave it out. */
  readonly version?: string;
  /** After the stage has begun. */
  readonly delayMs: number;
  readonly faults: readonly Fault[];
}

/** What happens at one call of one process. */
export interface Fault {
  /** e.g. `ecs.CreateTaskSet`, or `clock` for the moment after the world's n-th timer of the run. */
  readonly site: string;
  /** Counted from 1, for each process by itself. */
  readonly nth: number;
  readonly kind: FaultKind;
}

export type FaultKind =
  /** `a`: the process crashes before it sends. */
  | { readonly type: 'crash-before' }
  /** `b`: it takes effect, and the process crashes before it hears of it. */
  | { readonly type: 'crash-after' }
  /** `c`: it takes effect, and the process hears nothing until it gives up waiting. */
  | { readonly type: 'lost-answer' }
  /** `d`: it never arrives, and the process hears nothing until it gives up waiting. */
  | { readonly type: 'lost-request' }
  /** `e300`: it arrives so long after the process has given up waiting. */
  | { readonly type: 'late'; readonly lateMs: number }
  /** `f`: throttled, without effect. */
  | { readonly type: 'throttled' }
  /** `F`: a server error, without effect. */
  | { readonly type: 'server-error' }
  /** `g12000`: the process stands still for so long before it sends. */
  | { readonly type: 'pause-before'; readonly pauseMs: number }
  /** `G12000`: it takes effect, and the process stands still for so long before it hears of it. */
  | { readonly type: 'pause-after'; readonly pauseMs: number }
  /** `!steal`: right before the call somebody does this. */
  | { readonly type: 'act'; readonly act: Act };

/** What others do meanwhile; see `DEEDS`. */
export type Act = (typeof ACTS)[number];

export const ACTS = [
  'SIGINT',
  'steal',
  'swap',
  'delete-idle',
  'kill-task',
  'sicken-idle',
  'empty-idle',
  'scale-out',
  'scale-to-zero',
  'move-primary',
  'stranger',
] as const;

/** The world of most scenarios. */
export const V1_SERVES: WorldSpec = { start: 'v1', tasks: 2, latencyMs: 0, staleMs: 0 };

const LETTERS = {
  a: 'crash-before',
  b: 'crash-after',
  c: 'lost-answer',
  d: 'lost-request',
  f: 'throttled',
  F: 'server-error',
} as const;

export function printScenario({ world, stages }: Scenario): string {
  const latency = world.latencyMs > 0 ? `~${world.latencyMs}` : '';
  const stale = world.staleMs > 0 ? `?${world.staleMs}` : '';
  const runs = stages.map((stage) => stage.map(printRun).join(' | ')).join(' > ');
  return `${world.start}x${world.tasks}${latency}${stale}: ${runs}`;
}

function printRun({ mode, version, delayMs, faults }: RunSpec): string {
  return [
    ...(delayMs > 0 ? [`+${delayMs}`] : []),
    mode,
    ...(version === undefined ? [] : [version]),
    ...(faults.length > 0 ? [faults.map(printFault).join(';')] : []),
  ].join(' ');
}

function printFault({ site, nth, kind }: Fault): string {
  return `${site}#${nth}:${printKind(kind)}`;
}

function printKind(kind: FaultKind): string {
  if (kind.type === 'act') return `!${kind.act}`;
  if (kind.type === 'late') return `e${kind.lateMs}`;
  if (kind.type === 'pause-before') return `g${kind.pauseMs}`;
  if (kind.type === 'pause-after') return `G${kind.pauseMs}`;
  return Object.entries(LETTERS).find(([, type]) => type === kind.type)?.[0] ?? kind.type;
}

/** @throws {Error} saying what can't be read. */
export function parseScenario(text: string): Scenario {
  const [, start, tasks, latency, stale, runs] =
    /^(empty|v1|v1-v0)x(\d+)(?:~(\d+))?(?:\?(\d+))?: (.+)$/.exec(text.trim()) ?? wrong(text);
  return {
    world: {
      start: start as WorldSpec['start'],
      tasks: Number(tasks),
      latencyMs: Number(latency ?? 0),
      staleMs: Number(stale ?? 0),
    },
    stages: (runs ?? '').split(' > ').map((stage) => stage.split(' | ').map(parseRun)),
  };
}

function parseRun(text: string): RunSpec {
  const [, delay, mode, version, faults] =
    /^(?:\+(\d+) )?(deploy|resume|start-over)(?: (v\d+))?(?: (\S+))?$/.exec(text) ?? wrong(text);
  return {
    mode: mode as RunSpec['mode'],
    ...(version === undefined ? {} : { version }),
    delayMs: Number(delay ?? 0),
    faults: (faults ?? '').split(';').filter(Boolean).map(parseFault),
  };
}

export function parseFault(text: string): Fault {
  const [, site = '', nth, kind = ''] = /^([\w.]+)#(\d+):(\S+)$/.exec(text) ?? wrong(text);
  return { site, nth: Number(nth), kind: parseKind(kind) };
}

function parseKind(text: string): FaultKind {
  const type = LETTERS[text as keyof typeof LETTERS];
  if (type !== undefined) return { type };
  const act = ACTS.find((each) => text === `!${each}`);
  if (act !== undefined) return { type: 'act', act };
  const [, letter, number] = /^([egG])(\d+)$/.exec(text) ?? wrong(text);
  const ms = Number(number);
  if (letter === 'e') return { type: 'late', lateMs: ms };
  return { type: letter === 'g' ? 'pause-before' : 'pause-after', pauseMs: ms };
}

function wrong(text: string): never {
  throw new Error(`Not a plan of the simulation: ${text}`);
}
