import type { Check } from '../check.ts';
import { ok, problem } from '../finding.ts';
import type { AccountInUse } from '../ports.ts';
import { lookedAt } from '../unread.ts';

/** The credentials are of the accounts that the configuration names; in others every look misleads. */
export const accounts: Check = {
  name: 'accounts',
  title: 'Accounts',
  reads: ['sts:GetCallerIdentity'],
  run: ({ ports }) => lookedAt('credentials', async () => (await ports.accounts()).map(findingOf)),
};

function findingOf({ setting, expected, actual, arn }: AccountInUse) {
  return actual === expected
    ? ok(`account ${expected}`, `the credentials are ${arn}`)
    : problem(setting, `is ${expected}, but the credentials belong to account ${actual} (${arn})`, {
        hint: 'Use credentials of that account, or set Credentials to assume a role in it. What else was read is of the wrong account, and left out.',
      });
}
