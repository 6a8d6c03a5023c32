/** The few things of ECS and ELB that a deploy is about, in its own words (no SDK shapes). */

/** Names of the two target groups. Which one serves alternates: a colour is never a role. */
export type Color = 'blue' | 'green';

export const otherColor = (color: Color): Color => (color === 'blue' ? 'green' : 'blue');

/** A listener rule other than the default one. */
export interface ListenerRule {
  readonly ruleArn: string;
  readonly priority: number;
  /** The conditions in a normal form: equal strings mean equal conditions. */
  readonly conditions: string;
  readonly forwards: readonly { readonly targetGroupArn: string; readonly weight: number }[];
}

/** @see TaskSet, Amazon ECS API Reference */
export interface TaskSet {
  /** `ecs-svc/…` */
  readonly id: string;
  readonly arn: string;
  readonly status: 'PRIMARY' | 'ACTIVE' | 'DRAINING';
  readonly taskDefinitionArn: string;
  readonly targetGroupArns: readonly string[];
  readonly scalePercent: number;
  readonly computedDesiredCount: number;
  readonly runningCount: number;
  readonly pendingCount: number;
  readonly isSteady: boolean;
  readonly externalId?: string;
  /** Only where they were asked for. */
  readonly tags?: Readonly<Record<string, string>>;
}

export interface Service {
  readonly arn: string;
  readonly status: string;
  /** `EXTERNAL` for a service that this tool can deploy. */
  readonly controller: string;
  readonly desiredCount: number;
  readonly taskSets: readonly TaskSet[];
}

/** One address in a target group. */
export interface Target {
  readonly address: string;
  readonly port: number;
  readonly state: string;
  /** e.g. `Health checks failed with these codes: [502]`. */
  readonly description?: string;
}

export interface Task {
  readonly arn: string;
  readonly lastStatus: string;
  readonly address?: string;
}

export interface StoppedTask {
  readonly arn: string;
  readonly stopCode: string;
  readonly stoppedReason: string;
  readonly stoppedAtMs: number;
  readonly containers: readonly {
    readonly name: string;
    readonly exitCode?: number;
    readonly reason?: string;
  }[];
}

/** `family:revision` of a task definition's ARN. */
export function familyAndRevision(taskDefinitionArn: string): string {
  return taskDefinitionArn.slice(taskDefinitionArn.lastIndexOf('/') + 1);
}
