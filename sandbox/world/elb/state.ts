/** Grows with the operations. */
export class ElbState {
  readonly rules = new Map<string, never>();
}
