/**
 * What need not hold because of something that others have done: some invariants, until a deploy that
 * began later has ended well. Such a deploy meets what they have left, and puts it right.
 */
export class Excuses {
  /** When each invariant was last excused. */
  readonly #sinceMs = new Map<number, number>();

  /** @param nowMs Infinity for what lasts, whoever deploys. */
  add(invariants: readonly number[], nowMs: number): void {
    for (const invariant of invariants) {
      this.#sinceMs.set(invariant, Math.max(nowMs, this.#sinceMs.get(invariant) ?? nowMs));
    }
  }

  get isEmpty(): boolean {
    return this.#sinceMs.size === 0;
  }

  /** @param begunMs when the deploy began that is judged; left out, the world itself is. */
  has(invariant: number, begunMs = -Infinity): boolean {
    const sinceMs = this.#sinceMs.get(invariant);
    return sinceMs !== undefined && begunMs <= sinceMs;
  }

  /** A deploy has put everything right. */
  clear(): void {
    for (const [invariant, sinceMs] of this.#sinceMs) {
      if (Number.isFinite(sinceMs)) this.#sinceMs.delete(invariant);
    }
  }
}
