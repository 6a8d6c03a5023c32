import { ApiError } from '../operation.ts';
import type { At } from './at.ts';
import { invalidParameter } from './errors.ts';

const LIFETIME_SECONDS = 24 * 3600;
const TOKEN = /^[\x21-\x7e]{1,36}$/;

/**
 * Does a thing once per client token: a repeat with the same parameters gets the first answer, also
 * when the thing is gone by now; one with other parameters is refused. Errors are not remembered.
 * AWS documents the lifetime of 24 hours for RunTask only.
 * @param scope Within which the token counts: the operation and the cluster.
 * @see Ensuring idempotency in Amazon ECS API requests, Amazon ECS API Reference
 */
export function oncePerToken<Output>(
  at: At,
  scope: string,
  input: { clientToken?: string | undefined },
  act: () => Output,
): Output {
  const { clientToken } = input;
  if (clientToken === undefined) return act();
  if (!TOKEN.test(clientToken)) {
    throw invalidParameter('clientToken must be 1 to 36 ASCII characters in the range of 33-126.');
  }
  const { clientTokens } = at.region.ecs;
  const key = `${scope} ${clientToken}`;
  const nowMs = at.world.clock.monotonicMs();
  const parameters = canonicalJson(input);
  const used = clientTokens.get(key);
  if (used && nowMs < used.expiresMs) {
    if (used.parameters !== parameters) throw tokenConflict(at);
    return structuredClone(used.output) as Output;
  }
  const output = act();
  const expiresMs = nowMs + at.world.scaledMs(LIFETIME_SECONDS);
  clientTokens.set(key, { parameters, output: structuredClone(output), expiresMs });
  return output;
}

function tokenConflict(at: At): ApiError {
  return new ApiError(
    at.world.settings.tokenConflict,
    'The client token was already used with different parameters.',
  );
}

/** JSON that does not depend on the order in which members were written. */
function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return `{${members
    .map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`)
    .sort()
    .join()}}`;
}
