/** The roles of all accounts, by ARN: IAM knows no Regions. */
export class IamState {
  readonly roles = new Map<string, IamRole>();
}

export interface IamRole {
  readonly arn: string;
  readonly accountId: string;
  /** Unique in its account, whatever its path. */
  readonly name: string;
  /** `/` or `/a/b/`. */
  readonly path: string;
  readonly createdAt: Date;
  readonly description: string | undefined;
  /** JSON, as it was given. */
  readonly trustPolicy: string;
  readonly maxSessionSeconds: number;
  /** ARNs of managed policies, by name. What is in them is not modelled. */
  readonly attached: Map<string, string>;
  /** JSON documents of the role's own policies, by name. */
  readonly policies: Map<string, string>;
}
