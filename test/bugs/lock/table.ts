import type { Bug } from '../bug.ts';

const IN_TABLE = 'test/sandbox/lock/lock-table.test.ts';

/** How the table is asked. */
export const TABLE_BUGS: readonly Bug[] = [
  {
    id: 'matched-by-owner-only',
    defect:
      'a write that arrives late takes the record back (dynamolock v2.1, UnsafeMatchOwnerOnly)',
    file: 'src/aws/lock-table.ts',
    find: '(${versions.map(([name]) => name).join(',
    replace: '(#${recordVersionNumber}, ${versions.map(([name]) => name).join(',
    caughtBy: {
      file: IN_TABLE,
      test: 'a table decides about a write that requires another version',
    },
  },
  {
    id: 'heartbeat-ignores-mark',
    defect: 'a heartbeat of a released lock is made (dynamolock, every version)',
    file: 'src/aws/lock-table.ts',
    find: '`#${owner} = :heldBy AND attribute_not_exists(#${isReleased}) AND ` +',
    replace: '`#${owner} = :heldBy AND NOT #${isReleased} = #${owner} AND ` +',
    caughtBy: { file: IN_TABLE, test: 'a table decides about a write that requires not released' },
  },
  {
    id: 'sdk-repeats-write',
    defect:
      "the SDK's own retry of a conditional write fails on the first one's success (aws-sdk-java issue 2667)",
    file: 'src/aws/lock-table.ts',
    find: "throw new OnlyAttemptFailed('The only attempt failed.');",
    replace: 'throw error;',
    caughtBy: { file: IN_TABLE, test: 'sends a write once, whatever the client would do' },
  },
  {
    id: 'stale-read',
    defect: 'the lock is read with eventual consistency (dynamodb-lock-manager)',
    file: 'src/aws/lock-table.ts',
    find: 'ConsistentRead: true,',
    replace: 'ConsistentRead: false,',
    caughtBy: {
      file: 'test/sandbox/lock/known-defects.test.ts',
      test: 'every read is consistent, also the one after a refusal',
    },
  },
];
