import { z } from 'zod';
import { BadInputError, checked } from './bad-input.ts';
import { implementedOperations } from './services.ts';

/**
 * What goes wrong, and when. A rule counts the calls of its operation (and its attempt, if it names
 * one), and fires at all of them unless `nth` or `everyNth` says less.
 */
export interface FaultRule {
  /** `ecs.CreateTaskSet`, `dynamodb.*`, or `*` for every call. */
  readonly operation: string;
  /** Only the SDK's nth attempt of a call, by its header `amz-sdk-request`; 1 is the first. */
  readonly attempt?: number | undefined;
  /** Fires once, at the nth call that is counted. */
  readonly nth?: number | undefined;
  /** Fires at every nth call that is counted. */
  readonly everyNth?: number | undefined;
  /** Fires at most so many times. */
  readonly times?: number | undefined;
  readonly do: Fault;
}

export type Fault =
  /** An error, before anything is done. `status` 400 unless given. */
  | {
      readonly kind: 'reject';
      readonly code: string;
      readonly message?: string | undefined;
      readonly status?: number | undefined;
    }
  /** The service's own throttling error, before anything is done. */
  | { readonly kind: 'throttle' }
  /** Done, and then the connection is cut without an answer. */
  | { readonly kind: 'drop' }
  /** So many milliseconds of the world's clock go by first, or between doing and answering. */
  | { readonly kind: 'delay'; readonly ms: number; readonly when: 'after' | 'before' }
  /** Never answered, and not done unless `when` is `after`. */
  | { readonly kind: 'hang'; readonly when?: 'after' | 'before' | undefined }
  /** Done unless `when` is `before`, and answered with this instead. `status` 200 unless given. */
  | {
      readonly kind: 'garble';
      readonly body: string;
      readonly status?: number | undefined;
      readonly when?: 'after' | 'before' | undefined;
    };

const count = z.int().min(1);
const status = z.int().min(200).max(599);
const when = z.enum(['after', 'before']);

const FAULT: z.ZodType<Fault> = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('reject'),
    code: z.string().min(1),
    message: z.string().optional(),
    status: status.optional(),
  }),
  z.strictObject({ kind: z.literal('throttle') }),
  z.strictObject({ kind: z.literal('drop') }),
  z.strictObject({ kind: z.literal('delay'), ms: z.number().min(0), when }),
  z.strictObject({ kind: z.literal('hang'), when: when.optional() }),
  z.strictObject({
    kind: z.literal('garble'),
    body: z.string(),
    status: status.optional(),
    when: when.optional(),
  }),
]);

const FAULT_RULES: z.ZodType<FaultRule[]> = z.array(
  z
    .strictObject({
      operation: z.string(),
      attempt: count.optional(),
      nth: count.optional(),
      everyNth: count.optional(),
      times: count.optional(),
      do: FAULT,
    })
    .refine((rule) => rule.nth === undefined || rule.everyNth === undefined, {
      error: 'nth and everyNth exclude each other',
    }),
);

/**
 * A list of fault rules, checked.
 * @param what Where they came from, to begin the message with.
 * @throws {BadInputError} also for an operation that the sandbox does not implement: such a rule
 *   would never fire.
 */
export function checkedFaultRules(value: unknown, what: string): FaultRule[] {
  const rules = checked(FAULT_RULES, value, what);
  const known = implementedOperations();
  for (const [index, { operation }] of rules.entries()) {
    const isKnown = operation.endsWith('.*')
      ? [...known].some((name) => name.startsWith(operation.slice(0, -1)))
      : operation === '*' || known.has(operation);
    if (!isKnown) {
      throw new BadInputError(
        `${what}: ${index}/operation: the sandbox implements no ${operation}; write it as in ecs.CreateTaskSet, ecs.* or *`,
      );
    }
  }
  return rules;
}
