/** The nodes of every load balancer. Each checks health and applies rules on its own. */
export const NODES = [0, 1] as const;

/** What one account owns of Elastic Load Balancing in one Region, by ARN. */
export class ElbState {
  readonly loadBalancers = new Map<string, LoadBalancer>();
  readonly listeners = new Map<string, Listener>();
  /** Default rules too. */
  readonly rules = new Map<string, Rule>();
  readonly targetGroups = new Map<string, TargetGroup>();
  #sequence = 0;

  /** A number greater than any before: lists are in the order of creation. */
  nextSequence(): number {
    this.#sequence += 1;
    return this.#sequence;
  }
}

export interface LoadBalancer {
  readonly sequence: number;
  readonly loadBalancerArn: string;
  readonly name: string;
  readonly dnsName: string;
  readonly scheme: 'internet-facing' | 'internal';
  readonly subnets: readonly string[];
  readonly securityGroups: readonly string[];
  readonly vpcId: string;
  readonly createdTime: Date;
  readonly tags: Map<string, string>;
}

export interface Listener {
  readonly sequence: number;
  readonly listenerArn: string;
  readonly loadBalancerArn: string;
  readonly port: number;
  readonly defaultRule: Rule;
  /** The rules as the API shows them, the default rule included. */
  readonly rules: Set<Rule>;
  /** Each node's own copy of the rules, which it routes by. */
  readonly nodes: NodeRules[];
  /** Grows with every change of the rules. */
  version: number;
  readonly tags: Map<string, string>;
}

interface NodeRules {
  /** In the order of evaluation; the default rule is last. */
  rules: readonly AppliedRule[];
  version: number;
}

/** A rule as a node routes by it. Never changes: a changed rule is another one. */
export interface AppliedRule {
  readonly ruleArn: string;
  readonly matchers: readonly Matcher[];
  readonly action: Action;
}

export interface Rule {
  readonly ruleArn: string;
  readonly listenerArn: string;
  readonly loadBalancerArn: string;
  /** 1–50000; infinite for the default rule, which is evaluated last. */
  priority: number;
  /** Replaced as a whole, never changed in place: the nodes' copies share it. */
  conditions: readonly Condition[];
  matchers: readonly Matcher[];
  action: Action;
  readonly tags: Map<string, string>;
}

/** The part of a request that rules look at. */
export interface RoutedRequest {
  readonly method: string;
  /** As in the Host header; a port is ignored. */
  readonly host: string;
  readonly path: string;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  /** What follows the question mark, percent-encoded as received; may be empty. */
  readonly query: string;
  readonly sourceIp: string;
}

/** Whether a request meets one condition. */
export type Matcher = (request: RoutedRequest) => boolean;

export type Condition =
  | {
      readonly field: 'path-pattern' | 'host-header' | 'http-request-method' | 'source-ip';
      readonly values: readonly string[];
    }
  | { readonly field: 'http-header'; readonly name: string; readonly values: readonly string[] }
  | { readonly field: 'query-string'; readonly pairs: readonly QueryPair[] };

export interface QueryPair {
  /** Absent: any key. */
  readonly key: string | undefined;
  readonly value: string;
}

export type Action =
  | { readonly type: 'forward'; readonly order: number; readonly tuples: readonly Tuple[] }
  | {
      readonly type: 'fixed-response';
      readonly order: number;
      readonly statusCode: number;
      readonly contentType: string | undefined;
      readonly body: string | undefined;
    }
  | {
      readonly type: 'redirect';
      readonly order: number;
      readonly statusCode: 301 | 302;
      readonly protocol: string;
      readonly host: string;
      readonly port: string;
      readonly path: string;
      readonly query: string;
    };

/** One target group of a forward action, and its share of the requests: 0–999. */
export interface Tuple {
  readonly targetGroupArn: string;
  readonly weight: number;
}

export interface TargetGroup {
  readonly sequence: number;
  readonly targetGroupArn: string;
  readonly name: string;
  /** `ip`, or `instance`, of which there is none in this world to register. */
  readonly targetType: 'ip' | 'instance';
  readonly port: number;
  readonly vpcId: string;
  healthCheck: HealthCheck;
  deregistrationDelaySeconds: number;
  /** By `targetKey`, in the order of registration. */
  readonly targets: Map<string, Target>;
  /** The rules that name the group. Without any, its targets are unused and not checked. */
  readonly usedBy: Set<Rule>;
  /** What each node remembers for choosing a target. */
  readonly nodes: NodeTargets[];
  readonly tags: Map<string, string>;
}

interface NodeTargets {
  /** The targets that new requests may go to; unknown after a change until it is needed. */
  eligible: readonly Target[] | undefined;
  /** Counts up with each request, for the round robin. */
  cursor: number;
}

export interface HealthCheck {
  readonly path: string;
  readonly port: 'traffic-port' | number;
  readonly intervalSeconds: number;
  readonly timeoutSeconds: number;
  readonly healthyThreshold: number;
  readonly unhealthyThreshold: number;
  /** `200`, `200,202` or `200-299`. */
  readonly matcher: string;
  readonly passes: (statusCode: number) => boolean;
}

export interface Target {
  readonly address: string;
  readonly port: number;
  /** Empty, as is the task set's id, for a target that no task registered. */
  taskArn: string;
  taskSetId: string;
  /** Calls off the removal at the end of draining; present while the target drains. */
  cancelRemoval: (() => void) | undefined;
  readonly nodes: NodeHealth[];
  /** The state last told to the world, so that only changes are told. */
  shownState: TargetState;
}

export type TargetState =
  | 'initial'
  | 'healthy'
  | 'unhealthy'
  | 'unused'
  | 'draining'
  | 'unavailable';

/** What one node thinks of one target. */
export interface NodeHealth {
  state: 'initial' | 'healthy' | 'unhealthy';
  /** Whether this node has checked at all. */
  checked: boolean;
  passesInARow: number;
  failuresInARow: number;
  /** Of the latest failed check. */
  reason: string;
  description: string;
}

export function targetKey(target: { address: string; port: number }): string {
  return `${target.address}:${target.port}`;
}
