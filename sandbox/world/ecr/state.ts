/** The private registry of one account in one Region: repositories by name. */
export class EcrState {
  readonly repositories = new Map<string, Repository>();
}

export interface Repository {
  readonly repositoryArn: string;
  readonly name: string;
  /** The account that owns it. */
  readonly registryId: string;
  readonly repositoryUri: string;
  readonly createdAt: Date;
  mutability: 'MUTABLE' | 'IMMUTABLE';
  /** By digest, in the order they were pushed. */
  readonly images: Map<string, Image>;
  /** The digest that each tag points to. */
  readonly tags: Map<string, string>;
  /** Configs of images by digest; layers are not kept. */
  readonly blobs: Map<string, Uint8Array>;
}

export interface Image {
  /** `sha256:` and the hash of the manifest's bytes. */
  readonly digest: string;
  /** Kept as it was pushed: another spelling of the same JSON would be another image. */
  readonly manifest: string;
  readonly mediaType: string;
  readonly artifactMediaType: string | undefined;
  readonly sizeInBytes: number;
  readonly pushedAt: Date;
}
