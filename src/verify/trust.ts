/** Whether a role's trust policy lets ECS take the role on for a task. */
export type Trust =
  | { readonly kind: 'trusted' }
  | { readonly kind: 'refused' }
  | { readonly kind: 'unclear'; readonly reason: string };

type Json = Readonly<Record<string, unknown>>;

const ECS_TASKS = /^ecs-tasks\.amazonaws\.com(?:\.cn)?$/;

/**
 * Judges a trust policy as far as that is certain. Conditions on the account that ECS acts for are
 * understood; any other makes it unclear, as does a statement that denies.
 * @see Task execution IAM role and Prevent confused deputy, Amazon ECS Developer Guide
 */
export function trustIn(document: string, accountId: string): Trust {
  const policy = parse(document);
  if (!policy) return { kind: 'unclear', reason: 'it is no JSON' };
  const statements = listOf(policy['Statement']).filter(isAboutEcs);
  if (statements.some((statement) => statement['Effect'] !== 'Allow')) {
    return { kind: 'unclear', reason: 'it denies something to ECS' };
  }
  const verdicts = statements.map((statement) => conditionOf(statement['Condition'], accountId));
  if (verdicts.includes('met')) return { kind: 'trusted' };
  if (verdicts.includes('unclear')) return { kind: 'unclear', reason: 'it has conditions' };
  return { kind: 'refused' };
}

function isAboutEcs(statement: Json): boolean {
  const { Principal: principal } = statement;
  const services =
    typeof principal === 'object' && principal !== null
      ? (principal as Json)['Service']
      : undefined;
  const isForEcs = textsOf(services).some((service) => ECS_TASKS.test(service));
  const isToAssume = textsOf(statement['Action']).some((action) =>
    /^(?:\*|sts:\*|sts:assumerole)$/i.test(action),
  );
  return isForEcs && isToAssume;
}

function conditionOf(condition: unknown, accountId: string): 'met' | 'not met' | 'unclear' {
  if (condition === undefined) return 'met';
  const tests = Object.entries(condition as Json).flatMap(([operator, keys]) =>
    Object.entries(keys as Json).map(([key, values]) =>
      testOf(operator, key, textsOf(values), accountId),
    ),
  );
  if (tests.includes('unclear')) return 'unclear';
  return tests.includes('not met') ? 'not met' : 'met';
}

function testOf(
  operator: string,
  key: string,
  values: readonly string[],
  accountId: string,
): 'met' | 'not met' | 'unclear' {
  const name = key.toLowerCase();
  if (name === 'aws:sourceaccount' && /^String(?:Equals|Like)$/.test(operator)) {
    return values.includes(accountId) ? 'met' : 'not met';
  }
  if (name === 'aws:sourcearn' && /^(?:Arn|String)Like$/.test(operator)) {
    // ECS names the account and the Region here, and nothing that is known before the task is.
    const ofAccount = values.filter((value) => value.split(':')[4] === accountId);
    if (ofAccount.length === 0) return 'not met';
    return ofAccount.some((value) => value.endsWith(':*')) ? 'met' : 'unclear';
  }
  return 'unclear';
}

function parse(document: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(document);
    return typeof value === 'object' && value !== null ? (value as Json) : undefined;
  } catch {
    return undefined;
  }
}

function listOf(value: unknown): readonly Json[] {
  const items: readonly unknown[] = Array.isArray(value) ? value : [value];
  return items.filter((item): item is Json => typeof item === 'object' && item !== null);
}

function textsOf(value: unknown): readonly string[] {
  const items: readonly unknown[] = Array.isArray(value) ? value : [value];
  return items.filter((item): item is string => typeof item === 'string');
}
