import { z } from 'zod';
import type { Settings } from '../world/settings.ts';
import { checked } from './bad-input.ts';

const seconds = z.number().min(0);
export const ACCOUNT_ID = z.string().regex(/^\d{12}$/, { error: 'must be 12 digits' });

const SETTINGS = z.strictObject({
  timeScale: z.number().positive(),
  accountId: ACCOUNT_ID,
  schedulerTickSeconds: z.number().positive(),
  firstTaskAddress: z
    .ipv4()
    .refine((address) => address.startsWith('127.'), { error: 'must be in 127.0.0.0/8' }),
  taskStartSeconds: seconds,
  taskDeprovisionSeconds: seconds,
  startThrottleSeconds: seconds,
  staleSteadySeconds: seconds,
  staleReadSeconds: seconds,
  strictDelete: z.boolean(),
  describeGone: z.enum(['failures', 'empty', 'exception']),
  tokenConflict: z.enum(['InvalidParameterException', 'ConflictException']),
  propagationSeconds: z
    .strictObject({ min: seconds, max: seconds })
    .refine(({ min, max }) => min <= max, { error: 'min must not be above max' }),
  ruleOrder: z.enum(['sorted', 'shuffled']),
  throttle: z.boolean(),
  throttleCode: z.enum(['Throttling', 'ThrottlingException']),
  returnConditionFailureItem: z.boolean(),
}) satisfies z.ZodType<Settings>;

/** The members of `Settings` that a file or a request may give, each of them optional. */
export const SOME_SETTINGS = SETTINGS.partial();

/**
 * Some settings, checked.
 * @throws {BadInputError}
 */
export function checkedSettings(value: unknown, what: string): Partial<Settings> {
  return definedOnly(checked(SOME_SETTINGS, value, what));
}

/** Without the members that are undefined: assigning those would erase a default. */
export function definedOnly<T extends object>(members: {
  [K in keyof T]?: T[K] | undefined;
}): Partial<T> {
  return Object.fromEntries(
    Object.entries(members).filter(([, value]) => value !== undefined),
  ) as Partial<T>;
}
