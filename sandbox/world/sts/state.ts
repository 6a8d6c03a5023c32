/** Sessions that AssumeRole has issued, by access key id. */
export class StsState {
  readonly sessions = new Map<string, Session>();
}

export interface Session {
  readonly accountId: string;
  readonly principalArn: string;
  /** Wall-clock milliseconds; calls after it get ExpiredToken. */
  readonly expiresAtMs: number;
  readonly sessionToken: string;
}
