import type { TargetGroupAttribute } from '@aws-sdk/client-elastic-load-balancing-v2';
import { required, validationError } from './errors.ts';
import type { TargetGroup } from './state.ts';
import { wholeNumber } from './validate.ts';

const DELAY = 'deregistration_delay.timeout_seconds';

/** What a target group has and the sandbox cannot change. */
const FIXED: readonly (readonly [key: string, value: string])[] = [
  ['stickiness.enabled', 'false'],
  ['stickiness.type', 'lb_cookie'],
  ['stickiness.lb_cookie.duration_seconds', '86400'],
  ['stickiness.app_cookie.cookie_name', ''],
  ['stickiness.app_cookie.duration_seconds', '86400'],
  ['slow_start.duration_seconds', '0'],
  ['load_balancing.algorithm.type', 'round_robin'],
  ['load_balancing.algorithm.anomaly_mitigation', 'off'],
  ['load_balancing.cross_zone.enabled', 'use_load_balancer_configuration'],
  ['target_group_health.dns_failover.minimum_healthy_targets.count', '1'],
  ['target_group_health.dns_failover.minimum_healthy_targets.percentage', 'off'],
  ['target_group_health.unhealthy_state_routing.minimum_healthy_targets.count', '1'],
  ['target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage', 'off'],
];

/** A target group's attributes as the API answers them: all of them, as text. */
export function toAttributeShapes(group: TargetGroup): TargetGroupAttribute[] {
  return [[DELAY, String(group.deregistrationDelaySeconds)] as const, ...FIXED].map(
    ([Key, Value]) => ({ Key, Value }),
  );
}

/**
 * Changes attributes, all or none. Only the deregistration delay can be changed; any other
 * attribute is accepted with the value that it has.
 * @throws {ApiError} ValidationError
 */
export function changeAttributes(
  group: TargetGroup,
  shapes: readonly TargetGroupAttribute[] | undefined,
): void {
  let delaySeconds = group.deregistrationDelaySeconds;
  for (const { Key, Value } of required(shapes, 'Attributes')) {
    if (Key === DELAY) delaySeconds = toDelay(Value);
    else checkFixed(Key, Value);
  }
  group.deregistrationDelaySeconds = delaySeconds;
}

function checkFixed(key: string | undefined, value: string | undefined): void {
  const known = FIXED.find(([name]) => name === key);
  if (!known) throw validationError(`Target group attribute key '${key}' is not recognized`);
  if (value !== known[1]) {
    throw validationError(
      `Target group attribute ${key}=${value} is not implemented by the sandbox`,
    );
  }
}

function toDelay(value: string | undefined): number {
  const seconds = /^\d+$/.test(value ?? '') ? Number(value) : NaN;
  return wholeNumber(seconds, 0, 3600, `Target group attribute '${DELAY}'`);
}
