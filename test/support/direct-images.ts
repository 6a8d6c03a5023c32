import type { ECRClient } from '@aws-sdk/client-ecr';
import { ECR_OPERATIONS } from '../../sandbox/world/ecr/index.ts';
import { ApiError } from '../../sandbox/world/operation.ts';
import type { World } from '../../sandbox/world/world.ts';
import { imagesPort } from '../../src/aws/images.ts';
import type { ImagesPort } from '../../src/deploy/ports.ts';
import { operationOf, sdkError } from './direct-client.ts';
import { call } from './world.ts';

/** A question to a registry, as it was sent. */
export interface AskedImage {
  readonly operation: string;
  readonly region: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** The world's registries through the real adapter, with nothing in between. */
export function directImages(
  world: World,
  /** Told of each question before it is answered; what it throws is the answer. */
  onAsk: (asked: AskedImage) => void = () => {},
): ImagesPort {
  return imagesPort(async (region) => {
    const send = async (command: { readonly input: object }): Promise<unknown> => {
      const operation = operationOf(command);
      onAsk({ operation, region, input: command.input as AskedImage['input'] });
      try {
        return call(world, ECR_OPERATIONS, operation, command.input, { region });
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        throw sdkError(error.code, error.message, error.httpStatus);
      }
    };
    return { send } as unknown as ECRClient;
  });
}
