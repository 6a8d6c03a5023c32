import type { TargetDescription } from '@aws-sdk/client-elastic-load-balancing-v2';
import { required, validationError } from './errors.ts';
import type { TargetGroup } from './state.ts';
import { refuseOthers, wholeNumber } from './validate.ts';

/**
 * Reads the targets that an operation names; a target's port is the group's unless given. Its
 * Availability Zone is accepted when it is `all`: the world has no zones.
 * @throws {ApiError} ValidationError
 */
export function toTargets(
  group: TargetGroup,
  shapes: readonly TargetDescription[] | undefined,
): { address: string; port: number }[] {
  const targets = required(shapes, 'Targets').map((shape) => {
    refuseOthers(shape, ['Id', 'Port', 'AvailabilityZone'], 'Targets');
    if ((shape.AvailabilityZone ?? 'all') !== 'all') {
      throw validationError(
        `Targets.AvailabilityZone=${shape.AvailabilityZone} is not implemented by the sandbox`,
      );
    }
    return {
      address: required(shape.Id, 'Target id'),
      port: wholeNumber(shape.Port ?? group.port, 1, 65_535, 'Target port'),
    };
  });
  if (targets.length === 0) throw validationError('At least one target must be specified');
  return targets;
}
