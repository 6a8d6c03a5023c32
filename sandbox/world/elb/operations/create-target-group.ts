import type {
  CreateTargetGroupInput,
  CreateTargetGroupOutput,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Operation } from '../../operation.ts';
import { required, validationError } from '../errors.ts';
import { HEALTH_CHECK_MEMBERS } from '../health-check.ts';
import { toTags } from '../tags.ts';
import { createTargetGroup as create, toTargetGroupShape } from '../target-groups.ts';

/**
 * Creates a target group for HTTP/1.1; other protocols and target types are refused by name.
 * @see CreateTargetGroup, Elastic Load Balancing API Reference (2015-12-01)
 */
export const createTargetGroup: Operation<CreateTargetGroupInput, CreateTargetGroupOutput> = {
  name: 'CreateTargetGroup',
  accepts: [
    'Name',
    'Protocol',
    'ProtocolVersion',
    'Port',
    'VpcId',
    'TargetType',
    'IpAddressType',
    'Tags',
    ...HEALTH_CHECK_MEMBERS,
  ],
  handle(input, { world, region }) {
    const only = { Protocol: 'HTTP', ProtocolVersion: 'HTTP1', IpAddressType: 'ipv4' } as const;
    if (required(input.Protocol, 'Protocol') !== only.Protocol) {
      throw validationError(`Protocol=${input.Protocol} is not implemented by the sandbox`);
    }
    for (const name of ['ProtocolVersion', 'IpAddressType'] as const) {
      if ((input[name] ?? only[name]) === only[name]) continue;
      throw validationError(`${name}=${input[name]} is not implemented by the sandbox`);
    }
    const targetType = input.TargetType ?? 'instance';
    if (targetType !== 'ip' && targetType !== 'instance') {
      throw validationError(`TargetType=${targetType} is not implemented by the sandbox`);
    }
    const group = create(world, region, {
      name: required(input.Name, 'Name'),
      port: required(input.Port, 'Port'),
      vpcId: required(input.VpcId, 'VpcId'),
      targetType,
      healthCheck: input,
      tags: toTags(input.Tags),
    });
    return { TargetGroups: [toTargetGroupShape(group)] };
  },
};
