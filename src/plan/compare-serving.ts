import { familyAndRevision } from '../deploy/model.ts';
import type { DeployPlan } from '../deploy/plan.ts';
import { attempt, type Attempt, valueOf } from './attempt.ts';
import { compareDefinitions, compareNetworks } from './compare.ts';
import { type Definition, definitionOf } from './definition.ts';
import type { Difference } from './diff.ts';
import type { Unknown } from './model.ts';
import type { DescribedDefinition, PlanReads } from './ports.ts';
import type { Running } from './running.ts';

/** What serves beside what would be deployed. */
export interface Comparison {
  /** Left out when there is nothing to compare with, or it can't be read. */
  readonly differences?: readonly Difference[];
  /** Of what serves. */
  readonly definition?: Definition;
  /** Whether it is tagged with this artifact and this configuration. */
  readonly isSameVersion: boolean;
  readonly warnings: readonly string[];
  readonly unknown: readonly Unknown[];
}

/**
 * Compares what serves with what would be deployed.
 * @param registered The task definition that a resume goes on with, if there is one yet.
 */
export async function compareWithServing(
  { details, serving: [serving, ...others] }: Running,
  plan: DeployPlan,
  reads: Pick<PlanReads, 'taskDefinition'>,
  registered?: string,
): Promise<Comparison> {
  if (!serving) return { isSameVersion: false, warnings: [], unknown: [] };
  const { buildNumber, configSha, taskSet } = serving;
  const [before, after] = await Promise.all([
    attempt(() => reads.taskDefinition(taskSet.taskDefinitionArn)),
    registered === undefined ? undefined : attempt(() => reads.taskDefinition(registered)),
  ]);
  const name = familyAndRevision(taskSet.taskDefinitionArn);
  const found = valueOf(before);
  const willBe = (after && valueOf(after)?.definition) ?? definitionOf(plan);
  const network = details.get(taskSet.id)?.network;
  const differences =
    found && network
      ? [...compareDefinitions(found.definition, willBe, plan), ...compareNetworks(network, plan)]
      : undefined;
  const ids = others.map((other) => other.taskSet.id).join(', ');
  return {
    ...(differences && { differences }),
    ...(found && { definition: found.definition }),
    isSameVersion: buildNumber === plan.artifact.buildNumber && configSha === plan.configSha,
    warnings: [
      ...(ids === ''
        ? []
        : [`${ids} serves beside ${taskSet.id}: users may get several versions.`]),
      ...(found?.status === 'INACTIVE' ? [`${name}, which serves, was deregistered.`] : []),
    ],
    unknown: found ? [] : [{ what: `what ${name} says, which serves`, message: whyNot(before) }],
  };
}

function whyNot(attempted: Attempt<DescribedDefinition | undefined>): string {
  return 'trouble' in attempted ? attempted.trouble.message : 'It does not exist any more.';
}
