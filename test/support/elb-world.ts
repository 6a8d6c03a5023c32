import type { WorldEvent } from '../../sandbox/world/events.ts';
import { ApiError } from '../../sandbox/world/operation.ts';
import type { Call, Caller, Operation } from '../../sandbox/world/operation.ts';
import type { RoutedRequest } from '../../sandbox/world/elb/state.ts';
import { reportProbe } from '../../sandbox/world/elb/health.ts';
import type { ProbeResult } from '../../sandbox/world/elb/health.ts';
import { createListener } from '../../sandbox/world/elb/listeners.ts';
import { createLoadBalancer } from '../../sandbox/world/elb/load-balancers.ts';
import { route } from '../../sandbox/world/elb/routing.ts';
import type { RouteDecision } from '../../sandbox/world/elb/routing.ts';
import { createRule } from '../../sandbox/world/elb/rules.ts';
import type { RuleSpec } from '../../sandbox/world/elb/rules.ts';
import { createTargetGroup } from '../../sandbox/world/elb/target-groups.ts';
import { describeTarget, registerTarget } from '../../sandbox/world/elb/targets.ts';
import type { Region } from '../../sandbox/world/region.ts';
import type { Settings } from '../../sandbox/world/settings.ts';
import { World } from '../../sandbox/world/world.ts';
import { VirtualClock } from './virtual-clock.ts';

const ACCOUNT = '111111111111';
export const USER_ARN = `arn:aws:iam::${ACCOUNT}:user/sandbox`;

/** A world without tasks, on a clock that a test moves, in AWS's own seconds. */
export class ElbWorld {
  readonly clock = new VirtualClock();
  readonly events: WorldEvent[] = [];
  readonly world: World;
  readonly region: Region;

  constructor(settings: Partial<Settings> = {}, random = seededRandom(1)) {
    this.world = new World({
      clock: this.clock,
      random,
      runtime: { start() {}, signal() {} },
      settings: { timeScale: 1, accountId: ACCOUNT, ...settings },
    });
    this.region = this.world.region(ACCOUNT, 'us-east-1');
    this.world.subscribe((event) => this.events.push(event));
  }

  /** Calls an operation as the user `sandbox`, or as someone else. */
  do<Input, Output>(
    operation: Operation<Input, Output>,
    input: Input,
    caller: Caller = { accountId: ACCOUNT, principalArn: USER_ARN },
  ): Output {
    const call: Call = { world: this.world, region: this.region, caller };
    return operation.handle(input, call);
  }

  /** The error that an operation is refused with. */
  refusal<Input, Output>(
    operation: Operation<Input, Output>,
    input: Input,
    caller?: Caller,
  ): { code: string; message: string; httpStatus: number } {
    try {
      this.do(operation, input, caller);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const { code, message, httpStatus } = error;
      return { code, message, httpStatus };
    }
    throw new Error(`${operation.name} was not refused.`);
  }

  /** Moves the clock by so many of AWS's seconds. */
  pass(seconds: number): void {
    this.clock.advanceSync(this.world.scaledMs(seconds));
  }

  addLoadBalancer(name = 'web'): string {
    return createLoadBalancer(this.world, this.region, { name }).loadBalancerArn;
  }

  addTargetGroup(name: string, healthCheck = {}): string {
    const spec = { name, port: 8080, targetType: 'ip' as const, healthCheck };
    return createTargetGroup(this.world, this.region, spec).targetGroupArn;
  }

  /** A listener that answers 404 by default. */
  addListener(loadBalancerArn: string, port = 80): string {
    const defaultActions = [
      { Type: 'fixed-response' as const, FixedResponseConfig: { StatusCode: '404' } },
    ];
    const spec = { loadBalancerArn, port, defaultActions };
    return createListener(this.world, this.region, spec).listenerArn;
  }

  /** A rule for all paths that forwards to one group, unless `spec` says otherwise. */
  addRule(
    listenerArn: string,
    priority: number,
    targetGroupArn: string,
    spec: Partial<RuleSpec> = {},
  ): string {
    return createRule(this.world, this.region, {
      listenerArn,
      priority,
      conditions: [{ Field: 'path-pattern', Values: ['/*'] }],
      actions: [{ Type: 'forward', TargetGroupArn: targetGroupArn }],
      ...spec,
    }).ruleArn;
  }

  register(targetGroupArn: string, address: string, port = 8080): void {
    const target = { address, port, taskArn: `task-${address}`, taskSetId: 'ecs-svc/1' };
    registerTarget(this.world, this.region, targetGroupArn, target);
  }

  /** Registers a target that both nodes find healthy. */
  registerHealthy(targetGroupArn: string, address: string): void {
    this.register(targetGroupArn, address);
    this.probe(targetGroupArn, address, 0, { statusCode: 200 });
    this.probe(targetGroupArn, address, 1, { statusCode: 200 });
  }

  probe(targetGroupArn: string, address: string, node: number, result: ProbeResult): void {
    const target = { address, port: 8080 };
    reportProbe(this.world, this.region, targetGroupArn, target, node, result);
  }

  health(targetGroupArn: string, address: string) {
    return describeTarget(this.world, this.region, targetGroupArn, { address, port: 8080 });
  }

  route(listenerArn: string, node: number, request: Partial<RoutedRequest> = {}): RouteDecision {
    return route(this.world, this.region, listenerArn, node, {
      method: 'GET',
      host: 'web.example.com',
      path: '/',
      headers: {},
      query: '',
      sourceIp: '10.0.0.1',
      ...request,
    });
  }

  /** The address that a request goes to, or what happens to it instead. */
  addressFor(listenerArn: string, node: number, request: Partial<RoutedRequest> = {}): string {
    const decision = this.route(listenerArn, node, request);
    return decision.kind === 'forward' ? decision.target.address : decision.kind;
  }
}

/** Numbers in [0, 1) that are the same in each run (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
