import type { Region } from '../region.ts';
import type { World } from '../world.ts';
import { NODES } from './state.ts';
import type { AppliedRule, Listener, Rule } from './state.ts';

/**
 * Makes a listener's changed rules known. The API shows them at once; each node routes by its old
 * copy until a random delay of its own is over, so that for a while two versions answer. A copy
 * that arrives after a newer one is dropped.
 */
export function publishRules(world: World, region: Region, listener: Listener): void {
  const { listenerArn } = listener;
  listener.version += 1;
  const { version } = listener;
  const rules = appliedRules(listener.rules);
  world.emit({ type: 'rules.changed', listenerArn });
  for (const node of NODES) {
    const apply = () => {
      const copy = listener.nodes[node];
      const isStale = !copy || copy.version > version;
      if (isStale || region.elb.listeners.get(listenerArn) !== listener) return;
      listener.nodes[node] = { rules, version };
      world.emit({ type: 'rules.applied', listenerArn, node });
    };
    const { min, max } = world.settings.propagationSeconds;
    const delaySeconds = min + world.random() * (max - min);
    if (delaySeconds > 0) world.afterSeconds(delaySeconds, apply);
    else apply();
  }
}

/** The rules as a node routes by them: in the order of evaluation, safe from later changes. */
export function appliedRules(rules: Iterable<Rule>): AppliedRule[] {
  return byPriority(rules).map(({ ruleArn, matchers, action }) => ({ ruleArn, matchers, action }));
}

/** The default rule is last: its priority is infinite. */
export function byPriority(rules: Iterable<Rule>): Rule[] {
  return [...rules].sort((a, b) => a.priority - b.priority);
}
