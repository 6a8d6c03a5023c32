import type { Facts } from './facts.ts';
import type { Finding } from './finding.ts';

/** One thing that is looked at before a deploy. */
export interface Check {
  /** In the JSON: never rename it. */
  readonly name: string;
  readonly title: string;
  /** The IAM actions that it calls, all of them reads; docs/verify.md lists them. */
  readonly reads: readonly string[];
  /**
   * Finds everything, not only the first problem.
   * @throws what is a bug of ours, and missing credentials.
   */
  run(facts: Facts): Promise<readonly Finding[]>;
}
