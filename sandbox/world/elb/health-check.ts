import { required, validationError } from './errors.ts';
import type { HealthCheck } from './state.ts';
import { refuseOthers, wholeNumber } from './validate.ts';

/** A health check as CreateTargetGroup and ModifyTargetGroup give it. */
export interface HealthCheckInput {
  HealthCheckProtocol?: string | undefined;
  HealthCheckPort?: string | undefined;
  HealthCheckEnabled?: boolean | undefined;
  HealthCheckPath?: string | undefined;
  HealthCheckIntervalSeconds?: number | undefined;
  HealthCheckTimeoutSeconds?: number | undefined;
  HealthyThresholdCount?: number | undefined;
  UnhealthyThresholdCount?: number | undefined;
  Matcher?: { HttpCode?: string | undefined; GrpcCode?: string | undefined } | undefined;
}

/** The members of HealthCheckInput, for an operation's list of what it accepts. */
export const HEALTH_CHECK_MEMBERS = [
  'HealthCheckProtocol',
  'HealthCheckPort',
  'HealthCheckEnabled',
  'HealthCheckPath',
  'HealthCheckIntervalSeconds',
  'HealthCheckTimeoutSeconds',
  'HealthyThresholdCount',
  'UnhealthyThresholdCount',
  'Matcher',
] as const satisfies readonly (keyof HealthCheckInput)[];

/** AWS's defaults for an HTTP target group of an application load balancer. */
export const DEFAULT_HEALTH_CHECK: HealthCheck = {
  path: '/',
  port: 'traffic-port',
  intervalSeconds: 30,
  timeoutSeconds: 5,
  healthyThreshold: 5,
  unhealthyThreshold: 2,
  matcher: '200',
  passes: toMatcher('200'),
};

/**
 * A health check with some settings changed.
 * @throws {ApiError} ValidationError
 * @see CreateTargetGroup, Elastic Load Balancing API Reference (2015-12-01)
 */
export function changeHealthCheck(before: HealthCheck, input: HealthCheckInput): HealthCheck {
  if ((input.HealthCheckProtocol ?? 'HTTP') !== 'HTTP') {
    throw validationError(
      `HealthCheckProtocol=${input.HealthCheckProtocol} is not implemented by the sandbox`,
    );
  }
  if (input.HealthCheckEnabled === false) {
    throw validationError(
      'Health check enabled must be true for target groups with target type ip',
    );
  }
  refuseOthers(input.Matcher ?? {}, ['HttpCode'], 'Matcher');
  const matcher = input.Matcher ? required(input.Matcher.HttpCode, 'HttpCode') : before.matcher;
  const { HealthCheckPath: path = before.path, HealthCheckPort: port } = input;
  const { HealthyThresholdCount: healthy = before.healthyThreshold } = input;
  const { UnhealthyThresholdCount: unhealthy = before.unhealthyThreshold } = input;
  const { HealthCheckIntervalSeconds: interval = before.intervalSeconds } = input;
  const { HealthCheckTimeoutSeconds: timeout = before.timeoutSeconds } = input;
  if (!path.startsWith('/') || path.length > 1024) {
    throw validationError(`Health check path '${path}' must begin with a '/' character`);
  }
  if (timeout >= interval) {
    throw validationError(`Health check timeout '${timeout}' must be smaller than the interval`);
  }
  return {
    path,
    port: port === undefined ? before.port : toPort(port),
    intervalSeconds: wholeNumber(interval, 5, 300, 'Health check interval'),
    timeoutSeconds: wholeNumber(timeout, 2, 120, 'Health check timeout'),
    healthyThreshold: wholeNumber(healthy, 2, 10, 'Healthy threshold count'),
    unhealthyThreshold: wholeNumber(unhealthy, 2, 10, 'Unhealthy threshold count'),
    matcher,
    passes: toMatcher(matcher),
  };
}

/**
 * The status codes that pass: `200`, `200,202` or `200-299`, all within 200–499.
 * @throws {ApiError} ValidationError
 */
function toMatcher(text: string): (statusCode: number) => boolean {
  const ranges = text.split(',').map((part) => {
    const [, from, to = from] = /^(\d{3})(?:-(\d{3}))?$/.exec(part) ?? [];
    const range = { from: Number(from), to: Number(to) };
    if (range.from >= 200 && range.to <= 499 && range.from <= range.to) return range;
    throw validationError(`Health check matcher HTTP code '${text}' must be within '200-499'`);
  });
  return (statusCode) => ranges.some(({ from, to }) => statusCode >= from && statusCode <= to);
}

function toPort(port: string): 'traffic-port' | number {
  if (port === 'traffic-port') return port;
  return wholeNumber(/^\d+$/.test(port) ? Number(port) : NaN, 1, 65_535, 'Health check port');
}
