import { ECS_OPERATIONS } from '../../sandbox/world/ecs/index.ts';
import { ELB_OPERATIONS } from '../../sandbox/world/elb/index.ts';
import { ApiError } from '../../sandbox/world/operation.ts';
import type { World } from '../../sandbox/world/world.ts';
import { call } from './world.ts';

/** One call as the world saw it. */
export interface DirectCall {
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly isRead: boolean;
}

/** What happens to a call instead of a prompt answer. */
export type DirectFault =
  /** It never arrives. */
  | 'lost-request'
  /** It has its effect, and the connection breaks before the answer. */
  | 'lost-answer'
  | 'throttled'
  /** For want of permission. */
  | 'denied';

/**
 * An SDK client for ECS and ELBv2 with nothing in between: its commands reach the world's operations
 * in the same turn, so that whole deploys run on a virtual clock through the real adapters.
 */
export class DirectClient {
  readonly calls: DirectCall[] = [];
  /** Decides about each call; `nth` counts this operation's calls from 1. */
  faultFor: (call: DirectCall, nth: number) => DirectFault | undefined = () => undefined;
  readonly #counts = new Map<string, number>();
  /** Told of each call before it takes effect: the place where a third party acts. */
  onCall: (call: DirectCall, nth: number) => void = () => {};
  readonly #world: World;
  readonly #region: string;

  constructor(world: World, region: string) {
    this.#world = world;
    this.#region = region;
  }

  /** Everything that was not a read. */
  get changes(): readonly DirectCall[] {
    return this.calls.filter(({ isRead }) => !isRead);
  }

  /** The same client behind a guard that is asked before each change, as in front of real ones. */
  guardedBy(gate: { assertCanMutate(): void }): Pick<DirectClient, 'send'> {
    return {
      send: async (command) => {
        if (!isReadOf(operationOf(command))) gate.assertCanMutate();
        return this.send(command);
      },
    };
  }

  /** Takes any command of either client. */
  async send(command: { readonly input: object }): Promise<never> {
    const operation = operationOf(command);
    const isRead = isReadOf(operation);
    const made: DirectCall = { operation, isRead, input: command.input as DirectCall['input'] };
    this.calls.push(made);
    const nth = (this.#counts.get(operation) ?? 0) + 1;
    this.#counts.set(operation, nth);
    this.onCall(made, nth);
    const fault = this.faultFor(made, nth);
    if (fault === 'lost-request') throw connectionBroke();
    if (fault === 'throttled') throw sdkError('ThrottlingException', 'Rate exceeded', 400);
    if (fault === 'denied') throw sdkError('AccessDeniedException', 'not authorized', 400);
    const answer = this.#perform(operation, command.input);
    if (fault === 'lost-answer') throw connectionBroke();
    return answer as never;
  }

  #perform(operation: string, input: object): unknown {
    return performDirectly(this.#world, this.#region, operation, input);
  }
}

const ECS_NAMES: ReadonlySet<string> = new Set(ECS_OPERATIONS.map(({ name }) => name));

/** Which of the two services has this operation. */
export function serviceOf(operation: string): 'ecs' | 'elb' {
  return ECS_NAMES.has(operation) ? 'ecs' : 'elb';
}

/**
 * Answers a call in the same turn.
 * @throws the error that the SDK would make of AWS's answer.
 */
export function performDirectly(
  world: World,
  region: string,
  operation: string,
  input: object,
): unknown {
  const isEcs = serviceOf(operation) === 'ecs';
  try {
    return call(world, isEcs ? ECS_OPERATIONS : ELB_OPERATIONS, operation, input, { region });
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    // The SDK names a modelled ELBv2 error with the suffix that its wire code lacks.
    const name = isEcs || error.code.endsWith('Exception') ? error.code : `${error.code}Exception`;
    throw sdkError(name, error.message, error.httpStatus);
  }
}

const operationNames = new WeakMap<object, string>();

/** The operation of one of the SDK's commands, by its class. */
export function operationOf(command: object): string {
  const { constructor } = command;
  let name = operationNames.get(constructor);
  if (name === undefined) {
    name = constructor.name.replace(/Command$/, '');
    operationNames.set(constructor, name);
  }
  return name;
}

export function isReadOf(operation: string): boolean {
  return /^(Describe|List|Get)/.test(operation);
}

/** An error as the SDK throws it for an answer with this status. */
export function sdkError(name: string, message: string, httpStatusCode: number): Error {
  return Object.assign(new Error(message), { name, $metadata: { httpStatusCode } });
}

/** What the SDK throws when no answer came. */
export function connectionBroke(): Error {
  return Object.assign(new Error('socket hang up'), { name: 'TimeoutError', code: 'ECONNRESET' });
}
