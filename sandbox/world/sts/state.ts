/** Sessions that AssumeRole has issued, by access key id, and the roles that may be assumed. */
export class StsState {
  readonly sessions = new Map<string, Session>();
  /** By ARN, in any account; filled by whoever builds the world. */
  readonly roles = new Map<string, Role>();
}

export interface Session {
  readonly accountId: string;
  readonly principalArn: string;
  /** Wall-clock milliseconds; calls after it get ExpiredToken. */
  readonly expiresAtMs: number;
  readonly sessionToken: string;
}

export interface Role {
  /** `arn:aws:iam::<account>:role/<path and name>`. */
  readonly arn: string;
  /** What a caller must give as ExternalId, when the role's trust policy asks for one. */
  readonly externalId?: string;
}
