/** What the proofs of load balancing have in common: words of AWS, and how actions are written. */
import { DescribeRulesCommand, type Rule } from '@aws-sdk/client-elastic-load-balancing-v2';
import { ARNS, ELB, type Scene } from './scene.ts';

/** The error for a parameter that load balancing does not take. */
export const invalid = (message: string | RegExp) => ['ValidationError', message] as const;
/** The error for a target group that is not there. */
export const NO_GROUP = [
  'TargetGroupNotFoundException',
  'One or more target groups not found',
] as const;
/** The error for a rule that is not there. */
export const NO_RULE = ['RuleNotFoundException', 'One or more rules not found'] as const;
/** The error for a listener that is not there. */
export const NO_LISTENER = [
  'ListenerNotFoundException',
  'One or more listeners not found',
] as const;
/** The error for the load balancer of `NOWHERE`. */
export const NO_BALANCER = [
  'LoadBalancerNotFoundException',
  `Load balancer '${ELB}:loadbalancer/app/x/9' not found`,
] as const;
/** ARNs of nothing. */
export const NOWHERE = {
  loadBalancer: `${ELB}:loadbalancer/app/x/9`,
  listener: `${ELB}:listener/app/x/9/9`,
  rule: `${ELB}:listener-rule/app/x/9/9/9`,
  group: `${ELB}:targetgroup/x/9`,
};

/** An action that answers by itself, with what XML has to escape. */
export const FIXED = {
  Type: 'fixed-response' as const,
  FixedResponseConfig: { StatusCode: '404', ContentType: 'text/plain', MessageBody: 'No <rule>' },
};
/** An action that forwards to one group, written the short way. */
export const forwardTo = (TargetGroupArn: string) => ({ Type: 'forward' as const, TargetGroupArn });
/** A forward to one group as AWS answers it: written both ways. */
export const forwarding = (arn: string) => ({
  Type: 'forward',
  Order: 1,
  TargetGroupArn: arn,
  ForwardConfig: {
    TargetGroups: [{ TargetGroupArn: arn, Weight: 1 }],
    TargetGroupStickinessConfig: { Enabled: false },
  },
});
/** All rules of the scene's listener, in the order that they are described in. */
export const rulesOf = async ({ elb }: Scene): Promise<Rule[]> =>
  (await elb.send(new DescribeRulesCommand({ ListenerArn: ARNS.listener }))).Rules!;
