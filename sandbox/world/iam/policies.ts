import { ApiError } from '../operation.ts';
import type { IamRole } from './state.ts';

/** AWS's own policies that the sandbox knows the contents of, by ARN without the partition. */
const MANAGED: Readonly<Record<string, readonly Statement[]>> = {
  'iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy': [
    {
      effect: 'Allow',
      actions: [
        'ecr:GetAuthorizationToken',
        'ecr:BatchCheckLayerAvailability',
        'ecr:GetDownloadUrlForLayer',
        'ecr:BatchGetImage',
        'logs:CreateLogStream',
        'logs:PutLogEvents',
      ],
      resources: ['*'],
    },
  ],
};

/** A statement of a policy, of the kinds that the sandbox judges. */
interface Statement {
  readonly effect: string;
  /** With `*` and `?`. */
  readonly actions: readonly string[];
  readonly resources: readonly string[];
}

/** What a role's policies say of one action on one resource. */
export type Decision = 'allowed' | 'explicitDeny' | 'implicitDeny';

/**
 * Judges by the role's own and its managed policies, and nothing else.
 * @throws {ApiError} InvalidInput for a policy that the sandbox can't judge, by name.
 * @see Policy evaluation logic, IAM User Guide
 */
export function decide(role: IamRole, action: string, resource: string): Decision {
  const applying = statementsOf(role).filter(
    ({ actions, resources }) =>
      actions.some((pattern) => matches(pattern.toLowerCase(), action.toLowerCase())) &&
      resources.some((pattern) => matches(pattern, resource)),
  );
  if (applying.some(({ effect }) => effect === 'Deny')) return 'explicitDeny';
  return applying.length > 0 ? 'allowed' : 'implicitDeny';
}

function statementsOf(role: IamRole): Statement[] {
  const managed = [...role.attached.values()].flatMap((arn) => {
    const known = MANAGED[arn.replace(/^arn:[^:]*:/, '')];
    if (known) return known;
    throw cannotJudge(`what is in ${arn}`);
  });
  return [...managed, ...[...role.policies.values()].flatMap(statementsIn)];
}

function statementsIn(document: string): Statement[] {
  const { Statement: statements } = JSON.parse(document) as { Statement: unknown };
  return (Array.isArray(statements) ? statements : [statements]).map((statement) => {
    const { Sid: _, Effect, Action, Resource, ...others } = statement as Record<string, unknown>;
    const [other] = Object.keys(others);
    if (other !== undefined) throw cannotJudge(`${other} in policies`);
    return { effect: String(Effect), actions: textsOf(Action), resources: textsOf(Resource) };
  });
}

function textsOf(value: unknown): string[] {
  return (Array.isArray(value) ? value : [value]).map(String);
}

/** `*` stands for any text, `?` for one character; both may stand in the text as well. */
function matches(pattern: string, text: string): boolean {
  const source = pattern
    .split(/([*?])/)
    .map((part) => {
      if (part === '*') return '.*';
      return part === '?' ? '.' : part.replaceAll(/[.+^${}()|[\]\\/]/g, '\\$&');
    })
    .join('');
  return new RegExp(`^${source}$`).test(text);
}

function cannotJudge(what: string): ApiError {
  return new ApiError('InvalidInput', `The sandbox does not know ${what}.`);
}
