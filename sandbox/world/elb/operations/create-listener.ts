import type {
  CreateListenerInput,
  CreateListenerOutput,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Operation } from '../../operation.ts';
import { required, validationError } from '../errors.ts';
import { createListener as create, toListenerShape } from '../listeners.ts';
import { toTags } from '../tags.ts';

/**
 * Creates a listener for HTTP; HTTPS is refused by name.
 * @see CreateListener, Elastic Load Balancing API Reference (2015-12-01)
 */
export const createListener: Operation<CreateListenerInput, CreateListenerOutput> = {
  name: 'CreateListener',
  accepts: ['LoadBalancerArn', 'Protocol', 'Port', 'DefaultActions', 'Tags'],
  handle(input, { world, region }) {
    if (required(input.Protocol, 'Protocol') !== 'HTTP') {
      throw validationError(`Protocol=${input.Protocol} is not implemented by the sandbox`);
    }
    const listener = create(world, region, {
      loadBalancerArn: input.LoadBalancerArn,
      port: required(input.Port, 'Port'),
      defaultActions: input.DefaultActions,
      tags: toTags(input.Tags),
    });
    return { Listeners: [toListenerShape(listener)] };
  },
};
