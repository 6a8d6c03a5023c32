import type {
  ModifyListenerInput,
  ModifyListenerOutput,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Operation } from '../../operation.ts';
import { toAction } from '../actions.ts';
import { listenerBy } from '../errors.ts';
import { toListenerShape } from '../listeners.ts';
import { publishRules } from '../propagation.ts';
import { setAction } from '../usage.ts';

/**
 * Changes a listener's default action. Another port or protocol is refused by name.
 * @see ModifyListener, Elastic Load Balancing API Reference (2015-12-01)
 */
export const modifyListener: Operation<ModifyListenerInput, ModifyListenerOutput> = {
  name: 'ModifyListener',
  accepts: ['ListenerArn', 'DefaultActions'],
  handle(input, { world, region }) {
    const listener = listenerBy(region, input.ListenerArn);
    if (input.DefaultActions) {
      const action = toAction(region, listener.loadBalancerArn, input.DefaultActions);
      setAction(world, region, listener.defaultRule, action);
      publishRules(world, region, listener);
    }
    return { Listeners: [toListenerShape(listener)] };
  },
};
