import type { EvaluationResult, IAMClient } from '@aws-sdk/client-iam';
import { GetRoleCommand, SimulatePrincipalPolicyCommand } from '@aws-sdk/client-iam';
import type { RefusedUse, RolesPort, SimulatedUse } from '../verify/ports.ts';
import { call, isNamed, required } from './errors.ts';

const GET_ROLE = 'iam:GetRole';
const SIMULATE = 'iam:SimulatePrincipalPolicy';

/** Roles of the account whose credentials these are. */
export function rolesPort(client: () => Promise<IAMClient>): RolesPort {
  return {
    find: async (name) => findRole(await client(), name),
    refused: async (use) => simulate(await client(), use),
  };
}

function findRole(client: IAMClient, name: string): ReturnType<RolesPort['find']> {
  return call(GET_ROLE, async () => {
    try {
      const { Role } = await client.send(new GetRoleCommand({ RoleName: name }));
      return {
        arn: required(GET_ROLE, 'Arn', Role?.Arn),
        trustPolicy: decoded(
          required(GET_ROLE, 'AssumeRolePolicyDocument', Role?.AssumeRolePolicyDocument),
        ),
      };
    } catch (error) {
      if (isNamed(error, 'NoSuchEntity')) return undefined;
      throw error;
    }
  });
}

/** Policies are percent-encoded (RFC 3986). One that is not stays as it is, for others to judge. */
function decoded(document: string): string {
  try {
    return decodeURIComponent(document);
  } catch {
    return document;
  }
}

/** IAM itself judges its policies. It looks at no policy of a resource, a key or the organisation. */
async function simulate(client: IAMClient, use: SimulatedUse): Promise<RefusedUse[]> {
  const results: EvaluationResult[] = [];
  let marker: string | undefined;
  do {
    const page = await call(SIMULATE, () =>
      client.send(
        new SimulatePrincipalPolicyCommand({
          PolicySourceArn: use.roleArn,
          ActionNames: [...use.actions],
          ResourceArns: [...use.resources],
          ...(marker === undefined ? {} : { Marker: marker }),
        }),
      ),
    );
    results.push(...required(SIMULATE, 'EvaluationResults', page.EvaluationResults));
    marker = page.IsTruncated ? page.Marker : undefined;
  } while (marker);
  return results.flatMap(refusedIn);
}

/** For several resources the result of each is listed, and the one of all together says little. */
function refusedIn(result: EvaluationResult): RefusedUse[] {
  const action = required(SIMULATE, 'EvalActionName', result.EvalActionName);
  const each = result.ResourceSpecificResults ?? [];
  const decisions =
    each.length > 0
      ? each.map((one) => ({ on: one.EvalResourceName, decision: one.EvalResourceDecision }))
      : [{ on: result.EvalResourceName, decision: result.EvalDecision }];
  return decisions
    .filter(({ decision }) => decision !== 'allowed')
    .map(({ on }) => ({ action, resource: on ?? '*' }));
}
