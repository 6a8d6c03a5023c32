import type {
  DeleteListenerInput,
  DeleteListenerOutput,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Operation } from '../../operation.ts';
import { listenerBy } from '../errors.ts';
import { removeListener } from '../listeners.ts';

/** @see DeleteListener, Elastic Load Balancing API Reference (2015-12-01) */
export const deleteListener: Operation<DeleteListenerInput, DeleteListenerOutput> = {
  name: 'DeleteListener',
  accepts: ['ListenerArn'],
  handle(input, { world, region }) {
    removeListener(world, region, listenerBy(region, input.ListenerArn));
    return {};
  },
};
