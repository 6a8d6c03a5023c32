/** The log groups of one account in one Region, by name. What is logged is not modelled. */
export class LogsState {
  readonly groups = new Map<string, LogGroup>();
}

export interface LogGroup {
  readonly name: string;
  /** Without the `:*` that the ARN of its streams ends with. */
  readonly arn: string;
  readonly createdAt: Date;
}
