import type { Region } from './region.ts';
import type { World } from './world.ts';

/** The services that the world itself implements. DynamoDB stands beside it, behind the wire. */
export type ServiceName =
  | 'ec2'
  | 'ecr'
  | 'ecs'
  | 'elasticloadbalancing'
  | 'iam'
  | 'logs'
  | 'secretsmanager'
  | 'ssm'
  | 'sts';

/** Who calls, as the wire read it from the request's credentials. */
export interface Caller {
  readonly accountId: string;
  /** `arn:aws:iam::<account>:user/sandbox`, or an assumed role's ARN. */
  readonly principalArn: string;
}

/** Everything an operation may touch. */
export interface Call {
  readonly world: World;
  /** The caller's account in the Region that the request was signed for. */
  readonly region: Region;
  readonly caller: Caller;
  /** Where the request was sent to, without a slash at the end; undefined without a wire. */
  readonly endpoint?: string;
}

/**
 * One API operation: input and output are the SDK's own types. `handle` is synchronous, checks
 * everything before it changes anything, and throws `ApiError` for AWS's own errors.
 */
export interface Operation<Input = never, Output = unknown> {
  /** As in the API reference, e.g. `CreateTaskSet`. */
  readonly name: string;
  /**
   * The input members that are implemented; any other member that has a value is refused by name.
   * Members of nested structures are the operation's own business.
   */
  readonly accepts: readonly (keyof Input & string)[];
  handle(input: Input, call: Call): Output;
}

/** An operation whose input type has been forgotten, as tables of operations hold it. */
export type AnyOperation = Operation<Record<string, unknown>>;

/** Erases an operation's input type for a table. The wire has no types to offer anyway. */
export function operation<Input, Output>(definition: Operation<Input, Output>): AnyOperation {
  return definition as unknown as AnyOperation;
}

/** An error as AWS answers it. */
export class ApiError extends Error {
  /** The code on the wire: `ServiceNotFoundException` for ECS, `RuleNotFound` for ELBv2. */
  readonly code: string;
  readonly httpStatus: number;
  /** Members beside code and message, e.g. the `Item` of a refused conditional write. */
  readonly extra: Readonly<Record<string, unknown>>;

  constructor(
    code: string,
    message: string,
    options: { httpStatus?: number; extra?: Record<string, unknown> } = {},
  ) {
    super(message);
    this.name = 'ApiError';
    this.code = code;
    this.httpStatus = options.httpStatus ?? 400;
    this.extra = options.extra ?? {};
  }
}
