/** Masks secrets. They may become known one by one: credentials are fetched after the start. */
export interface Redactor {
  /** From now on `secrets` and their usual encodings are masked. */
  add(...secrets: readonly string[]): void;
  redact(text: string): string;
}

const MASK = '***';

/** A shorter text stands in too many places by chance: masking it would hide what happened. */
const SECRET_LENGTH_MIN = 6;

/**
 * @param secrets values that must never be shown: passwords, keys, session tokens. Those of fewer
 * than six characters are not masked.
 */
export function createRedactor(...secrets: readonly string[]): Redactor {
  const masked = new Set<string>();
  let pattern: RegExp | undefined;
  const redactor: Redactor = {
    add(...more) {
      for (const form of more.flatMap(formsOf)) masked.add(form);
      // The longest first: a secret that contains another one is masked whole.
      const longestFirst = [...masked].sort((a, b) => b.length - a.length);
      pattern =
        longestFirst.length === 0
          ? undefined
          : new RegExp(longestFirst.map(escapeForPattern).join('|'), 'g');
    },
    redact: (text) => (pattern === undefined ? text : text.replace(pattern, MASK)),
  };
  redactor.add(...secrets);
  return redactor;
}

/** As it is, line by line (output arrives in lines), and as JSON, URLs and HTTP headers carry it. */
function formsOf(secret: string): string[] {
  const forms = [
    secret,
    ...secret.split(/\r?\n/).map((line) => line.trim()),
    JSON.stringify(secret).slice(1, -1),
    new URLSearchParams({ '': secret }).toString().slice(1),
    encodeURIComponent(Buffer.from(secret).toString()),
    Buffer.from(secret).toString('base64'),
  ];
  return secret.length < SECRET_LENGTH_MIN
    ? []
    : forms.filter((form) => form.length >= SECRET_LENGTH_MIN);
}

function escapeForPattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
}
