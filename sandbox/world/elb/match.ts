import { hostWithoutPort } from './redirect.ts';
import type { Condition, Matcher, QueryPair } from './state.ts';

/**
 * Turns a condition into a check of requests, once, so that routing stays cheap. Values are
 * alternatives. Paths and methods are case-sensitive, the rest is not; `*` and `?` stand for any
 * characters, except in methods and addresses.
 * @see Condition types for listener rules, User Guide for Application Load Balancers
 */
export function compile(condition: Condition): Matcher {
  switch (condition.field) {
    case 'path-pattern': {
      const patterns = condition.values.map((value) => wildcards(value, ''));
      return (request) => patterns.some((pattern) => pattern.test(request.path));
    }
    case 'host-header': {
      const patterns = condition.values.map((value) => wildcards(value, 'i'));
      return (request) => {
        const host = hostWithoutPort(request.host);
        return patterns.some((pattern) => pattern.test(host));
      };
    }
    case 'http-request-method':
      return (request) => condition.values.includes(request.method);
    case 'http-header': {
      const name = condition.name.toLowerCase();
      const patterns = condition.values.map((value) => wildcards(value, 'i'));
      return (request) => {
        const value = request.headers[name];
        return value !== undefined && patterns.some((pattern) => pattern.test(value));
      };
    }
    case 'query-string':
      return queryMatcher(condition.pairs);
    case 'source-ip':
      break;
  }
  const blocks = condition.values.flatMap((value) => parseBlock(value) ?? []);
  return (request) => {
    const address = parseIpv4(request.sourceIp.replace(/^::ffff:/, ''));
    return address !== undefined && blocks.some((block) => contains(block, address));
  };
}

/** Whether the text is an IPv4 block such as `10.0.0.0/8`. */
export function isIpv4Block(text: string): boolean {
  return parseBlock(text) !== undefined;
}

function queryMatcher(pairs: readonly QueryPair[]): Matcher {
  const patterns = pairs.map(({ key, value }) => ({
    key: key === undefined ? undefined : queryWildcards(key),
    value: queryWildcards(value),
  }));
  return (request) => {
    const parameters = [...new URLSearchParams(request.query)];
    return patterns.some((pattern) =>
      parameters.some(
        ([key, value]) => (pattern.key?.test(key) ?? true) && pattern.value.test(value),
      ),
    );
  };
}

function wildcards(pattern: string, flags: '' | 'i'): RegExp {
  const source = pattern.replace(/[\\^$.*+?()[\]{}|]/g, (char) => {
    if (char === '*') return '.*';
    return char === '?' ? '.' : `\\${char}`;
  });
  return new RegExp(`^${source}$`, `s${flags}`);
}

/** As elsewhere, and in a query string alone `\*` and `\?` stand for the characters themselves. */
function queryWildcards(pattern: string): RegExp {
  const source = pattern.replace(/\\[*?]|[\\^$.*+?()[\]{}|]/g, (found) => {
    if (found === '*') return '.*';
    if (found === '?') return '.';
    return found.length === 2 ? found : `\\${found}`;
  });
  return new RegExp(`^${source}$`, 'si');
}

interface Block {
  readonly address: number;
  readonly prefixBits: number;
}

function parseBlock(text: string): Block | undefined {
  const [, host = '', bits = ''] = /^([\d.]+)\/(\d{1,2})$/.exec(text) ?? [];
  const address = parseIpv4(host);
  const prefixBits = Number(bits);
  return address === undefined || prefixBits > 32 ? undefined : { address, prefixBits };
}

/** The address as a number; undefined when it is none. */
function parseIpv4(text: string): number | undefined {
  const parts = text.split('.');
  if (parts.length !== 4) return undefined;
  let address = 0;
  for (const part of parts) {
    if (!/^\d{1,3}$/.test(part) || Number(part) > 255) return undefined;
    address = address * 256 + Number(part);
  }
  return address;
}

function contains(block: Block, address: number): boolean {
  const size = 2 ** (32 - block.prefixBits);
  return Math.floor(block.address / size) === Math.floor(address / size);
}
