import type {
  GetAuthorizationTokenRequest,
  GetAuthorizationTokenResponse,
} from '@aws-sdk/client-ecr';
import { dateOf } from '../../../epoch.ts';
import type { Operation } from '../../operation.ts';
import { registryOf } from '../errors.ts';
import { registryHost } from '../repositories.ts';

const TOKEN_HOURS = 12;

/**
 * Gives a password for the registry's own protocol, which the sandbox does not speak: nothing asks
 * for it here. It is good for 12 hours of the client's clock, whatever the world's time scale.
 * @see GetAuthorizationToken, Amazon ECR API Reference
 */
export const getAuthorizationToken: Operation<
  GetAuthorizationTokenRequest,
  GetAuthorizationTokenResponse
> = {
  name: 'GetAuthorizationToken',
  accepts: ['registryIds'],
  handle(input, call) {
    const { world, region } = call;
    const registries = input.registryIds?.length
      ? input.registryIds.map((registryId) => registryOf(call, registryId))
      : [region];
    const expiresAt = dateOf(world.clock.wallMs() + TOKEN_HOURS * 3_600_000);
    return {
      authorizationData: registries.map((registry) => ({
        authorizationToken: btoa(`AWS:${world.randomString(64)}`),
        expiresAt,
        proxyEndpoint: `https://${registryHost(registry)}`,
      })),
    };
  },
};
