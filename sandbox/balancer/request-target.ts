import type { IncomingMessage } from 'node:http';

/** What a request asks for. */
export interface RequestTarget {
  /** What the target gets as its request line's path: path and query. */
  readonly url: string;
  readonly path: string;
  readonly query: string;
  readonly host: string;
}

/** Undefined for a request that names no host or no path; it is answered with 400. */
export function requestTarget(request: IncomingMessage): RequestTarget | undefined {
  const { url = '' } = request;
  const host = request.headers.host;
  if (host === undefined) return undefined;
  if (url.startsWith('/') || url === '*') return split(url, host);
  if (!URL.canParse(url)) return undefined;
  // The absolute form, as clients use it with proxies: its host counts, not the header's.
  const { pathname, search, host: named } = new URL(url);
  return split(`${pathname}${search}`, named);
}

function split(url: string, host: string): RequestTarget {
  const mark = url.indexOf('?');
  if (mark < 0) return { url, path: url, query: '', host };
  return { url, path: url.slice(0, mark), query: url.slice(mark + 1), host };
}
