import { validationError } from './errors.ts';
import { wholeNumber } from './validate.ts';

const MAX_PAGE_SIZE = 400;

/**
 * One page of a list. The marker says after which rank to go on, so that neither a deletion nor an
 * insertion between two pages shows an item twice.
 * @param rank Strictly ascending over `items`.
 * @throws {ApiError} ValidationError for a marker that was never given out.
 */
export function page<T>(
  items: readonly T[],
  rank: (item: T) => number,
  input: { Marker?: string | undefined; PageSize?: number | undefined },
): { items: T[]; NextMarker: string | undefined } {
  const size = wholeNumber(input.PageSize ?? MAX_PAGE_SIZE, 1, MAX_PAGE_SIZE, 'Page size');
  const after = input.Marker === undefined ? -Infinity : decode(input.Marker);
  const rest = items.filter((item) => rank(item) > after);
  const shown = rest.slice(0, size);
  const last = shown.at(-1);
  const more = rest.length > shown.length && last !== undefined;
  return { items: shown, NextMarker: more ? btoa(`after:${rank(last)}`) : undefined };
}

function decode(marker: string): number {
  const [, rank] = /^after:(\d+)$/.exec(fromBase64(marker)) ?? [];
  if (rank === undefined) throw validationError(`Invalid marker '${marker}'`);
  return Number(rank);
}

function fromBase64(text: string): string {
  try {
    return atob(text);
  } catch {
    return '';
  }
}
