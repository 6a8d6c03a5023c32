import type { Caller } from '../world/operation.ts';
import { partitionOf } from '../world/region.ts';
import type { Session } from '../world/sts/state.ts';
import type { World } from '../world/world.ts';
import type { WireRequest } from './message.ts';
import type { Protocol } from './protocol.ts';

/** Which account an access key belongs to, where it is not the world's default account. */
export interface Credential {
  readonly accessKeyId: string;
  readonly accountId: string;
}

/** Who signed a request, and for which Region. */
export interface Signer {
  readonly caller: Caller;
  readonly region: string;
  /** The session that the sandbox has issued the access key with, if it has. */
  readonly session: Session | undefined;
}

const CREDENTIAL =
  /^AWS4-HMAC-SHA256 .*?Credential=([^/,\s]+)\/\d{8}\/([a-z0-9-]+)\/[^/,\s]+\/aws4_request/;

/**
 * Reads who calls from the Authorization header; undefined when it is missing or malformed.
 * Signatures are not verified: any secret will do. An access key that the sandbox has not issued,
 * and that no one registered, is the user `sandbox` of the world's default account.
 *
 * @see Elements of an AWS API request signature, IAM User Guide
 */
export function signerOf(
  request: WireRequest,
  world: World,
  credentials: ReadonlyMap<string, string>,
): Signer | undefined {
  const [, accessKeyId, region] = CREDENTIAL.exec(request.headers['authorization'] ?? '') ?? [];
  if (accessKeyId === undefined || region === undefined) return undefined;
  const session = world.sts.sessions.get(accessKeyId);
  if (session) {
    const { accountId, principalArn } = session;
    return { caller: { accountId, principalArn }, region, session };
  }
  const accountId = credentials.get(accessKeyId) ?? world.settings.accountId;
  const principalArn = `arn:${partitionOf(region)}:iam::${accountId}:user/sandbox`;
  return { caller: { accountId, principalArn }, region, session };
}

/**
 * The signer, who may call now.
 * @throws {ApiError} in the protocol's words: no credentials, a header that is not Signature
 *   Version 4, a session that has expired, a session token that does not belong to the key.
 */
export function authenticated(
  signer: Signer | undefined,
  request: WireRequest,
  protocol: Protocol,
  world: World,
): Signer {
  if (!request.headers['authorization']) throw protocol.missingCredentials();
  if (!signer) {
    throw protocol.incompleteSignature(
      'The Authorization header has no Credential of the form key/date/region/service/aws4_request.',
    );
  }
  if (!signer.session) return signer;
  const { sessionToken, expiresAtMs } = signer.session;
  if (request.headers['x-amz-security-token'] !== sessionToken) throw protocol.invalidToken();
  if (world.clock.wallMs() >= expiresAtMs) throw protocol.expiredToken();
  return signer;
}
