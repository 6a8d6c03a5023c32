import { lockKeyOf } from '../../deploy/held-lock.ts';
import type { DeployRequest } from '../../deploy/request.ts';
import { DeployError } from '../../errors.ts';
import { attempt } from '../../plan/attempt.ts';
import { judgeLock } from '../../plan/judge-lock.ts';
import type { FoundLock } from '../../plan/read-lock.ts';
import type { Check } from '../check.ts';
import type { Facts } from '../facts.ts';
import { type Finding, ok, problem, warning } from '../finding.ts';
import { lookedAt } from '../unread.ts';

/** A deploy would get the lock. */
export const lock: Check = {
  name: 'lock',
  title: 'Lock',
  reads: ['dynamodb:GetItem'],
  run: (facts) => {
    const subject = `lock ${lockKeyOf(facts.request)}`;
    return lookedAt(subject, () => judged(facts, subject));
  },
};

async function judged(facts: Facts, subject: string): Promise<Finding> {
  const found = await attempt(() => facts.ports.lock.read());
  if ('error' in found) return refused(subject, found.error, problem);
  const taken = await attempt(() => judge(facts, found.value));
  if ('value' in taken) return ok(subject, taken.value);
  // A deploy at work ends by itself; all else waits for somebody.
  return refused(subject, taken.error, found.value.state === 'live' ? warning : problem);
}

function refused(
  subject: string,
  error: unknown,
  finding: typeof problem | typeof warning,
): Finding {
  if (!(error instanceof DeployError)) throw error;
  return finding(subject, error.message, error.hint === '' ? {} : { hint: error.hint });
}

/** As a deploy would find it. */
function judge(facts: Facts, found: FoundLock): Promise<string> {
  const { app, environment, flags, sha } = facts.request;
  const request: DeployRequest = {
    app,
    environment,
    flags,
    ...(sha === undefined ? {} : { sha }),
    configSha: '',
    mode: 'deploy',
    skipCommands: false,
  };
  const aws = {
    rules: { describe: async () => [...(await facts.rules())] },
    service: { describe: () => facts.service() },
  };
  return judgeLock(request, found, { aws });
}
