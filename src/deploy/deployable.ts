import type { EnvironmentConfig } from '../config/config.ts';
import { NeedsHumanError, RefusedError } from '../errors.ts';
import { readColors } from './colors.ts';
import type { ListenerRule, Service } from './model.ts';
import type { DeployRequest } from './request.ts';

/**
 * The service and the listener allow a blue/green deploy.
 * @throws {RefusedError | NeedsHumanError}
 */
export function assertDeployable(
  { app, environment, mode }: DeployRequest,
  rules: readonly ListenerRule[],
  service: Service | undefined,
): void {
  const name = `Service ${environment.service} in cluster ${environment.cluster}`;
  if (!service || service.status !== 'ACTIVE') {
    throw new RefusedError(`${name} ${service ? `is ${service.status}` : 'does not exist'}.`, {
      hint: `Create it, or correct Apps.${app.name}.Environments.${environment.name}.`,
    });
  }
  if (service.controller !== 'EXTERNAL') {
    throw new RefusedError(
      `${name} has the deployment controller ${service.controller}; task sets need EXTERNAL.`,
      {
        hint: 'The controller of a service cannot be changed: create another service.',
      },
    );
  }
  if (service.desiredCount < 1) {
    throw new RefusedError(
      `${name} has a desired count of 0: a new version would be healthy with no task at all.`,
      {
        hint: 'Set its desired count to 1 or more.',
      },
    );
  }
  const colors = readColors(rules, environment.targetGroupArns);
  // Starting over puts that right first.
  if (mode !== 'start-over') assertPrimaryServes(service, environment, colors.active);
}

/** PRIMARY on the idle colour is what a deploy leaves that was cut off right after its swap. */
function assertPrimaryServes(
  service: Service,
  environment: EnvironmentConfig,
  active: 'blue' | 'green',
): void {
  const primary = service.taskSets.find((set) => set.status === 'PRIMARY');
  if (!primary || primary.targetGroupArns.includes(environment.targetGroupArns[active])) return;
  throw new NeedsHumanError(
    `${active} serves, but the PRIMARY task set ${primary.id} is not attached to it.`,
    { hint: 'Begin anew with -start-over: it makes what serves PRIMARY first.' },
  );
}
