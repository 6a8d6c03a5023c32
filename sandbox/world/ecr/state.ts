/** Grows with the operations. */
export class EcrState {
  readonly repositories = new Map<string, never>();
}
