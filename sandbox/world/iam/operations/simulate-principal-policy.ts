import type { SimulatePolicyResponse, SimulatePrincipalPolicyRequest } from '@aws-sdk/client-iam';
import { required } from '../../constraints.ts';
import { ApiError, type Operation } from '../../operation.ts';
import { noSuchEntity } from '../errors.ts';
import { decide } from '../policies.ts';

/**
 * Says what a role's policies allow, without doing anything: its own ones and those of AWS that the
 * sandbox knows. All results come on one page.
 * @see SimulatePrincipalPolicy, AWS Identity and Access Management API Reference
 */
export const simulatePrincipalPolicy: Operation<
  SimulatePrincipalPolicyRequest,
  SimulatePolicyResponse
> = {
  name: 'SimulatePrincipalPolicy',
  accepts: ['PolicySourceArn', 'ActionNames', 'ResourceArns'],
  handle(input, { world, caller }) {
    const arn = required(input.PolicySourceArn, 'PolicySourceArn', 'ValidationError');
    const actions = required(input.ActionNames, 'ActionNames', 'ValidationError');
    const role = world.iam.roles.get(arn);
    if (!role || role.accountId !== caller.accountId) {
      throw noSuchEntity(`The role with name ${arn.split('/').at(-1)} cannot be found.`);
    }
    const wrong = actions.find((action) => !/^[a-z0-9-]+:[\w*?]+$/i.test(action));
    if (wrong !== undefined) throw new ApiError('InvalidInput', `Invalid action: ${wrong}`);
    const resources = input.ResourceArns ?? [];
    const named = resources.length > 0 ? resources : ['*'];
    return {
      IsTruncated: false,
      EvaluationResults: actions.map((action) => {
        const results = named.map((resource) => ({
          EvalResourceName: resource,
          EvalResourceDecision: decide(role, action, resource),
        }));
        const refused = results.find((result) => result.EvalResourceDecision !== 'allowed');
        return {
          EvalActionName: action,
          EvalResourceName: named.length === 1 ? named[0] : '*',
          EvalDecision: refused?.EvalResourceDecision ?? 'allowed',
          ...(named.length > 1 ? { ResourceSpecificResults: results } : {}),
        };
      }),
    };
  },
};
