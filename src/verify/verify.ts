import type { Check } from './check.ts';
import { accounts } from './checks/accounts.ts';
import { Facts, type VerifyRequest } from './facts.ts';
import type { Finding, Verdict } from './finding.ts';
import { CHECKS } from './index.ts';
import type { VerifyPorts } from './ports.ts';

/** What was found, all of it. */
export interface Verification {
  readonly app: string;
  readonly environment: string;
  /** The worst: `problem`, then `unknown`, then `warning`, then `ok`. */
  readonly verdict: Verdict;
  readonly counts: Readonly<Record<Verdict, number>>;
  /** IAM actions without which something stayed unknown. */
  readonly missingPermissions: readonly string[];
  readonly checks: readonly CheckResult[];
}

export interface CheckResult {
  readonly name: string;
  readonly title: string;
  readonly findings: readonly Finding[];
}

const WORST_FIRST: readonly Verdict[] = ['problem', 'unknown', 'warning', 'ok'];

/**
 * Looks at everything that a deploy needs, at once, and changes nothing.
 * @throws missing credentials, and what is a bug of ours.
 */
export async function verify(request: VerifyRequest, ports: VerifyPorts): Promise<Verification> {
  const facts = new Facts(request, ports);
  const settled = await Promise.allSettled(CHECKS.map((check) => check.run(facts)));
  const results = CHECKS.map((check, index) => resultOf(check, settled[index]));
  // Answers of another account say nothing about this environment.
  const own = results.filter(({ name }) => name === accounts.name);
  const isElsewhere = own.some(({ findings }) => findings.some(isProblem));
  return summed(request, isElsewhere ? own : results.filter(({ findings }) => findings.length > 0));
}

function resultOf(
  { name, title }: Check,
  settled: PromiseSettledResult<readonly Finding[]> | undefined,
): CheckResult {
  if (settled?.status === 'rejected') throw settled.reason;
  return { name, title, findings: settled?.value ?? [] };
}

function isProblem({ verdict }: Finding): boolean {
  return verdict === 'problem';
}

function summed({ app, environment }: VerifyRequest, checks: readonly CheckResult[]): Verification {
  const findings = checks.flatMap((check) => check.findings);
  const count = (verdict: Verdict) =>
    findings.filter((finding) => finding.verdict === verdict).length;
  const counts = {
    ok: count('ok'),
    warning: count('warning'),
    unknown: count('unknown'),
    problem: count('problem'),
  };
  return {
    app: app.name,
    environment: environment.name,
    verdict: WORST_FIRST.find((verdict) => counts[verdict] > 0) ?? 'unknown',
    counts,
    missingPermissions: [...new Set(findings.flatMap(({ permission }) => permission ?? []))].sort(),
    checks,
  };
}
