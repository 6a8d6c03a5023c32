import type { Reference } from './go/reference.ts';

/** The same for all uses of one reference. */
export function referenceKey({ kind, name }: Reference): string {
  return `${kind} ${name}`;
}

/** `{{ssm "/hello/url"}}`, as a template would name it. */
export function describeReference({ kind, name }: Reference): string {
  return `{{${kind} ${JSON.stringify(name)}}}`;
}
