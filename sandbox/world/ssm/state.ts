/** The parameters of one account in one Region, by name. */
export class SsmState {
  readonly parameters = new Map<string, Parameter>();
}

export interface Parameter {
  readonly name: string;
  readonly type: ParameterType;
  /** Oldest first; never empty. Only the newest 100 are kept. */
  readonly versions: ParameterVersion[];
}

export type ParameterType = 'String' | 'StringList' | 'SecureString';

export interface ParameterVersion {
  /** From 1. */
  readonly version: number;
  /** In the clear, also for a SecureString. */
  readonly value: string;
  readonly lastModified: Date;
}
