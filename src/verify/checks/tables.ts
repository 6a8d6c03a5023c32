import type { Check } from '../check.ts';
import type { Facts } from '../facts.ts';
import { type Finding, ok, problem } from '../finding.ts';
import { all, lookedAt } from '../unread.ts';

/** The lock table and ArtifactDB are there, with the keys that the tools expect. */
export const tables: Check = {
  name: 'tables',
  title: 'Tables',
  reads: ['dynamodb:DescribeTable'],
  run: (facts) => {
    const { lockTable, artifactDbTable } = facts.request.config;
    return all([
      table(facts, 'lock', `lock table ${lockTable}`),
      table(facts, 'artifacts', `ArtifactDB table ${artifactDbTable}`),
    ]);
  },
};

function table(
  { ports }: Facts,
  which: 'artifacts' | 'lock',
  subject: string,
): Promise<readonly Finding[]> {
  return lookedAt(subject, async () => {
    const trouble = await ports.tables.problemOf(which);
    if (trouble === undefined) return ok(subject, 'is there, with the right keys');
    return problem(subject, trouble, {
      hint: 'ecs-deploy init creates what is missing. Or correct LockTable, ArtifactDBTable or ConfigRegion.',
    });
  });
}
