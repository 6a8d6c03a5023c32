import type { AwsPorts } from '../deploy/ports.ts';
import { type ClientOptions, createEcsClient, createElbClient } from './clients.ts';
import { rulesPort } from './rules.ts';
import { servicePort } from './service.ts';
import { targetsPort } from './targets.ts';
import { taskDefinitionsPort } from './task-definitions.ts';
import { tasksPort } from './tasks.ts';

/** One environment's service and listener, over the official SDK. */
export async function createAwsPorts(
  options: ClientOptions,
  { cluster, service }: { readonly cluster: string; readonly service: string },
): Promise<AwsPorts> {
  const [ecs, elb] = await Promise.all([createEcsClient(options), createElbClient(options)]);
  return {
    rules: rulesPort(elb),
    targets: targetsPort(elb),
    service: servicePort(ecs, cluster, service),
    taskDefinitions: taskDefinitionsPort(ecs),
    tasks: tasksPort(ecs, cluster),
  };
}
