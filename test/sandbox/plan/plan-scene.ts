import type { ECSClient } from '@aws-sdk/client-ecs';
import type { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { planReads } from '../../../src/aws/plan-reads.ts';
import { targetGroupsPort } from '../../../src/aws/target-groups.ts';
import type { DeployTools } from '../../../src/deploy/request.ts';
import { LeapingClock } from '../../../src/plan/leaping-clock.ts';
import { lookAhead } from '../../../src/plan/look-ahead.ts';
import type { Check, LookAhead, StepAhead } from '../../../src/plan/model.ts';
import type { DeployScene, RunOptions } from '../../support/deploy-scene.ts';

interface Options extends RunOptions {
  /** Whether the scene's time goes on meanwhile; else it stands still. */
  readonly isTimeMoving?: boolean;
  readonly tools?: Partial<DeployTools>;
}

/**
 * Looks ahead to a deploy of the scene.
 * @throws when that has changed anything.
 */
export async function lookAheadIn(
  scene: DeployScene,
  sha: string | undefined,
  { isTimeMoving = false, tools: others, ...options }: Options = {},
): Promise<LookAhead> {
  const { request, tools } = scene.prepared(sha, options);
  const { cluster, service } = request.environment;
  const ecs = scene.client as unknown as ECSClient;
  const elb = scene.client as unknown as ElasticLoadBalancingV2Client;
  const reads = {
    ...planReads(ecs, { cluster, service }),
    targetGroups: targetGroupsPort(async () => elb),
  };
  const clock = isTimeMoving ? scene.clock : new LeapingClock(scene.clock.wallMs(), () => {});
  const before = writesIn(scene);
  const looking = lookAhead(request, { ...tools, ...others, clock }, reads);
  const ahead = await (isTimeMoving ? scene.clock.run(looking) : looking);
  const written = writesIn(scene).slice(before.length);
  if (!isTimeMoving && written.length > 0) throw new Error(`It has written: ${written.join()}.`);
  return ahead;
}

/** All that a deploy could have changed anywhere. */
function writesIn({ artifactStore, client, commands, lockStore }: DeployScene): string[] {
  return [
    ...client.changes.map(({ operation }) => operation),
    ...lockStore.calls.flatMap(({ operation }) => (operation === 'read' ? [] : [operation])),
    ...artifactStore.requests.filter((request) => !/^(?:get|readPage) /.test(request)),
    ...commands,
  ];
}

export function step(ahead: LookAhead, number: number): StepAhead {
  const found = ahead.steps.find((each) => each.number === number);
  if (!found) throw new Error(`There is no step ${number}.`);
  return found;
}

/** One of the checks; undefined when nothing was asked. */
export function check(ahead: LookAhead, name: Check['name']): Check | undefined {
  return ahead.checks.find((each) => each.name === name);
}
