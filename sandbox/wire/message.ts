/** A request as the sandbox's front sees it, whether it came through a socket or not. */
export interface WireRequest {
  readonly method: string;
  /** With the query string, if there is one. */
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export interface WireResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** `'drop'` cuts the connection without an answer. */
export type WireAnswer = WireResponse | 'drop';

/** A response whose body is text. */
export function textResponse(
  status: number,
  contentType: string,
  text: string,
  headers: Record<string, string> = {},
): WireResponse {
  const body = Buffer.from(text, 'utf8');
  return {
    status,
    headers: {
      'content-type': contentType,
      'content-length': String(body.byteLength),
      ...headers,
    },
    body,
  };
}

/** The body as text. */
export function textOf(message: { readonly body: Uint8Array }): string {
  return Buffer.from(message.body).toString('utf8');
}
