/** The secrets of one account in one Region, by name. */
export class SecretsManagerState {
  readonly secrets = new Map<string, Secret>();
}

export interface Secret {
  readonly name: string;
  /** Ends in a hyphen and six characters that nobody can guess. */
  readonly arn: string;
  readonly createdAt: Date;
  changedAt: Date;
  description: string | undefined;
  kmsKeyId: string | undefined;
  /** When it was marked for deletion; undefined for one that can be used. */
  deletedAt: Date | undefined;
  /** When it will be gone, in milliseconds since 1970. */
  goneAtMs: number;
  /** By id; a version keeps no stage once two newer ones exist. */
  readonly versions: Map<string, SecretVersion>;
}

export interface SecretVersion {
  readonly id: string;
  readonly value: SecretValue;
  readonly createdAt: Date;
  /** `AWSCURRENT`, `AWSPREVIOUS`, or none. */
  stages: readonly string[];
}

/** A text or bytes, as base64: one of them. */
export type SecretValue = { readonly text: string } | { readonly base64: string };
