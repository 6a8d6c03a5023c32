/** An image in a registry of ECR, as a container definition names it. */
export interface EcrImage {
  readonly accountId: string;
  readonly region: string;
  readonly repository: string;
  /** `latest` when neither a tag nor a digest is given. */
  readonly tag?: string;
  /** `sha256:…`. Wins over a tag beside it. */
  readonly digest?: string;
}

const HOST =
  /^(\d{12})\.dkr(?:\.ecr(?:-fips)?\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?|-ecr(?:-fips)?\.([a-z0-9-]+)\.on\.(?:aws|amazonwebservices\.com\.cn))\//;
const REST = /^([a-z0-9][a-z0-9._/-]*?)(?::(\w[\w.-]{0,127}))?(?:@(sha256:[0-9a-f]{64}))?$/;

/**
 * Reads `<account>.dkr.ecr.<region>.amazonaws.com/<repository>:<tag>` or `…@sha256:…`.
 * @returns undefined for an image of any other registry, and `malformed` for a name that no image in
 * ECR can have.
 * @see Amazon ECR registries, Amazon ECR User Guide
 */
export function parseEcrImage(reference: string): EcrImage | 'malformed' | undefined {
  const [host = '', accountId, plain, dualStack] = HOST.exec(reference) ?? [];
  const region = plain ?? dualStack;
  if (accountId === undefined || region === undefined) return undefined;
  const [, repository, tag, digest] = REST.exec(reference.slice(host.length)) ?? [];
  if (repository === undefined) return 'malformed';
  return {
    accountId,
    region,
    repository,
    ...(tag === undefined && digest === undefined ? { tag: 'latest' } : {}),
    ...(tag === undefined ? {} : { tag }),
    ...(digest === undefined ? {} : { digest }),
  };
}

/** The same repository's image with this digest, in place of a tag or of another digest. */
export function withDigest(reference: string, digest: string): string {
  const [name = ''] = reference.split('@');
  const afterHost = name.indexOf('/');
  const tagAt = name.indexOf(':', afterHost);
  return `${tagAt < 0 ? name : name.slice(0, tagAt)}@${digest}`;
}
