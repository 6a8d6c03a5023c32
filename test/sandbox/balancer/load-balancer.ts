/**
 * A world with one load balancer, two colours and real nodes. Apps are HTTP servers of the test's
 * own process, or whatever stands at an endpoint.
 */
import type { Action, Rule } from '@aws-sdk/client-elastic-load-balancing-v2';
import { once } from 'node:events';
import { type RequestListener, type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  type AccessLogEntry,
  type Balancers,
  type Timeouts,
  startBalancers,
} from '../../../sandbox/balancer/index.ts';
import type { Endpoint } from '../../../sandbox/runtime/index.ts';
import { createListener } from '../../../sandbox/world/elb/operations/create-listener.ts';
import { createLoadBalancer } from '../../../sandbox/world/elb/operations/create-load-balancer.ts';
import { createRule } from '../../../sandbox/world/elb/operations/create-rule.ts';
import { createTargetGroup } from '../../../sandbox/world/elb/operations/create-target-group.ts';
import { deleteListener } from '../../../sandbox/world/elb/operations/delete-listener.ts';
import { deleteRule } from '../../../sandbox/world/elb/operations/delete-rule.ts';
import { modifyTargetGroupAttributes } from '../../../sandbox/world/elb/operations/modify-target-group-attributes.ts';
import { setRulePriorities } from '../../../sandbox/world/elb/operations/set-rule-priorities.ts';
import {
  deregisterTarget,
  describeTarget,
  registerTarget,
} from '../../../sandbox/world/elb/targets.ts';
import { StoppableClock } from '../../../sandbox/wire/stoppable-clock.ts';
import type { Operation } from '../../../sandbox/world/operation.ts';
import { World } from '../../../sandbox/world/world.ts';
import { type Clock, systemClock } from '../../../src/clock.ts';
import { until } from '../runtime/processes.ts';

export type Color = 'blue' | 'green';

/** 5 AWS seconds, the shortest interval, are 100 ms. */
const TIME_SCALE = 0.02;

export interface LoadBalancerOptions {
  /** The machine's own unless given. */
  clock?: Clock;
  timeouts?: Partial<Timeouts>;
  propagationSeconds?: { min: number; max: number };
  deregistrationDelaySeconds?: number;
  healthCheckIntervalSeconds?: number;
}

export class LoadBalancer {
  readonly world: World;
  readonly balancers: Balancers;
  readonly listenerArn: string;
  readonly targetGroupArns: Readonly<Record<Color, string>>;
  readonly ruleArns: Readonly<Record<Color, string>>;
  readonly #clock: StoppableClock;
  readonly #endpoints = new Map<string, Endpoint>();
  readonly #servers: Server[] = [];
  #addresses = 0;

  constructor(options: LoadBalancerOptions = {}) {
    this.#clock = new StoppableClock(options.clock ?? systemClock);
    this.world = new World({
      clock: this.#clock,
      random: Math.random,
      runtime: { start: () => {}, signal: () => {} },
      settings: {
        timeScale: TIME_SCALE,
        propagationSeconds: options.propagationSeconds ?? { min: 0, max: 0 },
      },
    });
    this.balancers = startBalancers({
      world: this.world,
      resolve: (address, port) => this.#endpoints.get(`${address}:${port}`),
      ...(options.timeouts ? { timeouts: options.timeouts } : {}),
    });
    const { LoadBalancers: [balancer] = [] } = this.call(createLoadBalancer, {
      Name: 'lb',
      Subnets: ['subnet-1', 'subnet-2'],
    });
    const { Listeners: [listener] = [] } = this.call(createListener, {
      LoadBalancerArn: balancer?.LoadBalancerArn,
      Protocol: 'HTTP',
      Port: 80,
      DefaultActions: [
        {
          Type: 'fixed-response',
          FixedResponseConfig: {
            StatusCode: '404',
            ContentType: 'text/plain',
            MessageBody: 'none',
          },
        },
      ],
    });
    this.listenerArn = listener?.ListenerArn ?? '';
    this.targetGroupArns = {
      blue: this.#createTargetGroup('blue', options),
      green: this.#createTargetGroup('green', options),
    };
    this.ruleArns = {
      blue: this.#forwardTo('blue', 1),
      green: this.#forwardTo('green', 2),
    };
  }

  get #region() {
    return this.world.region('111111111111', 'eu-west-1');
  }

  /** Calls an API operation as a client would. */
  call<Input, Output>(operation: Operation<Input, Output>, input: Input): Output {
    const principalArn = 'arn:aws:iam::111111111111:user/test';
    const caller = { accountId: '111111111111', principalArn };
    return operation.handle(input, { world: this.world, region: this.#region, caller });
  }

  /** Starts an app and registers it. Without `listener` it answers every request with its name. */
  async addApp(color: Color, name: string, listener?: RequestListener): Promise<App> {
    const server = createServer(
      listener ?? ((_, response) => response.end(JSON.stringify({ version: name }))),
    );
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    this.#servers.push(server);
    const { port } = server.address() as AddressInfo;
    return { server, ...this.addTarget(color, name, { host: '127.0.0.1', port }) };
  }

  /** Registers a target that is really at the endpoint; nowhere without one. */
  addTarget(color: Color, name: string, endpoint?: Endpoint): { address: string; port: number } {
    this.#addresses += 1;
    const target = { address: `127.12.0.${this.#addresses}`, port: 8080 };
    if (endpoint) this.#endpoints.set(`${target.address}:${target.port}`, endpoint);
    this.register(color, name, target);
    return target;
  }

  register(color: Color, name: string, { address, port }: { address: string; port: number }): void {
    registerTarget(this.world, this.#region, this.targetGroupArns[color], {
      address,
      port,
      taskArn: `task/${name}`,
      taskSetId: `set/${name}`,
    });
  }

  deregister(color: Color, target: { address: string; port: number }): void {
    deregisterTarget(this.world, this.#region, this.targetGroupArns[color], target);
  }

  stateOf(color: Color, target: { address: string; port: number }) {
    return describeTarget(this.world, this.#region, this.targetGroupArns[color], target);
  }

  async untilState(color: Color, target: App | { address: string; port: number }, state: string) {
    await until(() => this.stateOf(color, target).state === state);
  }

  /** The two nodes' URLs. */
  async urls(): Promise<[string, string]> {
    const [first, second] = await this.balancers.whenListening(this.listenerArn);
    return [first?.url ?? '', second?.url ?? ''];
  }

  /** Makes a colour the active one, in one call. */
  swapTo(color: Color): void {
    const idle = color === 'blue' ? 'green' : 'blue';
    this.call(setRulePriorities, {
      RulePriorities: [
        { RuleArn: this.ruleArns[color], Priority: 1 },
        { RuleArn: this.ruleArns[idle], Priority: 2 },
      ],
    });
  }

  /** Adds a rule above all others for one path. */
  addRule(path: string, priority: number, action: Action): Rule | undefined {
    const { Rules: [rule] = [] } = this.call(createRule, {
      ListenerArn: this.listenerArn,
      Priority: priority,
      Conditions: [{ Field: 'path-pattern', Values: [path] }],
      Actions: [action],
    });
    return rule;
  }

  deleteRule(color: Color): void {
    this.call(deleteRule, { RuleArn: this.ruleArns[color] });
  }

  deleteListener(): void {
    this.call(deleteListener, { ListenerArn: this.listenerArn });
  }

  /** The log's entry of the latest request; waits until there are so many. */
  async logged(count = 1): Promise<AccessLogEntry> {
    await until(() => this.balancers.accessLog.entries().length >= count);
    return this.balancers.accessLog.entries().at(-1)!;
  }

  async close(): Promise<void> {
    await this.balancers.close();
    this.#clock.stop();
    for (const server of this.#servers) {
      server.closeAllConnections();
      server.close();
    }
  }

  #createTargetGroup(
    color: Color,
    { deregistrationDelaySeconds = 5, healthCheckIntervalSeconds = 5 }: LoadBalancerOptions,
  ): string {
    const { TargetGroups: [group] = [] } = this.call(createTargetGroup, {
      Name: color,
      Protocol: 'HTTP',
      Port: 8080,
      VpcId: 'vpc-1',
      TargetType: 'ip',
      HealthCheckPath: '/health',
      HealthCheckIntervalSeconds: healthCheckIntervalSeconds,
      HealthCheckTimeoutSeconds: 4,
      HealthyThresholdCount: 2,
      UnhealthyThresholdCount: 2,
    });
    const targetGroupArn = group?.TargetGroupArn ?? '';
    this.call(modifyTargetGroupAttributes, {
      TargetGroupArn: targetGroupArn,
      Attributes: [
        {
          Key: 'deregistration_delay.timeout_seconds',
          Value: String(deregistrationDelaySeconds),
        },
      ],
    });
    return targetGroupArn;
  }

  #forwardTo(color: Color, priority: number): string {
    const TargetGroupArn = this.targetGroupArns[color];
    return this.addRule('/*', priority, { Type: 'forward', TargetGroupArn })?.RuleArn ?? '';
  }
}

export interface App {
  readonly server: Server;
  readonly address: string;
  readonly port: number;
}
