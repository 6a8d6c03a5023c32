import type { Check } from '../check.ts';
import type { Facts } from '../facts.ts';
import { type Finding, ok, problem, unknown } from '../finding.ts';
import type { Role, SimulatedUse } from '../ports.ts';
import { namedSecrets, usesOf } from '../role-uses.ts';
import { trustIn } from '../trust.ts';
import { all, lookedAt } from '../unread.ts';

/** ECS may take on the tasks' roles, and the execution role may fetch what tasks need to start. */
export const roles: Check = {
  name: 'roles',
  title: 'Roles',
  reads: ['iam:GetRole', 'iam:SimulatePrincipalPolicy'],
  run: (facts) => {
    const { executionRoleArn, taskRoleArn } = facts.request.environment;
    return all([
      role(facts, 'execution role', executionRoleArn),
      mayStart(facts, executionRoleArn),
      ...(taskRoleArn === undefined ? [] : [role(facts, 'task role', taskRoleArn)]),
    ]);
  },
};

function role(facts: Facts, kind: string, arn: string): Promise<readonly Finding[]> {
  const { accountId } = facts.request.environment;
  const subject = `${kind} ${nameIn(arn)}`;
  return lookedAt(subject, async () => {
    const found = await facts.ports.roles.find(nameIn(arn));
    if (!found) {
      return problem(subject, `does not exist in account ${accountId}`, {
        hint: `Create it, or correct ${kind === 'task role' ? 'TaskRoleARN' : 'ExecutionRoleARN'}.`,
      });
    }
    return judge(subject, arn, found, accountId);
  });
}

function nameIn(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}

function judge(subject: string, arn: string, found: Role, accountId: string): Finding {
  if (found.arn !== arn) {
    return problem(subject, `has the ARN ${found.arn}, not ${arn}`, {
      hint: 'The path belongs to the ARN: correct the configuration.',
    });
  }
  const trust = trustIn(found.trustPolicy, accountId);
  if (trust.kind === 'trusted') return ok(subject, 'exists, and ECS tasks may assume it');
  if (trust.kind === 'unclear') {
    return unknown(subject, `exists, but its trust policy can't be judged: ${trust.reason}`);
  }
  return problem(subject, 'does not trust ecs-tasks.amazonaws.com', {
    hint: 'Let its trust policy allow that service sts:AssumeRole: no task starts without it.',
  });
}

/** What ECS does with the execution role before a task's first container starts. */
async function mayStart(facts: Facts, roleArn: string): Promise<readonly Finding[]> {
  const subject = `rights of ${nameIn(roleArn)}`;
  return lookedAt(subject, async () => {
    const plan = await facts.rendered();
    const uses = usesOf(plan, facts.request.environment);
    const found = [
      ...(await all(uses.map((use) => simulated(facts, subject, { ...use, roleArn })))),
      ...namedSecrets(plan, facts.request.environment).map((name) =>
        unknown(`${subject} to read secret ${name}`, 'its policies go by ARNs, and this is a name'),
      ),
    ];
    if (found.length > 0) return isAllUnknown(found) ? unknownAsOne(subject, found) : found;
    const what = uses.map(({ purpose }) => purpose).join(', ');
    return ok(subject, `its policies allow all that starting a task needs: ${what}`);
  });
}

/** Whoever may not ask about one right may ask about none: once is enough to say so. */
function isAllUnknown(found: readonly Finding[]): boolean {
  return found.every(
    ({ verdict, message }) => verdict === 'unknown' && message === found[0]?.message,
  );
}

function unknownAsOne(subject: string, [first]: readonly Finding[]): readonly Finding[] {
  return first ? [{ ...first, subject }] : [];
}

function simulated(
  { ports }: Facts,
  subject: string,
  { purpose, ...use }: SimulatedUse & { readonly purpose: string },
): Promise<readonly Finding[]> {
  return lookedAt(`${subject} to ${purpose}`, async () => {
    const refused = await ports.roles.refused(use);
    return refused.map(({ action, resource }) =>
      problem(`${subject} to ${purpose}`, `${action} is not allowed on ${resource}`, {
        hint: "Allow it in the role's policies, unless a policy of the resource does.",
      }),
    );
  });
}
