import type { ECSClient } from '@aws-sdk/client-ecs';
import type { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { planReads } from '../../../src/aws/plan-reads.ts';
import { targetGroupsPort } from '../../../src/aws/target-groups.ts';
import { LeapingClock } from '../../../src/plan/leaping-clock.ts';
import { lookAhead } from '../../../src/plan/look-ahead.ts';
import type { Check, LookAhead, StepAhead } from '../../../src/plan/model.ts';
import type { DeployScene, RunOptions } from '../../support/deploy-scene.ts';

/** Looks ahead to a deploy of the scene. The scene's own time stands still meanwhile. */
export async function lookAheadIn(
  scene: DeployScene,
  sha: string | undefined,
  options: RunOptions = {},
): Promise<LookAhead> {
  const { request, tools } = scene.prepared(sha, options);
  const { cluster, service } = request.environment;
  const ecs = scene.client as unknown as ECSClient;
  const elb = scene.client as unknown as ElasticLoadBalancingV2Client;
  return lookAhead(
    request,
    { ...tools, clock: new LeapingClock(scene.clock.wallMs(), () => {}) },
    {
      ...planReads(ecs, { cluster, service }),
      targetGroups: targetGroupsPort(async () => elb),
    },
  );
}

export function step(ahead: LookAhead, number: number): StepAhead {
  const found = ahead.steps.find((each) => each.number === number);
  if (!found) throw new Error(`There is no step ${number}.`);
  return found;
}

export function check(ahead: LookAhead, name: Check['name']): Check | undefined {
  return ahead.checks.find((each) => each.name === name);
}
