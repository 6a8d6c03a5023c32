import { type Clock, sleep } from '../../../clock.ts';
import { printableLine } from '../../../report/printable.ts';
import type { Redactor } from '../../../report/redactor.ts';
import { CredentialsError } from '../credentials-error.ts';
import { at } from './answer.ts';

export interface KionRequest {
  /** For messages: what is asked for, e.g. `the accounts`. */
  readonly what: string;
  readonly method: 'GET' | 'POST';
  /** Below the base address. */
  readonly path: string;
  readonly body?: object;
  readonly token?: string;
}

/** The server says no; asking again is of no use. */
export class KionRefusal extends CredentialsError {
  readonly status: number;

  constructor(status: number, message: string, hint: string) {
    super(message, { hint });
    this.status = status;
  }
}

/** Waits before each try, as the tool that this one replaces made them. */
const DELAYS_MS = [0, 1_000, 3_000, 7_000, 15_000] as const;
const TIMEOUT_MS = 30_000;
/** No list of accounts is longer. */
const ANSWER_BYTES_MAX = 16 * 1024 * 1024;
const TOLD_LENGTH_MAX = 300;

/** What came back of one try. */
interface Answer {
  readonly status: number;
  readonly location: string | null;
  readonly text: string;
}

/** Speaks HTTP with one Kion server. Its messages hold nothing that was sent, and no secret. */
export class KionHttp {
  readonly #baseUrl: string;
  readonly #clock: Clock;
  readonly #redactor: Redactor;

  constructor(baseUrl: string, tools: { readonly clock: Clock; readonly redactor: Redactor }) {
    this.#baseUrl = baseUrl;
    this.#clock = tools.clock;
    this.#redactor = tools.redactor;
  }

  /** The server, for messages. */
  get name(): string {
    return `CloudTamer/Kion (${new URL(this.#baseUrl).host})`;
  }

  /**
   * @returns the parsed answer to a request; only status 200 is one.
   * @throws {KionRefusal} at status 4xx. @throws {CredentialsError} when the server can't be reached
   *   or fails, five times over, or answers with something else.
   */
  async request(request: KionRequest): Promise<unknown> {
    let problem = '';
    for (const delayMs of DELAYS_MS) {
      if (delayMs > 0) await sleep(this.#clock, delayMs);
      const answer = await this.#try(request);
      if (typeof answer !== 'string' && answer.status < 500) return this.#read(request, answer);
      problem = typeof answer === 'string' ? answer : this.#told(answer);
    }
    throw new CredentialsError(
      `${this.name} did not give ${request.what} in ${DELAYS_MS.length} tries: ${problem}`,
      { hint: 'Check that CLOUDTAMER_BASE_URL can be reached from here, or try again in a while.' },
    );
  }

  /** @returns the answer, or in words why there is none. */
  async #try({ method, path, body, token }: KionRequest): Promise<Answer | string> {
    const cutOff = new AbortController();
    const cancel = this.#clock.after(TIMEOUT_MS, () => cutOff.abort());
    try {
      const response = await fetch(`${this.#baseUrl}${path}`, {
        method,
        // Where a redirect leads, the token must not follow.
        redirect: 'manual',
        signal: cutOff.signal,
        headers: {
          accept: 'application/json',
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await textOf(response);
      if (text === undefined) return 'its answer is longer than any should be';
      return { status: response.status, location: response.headers.get('location'), text };
    } catch (error) {
      return cutOff.signal.aborted
        ? `no answer within ${TIMEOUT_MS / 1000} s`
        : connectionProblem(error);
    } finally {
      cancel();
    }
  }

  #read({ what }: KionRequest, answer: Answer): unknown {
    const { status, location } = answer;
    if (status === 200) {
      const parsed = parsedJson(answer.text);
      if (parsed !== undefined) return parsed;
      throw new CredentialsError(`${this.name} answered with no JSON when asked for ${what}.`, {
        hint: 'Check CLOUDTAMER_BASE_URL: it usually ends with "/api".',
      });
    }
    const message = `${this.name} does not give ${what}: ${this.#told(answer)}`;
    if (status >= 400) {
      throw new KionRefusal(status, message, 'Check what your user may do in CloudTamer/Kion.');
    }
    const leads = location === null ? '' : ` It leads to ${originOf(location, this.#baseUrl)}.`;
    throw new CredentialsError(`${message}${leads}`, {
      hint: 'Set CLOUDTAMER_BASE_URL to where the API is: no redirect is followed.',
    });
  }

  /** What the server says itself, on one line and without secrets; else the bare status. */
  #told({ status, text }: Answer): string {
    const body = parsedJson(text);
    const message = at(body, 'data', 'message') ?? at(body, 'message');
    const bare = `status ${status}.`;
    if (typeof message !== 'string') return bare;
    const line = this.#redactor.redact(printableLine(message)).trim();
    return line === '' ? bare : `${line.slice(0, TOLD_LENGTH_MAX)} (status ${status})`;
  }
}

/** Undefined when it is too long. */
async function textOf(response: Response): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.length;
    if (length > ANSWER_BYTES_MAX) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Undefined when it is no JSON. The parser's own complaint would show what it has read. */
function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function connectionProblem(error: unknown): string {
  const code = at(error, 'cause', 'code') ?? at(error, 'code');
  return typeof code === 'string' ? `no connection (${code})` : 'no connection';
}

/** A whole address may carry secrets. */
function originOf(location: string, base: string): string {
  return URL.canParse(location, base) ? new URL(location, base).origin : 'no proper address';
}
