import { Refusal } from './refusal.ts';

/** Blocks and parentheses inside each other. Far from what the call stack can hold. */
export const NESTING_MAX = 100;

/** The longest template, and the longest text that it or one of its functions may make, in UTF-16 code units. */
export const TEXT_MAX = 1024 * 1024;

/** The most work that one template may be: characters that are read or made. */
const WORK_MAX = 16 * 1024 * 1024;

/** What a step of evaluation counts as, for it takes about as long. */
const STEP_WORK = 64;

/** How much one template may still do. */
export class Budget {
  #work = WORK_MAX;
  #output = TEXT_MAX;

  /** @throws {Refusal} */
  step(index: number): void {
    this.read(STEP_WORK, index);
  }

  /** @throws {Refusal} */
  read(length: number, index: number): void {
    this.#work -= length;
    if (this.#work < 0) {
      throw new Refusal('the template does more work than any configuration needs', {
        index,
        hint: 'Make the loops shorter.',
      });
    }
  }

  /** @throws {Refusal} */
  write(length: number, index: number): void {
    this.read(length, index);
    this.#output -= length;
    if (this.#output < 0) throw tooLong(index);
  }
}

export function tooLong(index: number): Refusal {
  return new Refusal(`the text gets longer than ${TEXT_MAX} characters`, {
    index,
    hint: 'Make the loops or the widths smaller.',
  });
}
