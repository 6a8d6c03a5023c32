import type {
  DescribeTargetGroupsInput,
  DescribeTargetGroupsOutput,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { ApiError } from '../../operation.ts';
import type { Operation } from '../../operation.ts';
import type { Region } from '../../region.ts';
import { loadBalancerBy, targetGroupBy, validationError } from '../errors.ts';
import { page } from '../paging.ts';
import type { TargetGroup } from '../state.ts';
import { toTargetGroupShape } from '../target-groups.ts';
import { loadBalancersOf } from '../targets.ts';

/** @see DescribeTargetGroups, Elastic Load Balancing API Reference (2015-12-01) */
export const describeTargetGroups: Operation<
  DescribeTargetGroupsInput,
  DescribeTargetGroupsOutput
> = {
  name: 'DescribeTargetGroups',
  accepts: ['TargetGroupArns', 'Names', 'LoadBalancerArn', 'Marker', 'PageSize'],
  handle(input, { region }) {
    const { items, NextMarker } = page(select(region, input), (group) => group.sequence, input);
    return { TargetGroups: items.map(toTargetGroupShape), NextMarker };
  },
};

function select(region: Region, input: DescribeTargetGroupsInput): TargetGroup[] {
  const { TargetGroupArns: arns = [], Names: names = [], LoadBalancerArn: owner } = input;
  if ([arns.length > 0, names.length > 0, owner !== undefined].filter(Boolean).length > 1) {
    throw validationError(
      'Only one of target group ARNs, names and a load balancer ARN can be specified',
    );
  }
  const all = [...region.elb.targetGroups.values()];
  if (owner !== undefined) {
    const { loadBalancerArn } = loadBalancerBy(region, owner);
    return all.filter((group) => loadBalancersOf(group).includes(loadBalancerArn));
  }
  if (arns.length > 0) {
    const wanted = new Set(arns.map((arn) => targetGroupBy(region, arn)));
    return all.filter((group) => wanted.has(group));
  }
  if (names.length === 0) return all;
  if (names.some((name) => !all.some((group) => group.name === name))) {
    throw new ApiError('TargetGroupNotFound', 'One or more target groups not found');
  }
  return all.filter((group) => names.includes(group.name));
}
