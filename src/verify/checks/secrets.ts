import type { Check } from '../check.ts';
import { containersOf, type SecretUse } from '../containers.ts';
import type { Facts } from '../facts.ts';
import { type Finding, ok, problem, unknown } from '../finding.ts';
import type { Secret } from '../ports.ts';
import { type SecretSource, sourceOf } from '../secret-source.ts';
import { all, lookedAt } from '../unread.ts';

/** All that containers are to be given from outside exists. No value is read, or shown. */
export const secrets: Check = {
  name: 'secrets',
  title: 'Secrets and parameters',
  reads: ['secretsmanager:DescribeSecret', 'ssm:GetParameters'],
  run: (facts) =>
    lookedAt('secrets', async () => {
      const containers = containersOf(await facts.rendered());
      const uses = containers.flatMap((container) => container.secrets);
      const files = containers.flatMap(({ environmentFiles }) => environmentFiles);
      if (uses.length + files.length === 0) return ok('secrets', 'no container has any');
      const { region } = facts.request.environment;
      const sources = uses.map((use) => ({ use, source: sourceOf(use, region) }));
      return all([...looks(facts, sources), ...files.map(async (file) => [environmentFile(file)])]);
    }),
};

interface Sourced {
  readonly use: SecretUse;
  readonly source: SecretSource;
}

/** One look a secret, and one for all parameters of a Region. */
function looks(facts: Facts, sources: readonly Sourced[]): Promise<readonly Finding[]>[] {
  const regions = new Map<string, Sourced[]>();
  const others: Promise<readonly Finding[]>[] = [];
  for (const sourced of sources) {
    const { source, use } = sourced;
    if (source.kind === 'parameter') {
      regions.set(source.region, [...(regions.get(source.region) ?? []), sourced]);
    } else {
      others.push(lookedAt(use.subject, () => secret(facts, use, source)));
    }
  }
  return [
    ...others,
    ...[...regions].map(([region, sourced]) => parameters(facts, region, sourced)),
  ];
}

async function parameters(
  { ports }: Facts,
  region: string,
  sourced: readonly Sourced[],
): Promise<readonly Finding[]> {
  const names = [...new Set(sourced.map(({ use }) => use.valueFrom))];
  const missing = ports.secrets.missingParameters(region, names);
  return all(
    sourced.map(({ use: { subject, valueFrom } }) =>
      lookedAt(subject, async () => {
        if (!(await missing).includes(valueFrom))
          return ok(subject, `parameter ${valueFrom} exists`);
        return problem(subject, `there is no parameter ${valueFrom} in ${region}`, {
          hint: 'Create it, or correct valueFrom.',
        });
      }),
    ),
  );
}

async function secret(
  { ports }: Facts,
  { subject, valueFrom }: SecretUse,
  source: Exclude<SecretSource, { kind: 'parameter' }>,
): Promise<Finding> {
  if (source.kind === 'neither') {
    return problem(subject, `${valueFrom} is the ARN of neither a secret nor a parameter`, {
      hint: "Give the ARN of a secret of Secrets Manager, or a parameter's name or ARN.",
    });
  }
  const found = await ports.secrets.secret(source.region, source.id);
  if (!found) {
    return problem(subject, `there is no secret ${source.id} in ${source.region}`, {
      hint: 'Create it, or correct valueFrom.',
    });
  }
  return usable(subject, source, found);
}

function usable(
  subject: string,
  source: Extract<SecretSource, { kind: 'secret' }>,
  { isMarkedForDeletion, stages }: Secret,
): Finding {
  const { id, versionStage, versionId, jsonKey } = source;
  if (isMarkedForDeletion) {
    return problem(subject, `secret ${id} is marked for deletion and can't be read`, {
      hint: 'Restore it (aws secretsmanager restore-secret), or name another one.',
    });
  }
  const stage = versionStage ?? (versionId === undefined ? 'AWSCURRENT' : undefined);
  const found = [...stages].some(
    ([version, labels]) =>
      (versionId === undefined || version === versionId) &&
      (stage === undefined || labels.includes(stage)),
  );
  if (!found) {
    const which = [versionId && `version ${versionId}`, stage && `version ${stage}`];
    return problem(subject, `secret ${id} has no ${which.filter(Boolean).join(' that is ')}`, {
      hint: 'Give it a value, or correct the end of valueFrom.',
    });
  }
  return ok(
    subject,
    `secret ${id} exists`,
    jsonKey === undefined
      ? {}
      : { hint: `Whether its value has the key ${jsonKey} is not looked at: no value is read.` },
  );
}

function environmentFile(arn: string): Finding {
  return unknown(`environment file ${arn}`, 'objects of S3 are not looked at');
}
