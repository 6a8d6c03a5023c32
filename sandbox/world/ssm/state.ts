/** Parameters by name. */
export class SsmState {
  readonly parameters = new Map<string, never>();
}
