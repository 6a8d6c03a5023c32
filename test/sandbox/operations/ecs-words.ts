/** What the proofs of ECS have in common. */
import { DeleteServiceCommand } from '@aws-sdk/client-ecs';
import type { Scene } from './scene.ts';

/** The error of an operation in a cluster that is not there. */
export const NO_CLUSTER = ['ClusterNotFoundException', 'Cluster not found.'] as const;
/** The error of an operation on a service that is not there. */
export const NO_SERVICE = ['ServiceNotFoundException', 'Service not found.'] as const;
/** The error of an operation on a service that was deleted. */
export const NOT_ACTIVE = ['ServiceNotActiveException', 'Service was not ACTIVE.'] as const;

/** The error for a parameter that ECS does not take. */
export const invalid = (message: string | RegExp) =>
  ['InvalidParameterException', message] as const;

/** A new service whose task sets somebody else manages. */
export const newService = (more: object = {}) => ({
  cluster: 'c',
  serviceName: 'new',
  desiredCount: 1,
  deploymentController: { type: 'EXTERNAL' as const },
  ...more,
});

/** Deletes the scene's service, which has no task and so is INACTIVE at the next tick. */
export async function deleteService({ ecs, pass }: Scene): Promise<void> {
  await ecs.send(new DeleteServiceCommand({ cluster: 'c', service: 's', force: true }));
  pass(10);
}
