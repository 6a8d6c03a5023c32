import type { Color } from './model.ts';
import type { Priorities } from './colors.ts';

/**
 * What a deploy writes into the lock before each step: enough to finish it from anywhere. The first
 * six members are those of the original tool, which reads and writes the same item.
 */
export interface Checkpoint {
  readonly artifact: CheckpointArtifact;
  readonly configSha: string;
  /** Empty until the task set has been created. */
  readonly newTaskSetId: string;
  /** Empty until the active colour has been read. */
  readonly newActiveColor: Color | '';
  readonly done: boolean;
  /** The step that was begun last. */
  readonly step: number;
  /** What only this tool records. Gone as soon as the original has written the item. */
  readonly own?: OwnCheckpoint;
}

export interface CheckpointArtifact {
  readonly buildNumber: number;
  readonly value: string;
  readonly tags: Readonly<Record<string, string>> | null;
}

export interface OwnCheckpoint {
  /** One lineage: a deploy and all its resumes. Start-over begins another. */
  readonly deployId: string;
  /** Grows when the task set has to be created anew within the lineage. */
  readonly attempt: number;
  /** The task set that was PRIMARY when the lineage began; empty when there was none. */
  readonly originalPrimaryId?: string;
  readonly originalColor?: Color;
  /** The two priorities as they were before the swap. */
  readonly priorities?: Priorities;
  readonly taskDefinitionArn?: string;
  /** Set before the swap is sent, and taken back only when traffic has been sent back. */
  readonly swapBegun?: boolean;
  /** How many of the commands have finished, in their order. */
  readonly preCommandsDone: number;
  readonly postCommandsDone: number;
  readonly commandsSkipped: boolean;
  /** What the configuration says, by its name: see `contentIdentity`. */
  readonly contentIdentity?: string;
  /** Digests of images by how the task definition would name them: a tag may move meanwhile. */
  readonly imageDigests?: Readonly<Record<string, string>>;
  /** Why the gate was overridden; whoever goes on need not do so again. */
  readonly gateOverride?: string;
  /** The machine, the process and, in CI, the job that wrote this. */
  readonly host: string;
  readonly pid: number;
  readonly job?: string;
  /** ISO 8601, by that machine's clock; for showing only. */
  readonly startedAt: string;
  /** The deploy that a start-over replaced. */
  readonly replaced?: string;
  /**
   * Ids or external ids of task sets that replaced deploys may have created. They are to be removed,
   * and may not even show yet.
   */
  readonly leftBehind?: readonly string[];
  /** Why the lock was given up before the end. */
  readonly yielded?: string;
}

/** The item's data is not a checkpoint. */
export class MalformedCheckpointError extends Error {
  constructor(what: string) {
    super(`The lock's data is no checkpoint of a deploy: ${what}.`);
    this.name = 'MalformedCheckpointError';
  }
}

const VERSION = 1;

/**
 * All six of the original's members, always: its status command takes a missing `Done` for true.
 * `X` is ours; the original ignores it and drops it with its first write, just when it gets stale.
 * @throws {RangeError} for a number that `decodeCheckpoint` would refuse: JSON writes NaN as null,
 *   and nobody could resume from that.
 */
export function encodeCheckpoint(checkpoint: Checkpoint): Uint8Array {
  const { artifact, own } = checkpoint;
  const blob = {
    Artifact: {
      BuildNumber: whole('BuildNumber', artifact.buildNumber),
      Value: artifact.value,
      Tags: artifact.tags,
    },
    ConfigSHA: checkpoint.configSha,
    NewTaskSetID: checkpoint.newTaskSetId,
    NewActiveColor: checkpoint.newActiveColor,
    Done: checkpoint.done,
    Step: whole('Step', checkpoint.step),
    X: own && encodeOwn(own),
  };
  return UTF8.encode(JSON.stringify(blob));
}

const UTF8 = new TextEncoder();

function whole(member: string, value: number): number {
  if (Number.isSafeInteger(value)) return value;
  throw new RangeError(`${value} can't be the ${member} of a checkpoint.`);
}

function encodeOwn(own: OwnCheckpoint) {
  const { priorities } = own;
  return {
    V: VERSION,
    DeployID: own.deployId,
    Attempt: whole('Attempt', own.attempt),
    OrigPrimary: own.originalPrimaryId,
    OrigColor: own.originalColor,
    Priorities: priorities && {
      blue: whole('blue', priorities.blue),
      green: whole('green', priorities.green),
    },
    TaskDef: own.taskDefinitionArn,
    Swap: own.swapBegun,
    Pre: whole('Pre', own.preCommandsDone),
    Post: whole('Post', own.postCommandsDone),
    CmdsSkipped: own.commandsSkipped,
    Content: own.contentIdentity,
    Images: isEmpty(own.imageDigests) ? undefined : own.imageDigests,
    Override: own.gateOverride,
    Host: own.host,
    Pid: whole('Pid', own.pid),
    Job: own.job,
    StartedAt: own.startedAt,
    Replaced: own.replaced,
    Left: own.leftBehind?.length ? own.leftBehind : undefined,
    Yield: own.yielded,
  };
}

function isEmpty(object: object = {}): boolean {
  return Object.keys(object).length === 0;
}

/** @throws {MalformedCheckpointError} saying which member is wrong. */
export function decodeCheckpoint(data: Uint8Array): Checkpoint {
  const blob = new Members(parseJson(data), '');
  const artifact = blob.object('Artifact');
  const x = blob.optionalObject('X');
  return {
    artifact: {
      buildNumber: artifact.number('BuildNumber'),
      value: artifact.string('Value'),
      tags: artifact.tags('Tags'),
    },
    configSha: blob.string('ConfigSHA'),
    newTaskSetId: blob.string('NewTaskSetID'),
    newActiveColor: blob.optionalColor('NewActiveColor') ?? '',
    done: blob.boolean('Done'),
    step: blob.number('Step'),
    // A hold has a part of its own there, also where no deploy of ours has one.
    ...(x === undefined || (x.has('Hold') && !x.has('DeployID')) ? {} : { own: decodeOwn(x) }),
  };
}

function decodeOwn(x: Members): OwnCheckpoint {
  if (x.number('V') > VERSION) {
    throw new MalformedCheckpointError(
      'it was written by a newer version of ecs-deploy; use that one',
    );
  }
  const priorities = x.optionalObject('Priorities');
  return withoutUndefined({
    deployId: x.string('DeployID'),
    attempt: x.number('Attempt'),
    originalPrimaryId: x.optionalString('OrigPrimary'),
    originalColor: x.optionalColor('OrigColor'),
    priorities: priorities && {
      blue: priorities.number('blue'),
      green: priorities.number('green'),
    },
    taskDefinitionArn: x.optionalString('TaskDef'),
    swapBegun: x.has('Swap') ? x.boolean('Swap') : undefined,
    preCommandsDone: x.number('Pre'),
    postCommandsDone: x.number('Post'),
    commandsSkipped: x.boolean('CmdsSkipped'),
    contentIdentity: x.optionalString('Content'),
    imageDigests: x.tags('Images') ?? undefined,
    gateOverride: x.optionalString('Override'),
    host: x.string('Host'),
    pid: x.number('Pid'),
    job: x.optionalString('Job'),
    startedAt: x.string('StartedAt'),
    replaced: x.optionalString('Replaced'),
    leftBehind: x.optionalStrings('Left'),
    yielded: x.optionalString('Yield'),
  });
}

function parseJson(data: Uint8Array): unknown {
  if (data.length === 0) throw new MalformedCheckpointError('it is empty');
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(data));
  } catch {
    throw new MalformedCheckpointError('it is not JSON');
  }
}

type WithoutUndefined<T> = { [K in keyof T]: Exclude<T[K], undefined> };

function withoutUndefined<T extends object>(object: T): WithoutUndefined<T> {
  return Object.fromEntries(
    Object.entries(object).filter(([, value]) => value !== undefined),
  ) as WithoutUndefined<T>;
}

/** Reads the members of a JSON object and says exactly which one is not as it should be. */
class Members {
  readonly #object: Readonly<Record<string, unknown>>;
  readonly #path: string;

  constructor(value: unknown, path: string) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new MalformedCheckpointError(`${path || 'it'} is not an object`);
    }
    this.#object = value as Record<string, unknown>;
    this.#path = path;
  }

  has(name: string): boolean {
    return !this.#isAbsent(name);
  }

  object(name: string): Members {
    return new Members(this.#object[name], this.#pathOf(name));
  }

  optionalObject(name: string): Members | undefined {
    return this.#isAbsent(name) ? undefined : this.object(name);
  }

  string(name: string): string {
    const value = this.#object[name];
    return typeof value === 'string' ? value : this.#wrong(name, 'a string');
  }

  optionalString(name: string): string | undefined {
    return this.#isAbsent(name) ? undefined : this.string(name);
  }

  optionalStrings(name: string): readonly string[] | undefined {
    if (this.#isAbsent(name)) return undefined;
    const value = this.#object[name];
    const isList = Array.isArray(value) && value.every((item) => typeof item === 'string');
    return isList ? value : this.#wrong(name, 'a list of strings');
  }

  number(name: string): number {
    const value = this.#object[name];
    return Number.isSafeInteger(value) ? (value as number) : this.#wrong(name, 'a whole number');
  }

  boolean(name: string): boolean {
    const value = this.#object[name];
    return typeof value === 'boolean' ? value : this.#wrong(name, 'true or false');
  }

  /** A colour, or undefined for an empty or absent one. */
  optionalColor(name: string): Color | undefined {
    const value = this.optionalString(name);
    if (value === undefined || value === '') return undefined;
    return value === 'blue' || value === 'green' ? value : this.#wrong(name, 'blue or green');
  }

  /** Names and texts. */
  tags(name: string): Record<string, string> | null {
    if (this.#isAbsent(name)) return null;
    const tags = this.object(name);
    return Object.fromEntries(Object.keys(tags.#object).map((key) => [key, tags.string(key)]));
  }

  #isAbsent(name: string): boolean {
    return this.#object[name] === undefined || this.#object[name] === null;
  }

  #wrong(name: string, expected: string): never {
    throw new MalformedCheckpointError(`${this.#pathOf(name)} is not ${expected}`);
  }

  #pathOf(name: string): string {
    return this.#path === '' ? name : `${this.#path}.${name}`;
  }
}
