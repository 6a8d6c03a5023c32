import type {
  Action as ActionShape,
  ForwardActionConfig,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { ApiError } from '../operation.ts';
import type { Region } from '../region.ts';
import { targetGroupBy, validationError } from './errors.ts';
import { toFixedResponse, toRedirect } from './response-actions.ts';
import type { Action, Tuple } from './state.ts';
import { refuseOthers, wholeNumber } from './validate.ts';

const MAX_GROUPS = 5;

/**
 * Reads the actions of a rule: one, that answers or forwards. Authentication is refused by name.
 * @throws {ApiError} ValidationError, TargetGroupNotFound, TargetGroupAssociationLimit or
 *   InvalidLoadBalancerAction.
 */
export function toAction(
  region: Region,
  loadBalancerArn: string,
  shapes: readonly ActionShape[] | undefined,
): Action {
  const [shape, ...others] = shapes ?? [];
  if (!shape) throw validationError('An action must be specified');
  for (const { Type } of [shape, ...others]) {
    if (Type === 'forward' || Type === 'redirect' || Type === 'fixed-response') continue;
    throw validationError(`Actions of type '${Type}' are not implemented by the sandbox`);
  }
  if (others.length > 0) {
    throw validationError('Only one action of type forward, redirect or fixed-response is allowed');
  }
  const order = wholeNumber(shape.Order ?? 1, 1, 50_000, 'Action order');
  if (shape.Type === 'redirect') return toRedirect(shape, order);
  if (shape.Type === 'fixed-response') return toFixedResponse(shape, order);
  refuseOthers(shape, ['Type', 'Order', 'TargetGroupArn', 'ForwardConfig'], 'Actions');
  const tuples = toTuples(shape);
  for (const { targetGroupArn } of tuples)
    checkAssociation(region, loadBalancerArn, targetGroupArn);
  return { type: 'forward', order, tuples };
}

/**
 * An action as the API answers it: a single target group is written both ways, several only as
 * ForwardConfig.
 */
export function toActionShape(action: Action): ActionShape {
  switch (action.type) {
    case 'forward':
      return toForwardShape(action.tuples, action.order);
    case 'fixed-response':
      return {
        Type: 'fixed-response',
        Order: action.order,
        FixedResponseConfig: {
          StatusCode: String(action.statusCode),
          ContentType: action.contentType,
          MessageBody: action.body,
        },
      };
    case 'redirect':
      break;
  }
  return {
    Type: 'redirect',
    Order: action.order,
    RedirectConfig: {
      Protocol: action.protocol,
      Host: action.host,
      Port: action.port,
      Path: action.path,
      Query: action.query,
      StatusCode: action.statusCode === 301 ? 'HTTP_301' : 'HTTP_302',
    },
  };
}

function toForwardShape(tuples: readonly Tuple[], order: number): ActionShape {
  const [only, ...others] = tuples;
  return {
    Type: 'forward',
    Order: order,
    TargetGroupArn: others.length === 0 ? only?.targetGroupArn : undefined,
    ForwardConfig: {
      TargetGroups: tuples.map(({ targetGroupArn, weight }) => ({
        TargetGroupArn: targetGroupArn,
        Weight: weight,
      })),
      TargetGroupStickinessConfig: { Enabled: false },
    },
  };
}

function toTuples(shape: ActionShape): Tuple[] {
  const { TargetGroupArn: arn, ForwardConfig: config } = shape;
  if (!config) {
    if (!arn) throw validationError('A target group must be specified for a forward action');
    return [{ targetGroupArn: arn, weight: 1 }];
  }
  const tuples = readConfig(config);
  const [first, ...others] = tuples;
  if (arn && (arn !== first?.targetGroupArn || others.length > 0)) {
    throw validationError(
      'TargetGroupArn and ForwardConfig must name the same target group when both are specified',
    );
  }
  return tuples;
}

function readConfig(config: ForwardActionConfig): Tuple[] {
  refuseOthers(config, ['TargetGroups', 'TargetGroupStickinessConfig'], 'ForwardConfig');
  const stickiness = config.TargetGroupStickinessConfig ?? {};
  refuseOthers(stickiness, ['Enabled'], 'TargetGroupStickinessConfig');
  if (stickiness.Enabled) {
    throw validationError(
      'TargetGroupStickinessConfig.Enabled=true is not implemented by the sandbox',
    );
  }
  const tuples = (config.TargetGroups ?? []).map(({ TargetGroupArn, Weight }) => {
    if (!TargetGroupArn) throw validationError('A target group ARN must be specified');
    const weight = wholeNumber(Weight ?? 1, 0, 999, 'Target group weight');
    return { targetGroupArn: TargetGroupArn, weight };
  });
  if (tuples.length === 0 || tuples.length > MAX_GROUPS) {
    throw validationError(
      `A forward action must have between '1' and '${MAX_GROUPS}' target groups`,
    );
  }
  if (new Set(tuples.map((tuple) => tuple.targetGroupArn)).size < tuples.length) {
    throw validationError('A target group can be specified only once in a forward action');
  }
  return tuples;
}

function checkAssociation(region: Region, loadBalancerArn: string, targetGroupArn: string): void {
  for (const rule of targetGroupBy(region, targetGroupArn).usedBy) {
    if (rule.loadBalancerArn === loadBalancerArn) continue;
    throw new ApiError(
      'TargetGroupAssociationLimit',
      `The following target groups cannot be associated with more than one load balancer: ${targetGroupArn}`,
    );
  }
}
