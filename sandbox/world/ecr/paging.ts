import { invalidParameter } from './errors.ts';

const DEFAULT_PAGE_SIZE = 100;
const MAX_PAGE_SIZE = 1000;

/**
 * One page of a list. The token names the last item shown, so that a deletion between two pages
 * skips nothing as long as that item stays.
 * @param key Different for each item.
 * @throws {ApiError} InvalidParameterException
 */
export function page<T>(
  items: readonly T[],
  key: (item: T) => string,
  input: { nextToken?: string | undefined; maxResults?: number | undefined },
): { items: T[]; nextToken: string | undefined } {
  const { nextToken, maxResults: size = DEFAULT_PAGE_SIZE } = input;
  if (!Number.isInteger(size) || size < 1 || size > MAX_PAGE_SIZE) {
    throw invalidParameter(
      `Invalid parameter at 'maxResults' failed to satisfy constraint: 'must be between 1 and ${MAX_PAGE_SIZE}'`,
    );
  }
  const start = nextToken === undefined ? 0 : after(items, key, nextToken);
  const shown = items.slice(start, start + size);
  const last = shown.at(-1);
  const more = start + size < items.length && last !== undefined;
  return { items: shown, nextToken: more ? btoa(key(last)) : undefined };
}

function after<T>(items: readonly T[], key: (item: T) => string, token: string): number {
  const index = items.findIndex((item) => btoa(key(item)) === token);
  if (index >= 0) return index + 1;
  throw invalidParameter(
    "Invalid parameter at 'nextToken' failed to satisfy constraint: 'must be a token that was returned'",
  );
}
