import { ECS_OPERATIONS } from '../../sandbox/world/ecs/index.ts';
import { ELB_OPERATIONS } from '../../sandbox/world/elb/index.ts';
import { type AnyOperation, ApiError } from '../../sandbox/world/operation.ts';
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
    const nth = this.calls.filter((each) => each.operation === operation).length;
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
    const isEcs = has(ECS_OPERATIONS, operation);
    try {
      return call(this.#world, isEcs ? ECS_OPERATIONS : ELB_OPERATIONS, operation, input, {
        region: this.#region,
      });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      // The SDK names a modelled ELBv2 error with the suffix that its wire code lacks.
      const name =
        isEcs || error.code.endsWith('Exception') ? error.code : `${error.code}Exception`;
      throw sdkError(name, error.message, error.httpStatus);
    }
  }
}

function operationOf(command: object): string {
  return command.constructor.name.replace(/Command$/, '');
}

function isReadOf(operation: string): boolean {
  return /^(Describe|List|Get)/.test(operation);
}

function has(operations: readonly AnyOperation[], name: string): boolean {
  return operations.some((operation) => operation.name === name);
}

function sdkError(name: string, message: string, httpStatusCode: number): Error {
  return Object.assign(new Error(message), { name, $metadata: { httpStatusCode } });
}

function connectionBroke(): Error {
  return Object.assign(new Error('socket hang up'), { name: 'TimeoutError', code: 'ECONNRESET' });
}
