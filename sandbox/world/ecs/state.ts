/** Grows with the operations. */
export class EcsState {
  readonly clusters = new Map<string, never>();
}
