import type { Call } from './functions.ts';
import { Refusal } from './refusal.ts';
import { nameOfKind, type Value } from './value.ts';
import type { ReferenceKind } from './words.ts';

/** A value that is outside of the config: `{{ssm "/hello/url"}}`. */
export interface Reference {
  readonly kind: ReferenceKind;
  /** As the template gives it; never empty. */
  readonly name: string;
}

/**
 * Gives what a reference stands for.
 * @throws {Pending} when that isn't known yet
 * @throws {Refusal} when it can't be known here
 */
export type LookUpReference = (reference: Reference, index: number) => string;

/** Rendering can't go on: what a reference stands for isn't known yet. Nothing is wrong. */
export class Pending extends Error {
  constructor() {
    super('A reference is not resolved yet.');
    this.name = 'Pending';
  }
}

/** The name that a reference is given. @throws {Refusal} for anything but a text */
export function referenceName(value: Value | undefined, { index, name }: Call): string {
  if (value?.kind === 'absent') throw value.refusal;
  if (value?.kind === 'string' && value.is !== '') return value.is;
  const found = value?.kind === 'string' ? 'an empty string' : nameOfKind(value);
  throw new Refusal(`${name} takes a name, found ${found}`, { index, hint: EXAMPLES[name] ?? '' });
}

const EXAMPLES: Readonly<Record<string, string>> = {
  env: 'Name a variable, as in {{env "STAGE"}}.',
  ssm: 'Name a parameter, as in {{ssm "/hello/url"}}.',
  secretArn: 'Name a secret, as in {{secretArn "hello-key"}}.',
} satisfies Record<ReferenceKind, string>;
