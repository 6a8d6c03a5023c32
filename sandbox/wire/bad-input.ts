import type { z } from 'zod';

/** What a person gave the sandbox (a file, an option, an admin request) cannot be used as it is. */
export class BadInputError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'BadInputError';
  }
}

/**
 * `value`, checked.
 * @param what Where it came from, to begin the message with.
 * @throws {BadInputError} One line that names the path of every problem.
 */
export function checked<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path, message }) =>
    path.length > 0 ? `${path.join('/')}: ${message}` : message,
  );
  throw new BadInputError(`${what}: ${problems.join('; ')}`);
}

/**
 * The value of some JSON text.
 * @throws {BadInputError} when it is not JSON.
 */
export function parsedJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new BadInputError(`${what}: not JSON: ${(error as Error).message}`, { cause: error });
  }
}
