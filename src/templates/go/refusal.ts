/**
 * A template can't be rendered. Knows the place in the template, not the template's place in the
 * config: whoever renders adds that.
 */
export class Refusal extends Error {
  /** Where in the template, counted from 0 in UTF-16 code units. */
  readonly index: number;
  /** What to write instead. */
  readonly hint: string;
  /** True when the same template may be right with other values. */
  readonly dependsOnValues: boolean;

  constructor(
    message: string,
    at: { readonly index: number; readonly hint: string; readonly dependsOnValues?: boolean },
  ) {
    super(message);
    this.name = 'Refusal';
    this.index = at.index;
    this.hint = at.hint;
    this.dependsOnValues = at.dependsOnValues ?? false;
  }
}
