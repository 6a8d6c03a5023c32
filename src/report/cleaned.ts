import type { DeployEvent, Reporter } from './events.ts';
import { printable, printableLine } from './printable.ts';
import type { Redactor } from './redactor.ts';

/** The only texts that may have several lines. */
const MULTI_LINE: ReadonlySet<string> = new Set(['message', 'hint']);

/**
 * Puts a wash in front of a reporter: whatever text an event carries, secrets are masked and it
 * can't move the cursor, recolour the terminal or pass for a line of ours.
 */
export function cleaned(reporter: Reporter, redactor: Redactor): Reporter {
  return {
    event: (event) => reporter.event(clean(event, redactor)),
    close: () => reporter.close(),
  };
}

function clean(event: DeployEvent, redactor: Redactor): DeployEvent {
  // Programs know events by their type: no secret is in there, whatever it looks like.
  return { ...(cleanValue(event, '', redactor) as DeployEvent), type: event.type } as DeployEvent;
}

function cleanValue(value: unknown, key: string, redactor: Redactor): unknown {
  if (typeof value === 'string') return cleanText(value, key, redactor);
  if (Array.isArray(value)) return value.map((item) => cleanValue(item, key, redactor));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, cleanValue(inner, name, redactor)]),
  );
}

/** Masked before and after: cleaning can both break up a secret and put one together. */
function cleanText(text: string, key: string, redactor: Redactor): string {
  const washed = MULTI_LINE.has(key)
    ? printable(redactor.redact(text)).trimEnd()
    : printableLine(redactor.redact(text));
  return redactor.redact(washed);
}
