import { ApiError } from '../world/operation.ts';
import { BadInputError } from '../wire/bad-input.ts';

/**
 * Does what an entry of a world file asks for.
 * @param path Where the entry stands, e.g. `services/0`.
 * @throws {BadInputError} that begins with the path, for what AWS would refuse.
 */
export function at<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw located(error, path);
  }
}

/** As `at`, for what takes time. */
export async function atAsync<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw located(error, path);
  }
}

function located(error: unknown, path: string): unknown {
  if (!(error instanceof ApiError)) return error;
  return new BadInputError(`world file: ${path}: ${error.message} (${error.code})`, {
    cause: error,
  });
}
