import type { Tags } from '../artifactdb/artifact.ts';
import type { TargetGroupsPort } from '../verify/ports.ts';
import type { Definition } from './definition.ts';

/** What only a look ahead reads. No method changes anything; each rejects with `CallFailedError`. */
export interface PlanReads {
  /** Those of the task sets that are still there, by id. */
  taskSets(ids: readonly string[]): Promise<ReadonlyMap<string, TaskSetDetails>>;
  /** Also one that was deregistered; undefined when it is gone for good. */
  taskDefinition(arn: string): Promise<DescribedDefinition | undefined>;
  readonly targetGroups: TargetGroupsPort;
}

/** What a service's description does not tell of its task sets. */
export interface TaskSetDetails {
  readonly tags: Tags;
  readonly network: Network;
}

/** What a task set has beside its task definition. */
export interface Network {
  readonly subnets: readonly string[];
  readonly securityGroups: readonly string[];
  readonly assignPublicIp: boolean;
  /** `container:port` of what the load balancer sends traffic to. */
  readonly servedBy: readonly string[];
}

export interface DescribedDefinition {
  readonly definition: Definition;
  readonly tags: Tags;
  /** `ACTIVE`, or `INACTIVE` after it was deregistered. */
  readonly status: string;
}
