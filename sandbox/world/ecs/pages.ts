import { invalidParameter } from './errors.ts';
import { wholeNumber } from './parameters.ts';

/**
 * One page of a list of ARNs. A token names the last ARN of the page before, so that a list that
 * changes between two pages loses nothing that stays.
 */
export function pageOf(
  arns: readonly string[],
  request: { maxResults?: number | undefined; nextToken?: string | undefined },
  defaultSize = 100,
): { arns: string[]; nextToken: string | undefined } {
  const size = wholeNumber('maxResults', request.maxResults, { min: 1, max: 100 }) ?? defaultSize;
  const start = request.nextToken === undefined ? 0 : arns.indexOf(arnOf(request.nextToken)) + 1;
  const end = start + size;
  const last = arns[end - 1];
  return {
    arns: arns.slice(start, end),
    nextToken: last !== undefined && end < arns.length ? btoa(last) : undefined,
  };
}

function arnOf(token: string): string {
  try {
    const arn = atob(token);
    if (arn.startsWith('arn:')) return arn;
  } catch {
    // Not base64; refused below.
  }
  throw invalidParameter('Invalid token.');
}
