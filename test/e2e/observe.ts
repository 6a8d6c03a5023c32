import { DescribeServicesCommand } from '@aws-sdk/client-ecs';
import {
  DescribeRulesCommand,
  DescribeTargetHealthCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { sdkClients } from '../support/sdk.ts';
import { exampleConfig } from './hello.ts';

/** A task set as ECS shows it. */
interface TaskSetSeen {
  readonly id: string;
  readonly status: string | undefined;
  readonly scalePercent: number | undefined;
  readonly runningCount: number | undefined;
  /** Whether the rule that wins sends traffic to it. */
  readonly serves: boolean;
}

/** What AWS shows of the app in dev. */
export interface Observed {
  readonly taskSets: readonly TaskSetSeen[];
  /** The health of each target that the rule that wins sends traffic to. */
  readonly servingTargets: readonly (string | undefined)[];
}

/** Asks as an operator would: over the API, and with nothing of the deployer. */
export async function observe(apiUrl: string): Promise<Observed> {
  const { destroy, ecs, elb } = sdkClients(apiUrl);
  const { Cluster, ListenerARN } = exampleConfig().Apps.hello.Environments.dev;
  const [{ services }, { Rules = [] }] = await Promise.all([
    ecs.send(new DescribeServicesCommand({ cluster: Cluster, services: [Cluster] })),
    elb.send(new DescribeRulesCommand({ ListenerArn: ListenerARN })),
  ]);
  const [winner] = Rules.filter(({ IsDefault }) => !IsDefault).sort(
    (a, b) => Number(a.Priority) - Number(b.Priority),
  );
  const TargetGroupArn = winner?.Actions?.[0]?.TargetGroupArn;
  const health = await elb.send(new DescribeTargetHealthCommand({ TargetGroupArn }));
  destroy();
  return {
    taskSets: (services?.[0]?.taskSets ?? []).map((set) => ({
      id: set.id ?? '',
      status: set.status,
      scalePercent: set.scale?.value,
      runningCount: set.runningCount,
      serves: set.loadBalancers?.some((each) => each.targetGroupArn === TargetGroupArn) ?? false,
    })),
    servingTargets: (health.TargetHealthDescriptions ?? []).map(
      ({ TargetHealth }) => TargetHealth?.State,
    ),
  };
}
