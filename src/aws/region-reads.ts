import type { ECSClient } from '@aws-sdk/client-ecs';
import {
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  DescribeTaskSetsCommand,
} from '@aws-sdk/client-ecs';
import type { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Tags } from '../artifactdb/artifact.ts';
import type { Service } from '../deploy/model.ts';
import { CallFailedError } from '../deploy/ports.ts';
import { memo } from '../memo.ts';
import type { RegionReads, ServicePlace, TaskSize } from '../status/ports.ts';
import { call, isNamed, required } from './errors.ts';
import { rulesPort } from './rules.ts';
import { toService } from './service.ts';
import { fromEcsTags } from './tags.ts';
import { targetsPort } from './targets.ts';

const DESCRIBE_SERVICES = 'ecs:DescribeServices';
const DESCRIBE_TASK_SETS = 'ecs:DescribeTaskSets';
const DESCRIBE_TASK_DEFINITION = 'ecs:DescribeTaskDefinition';

/** @see DescribeServices, Amazon ECS API Reference: at most ten services of one cluster a call. */
const SERVICES_A_CALL = 10;

export interface RegionClients {
  readonly ecs: ECSClient;
  readonly elb: ElasticLoadBalancingV2Client;
}

/**
 * One look at an account and Region, over the official SDK. What it has read it knows for good: a
 * later look needs another one.
 */
export function regionReads({ ecs, elb }: RegionClients): RegionReads {
  const rules = rulesPort(elb);
  const targets = targetsPort(elb);
  const clusters = memo((cluster) => new ClusterReads(ecs, cluster));
  return {
    rules: memo((listenerArn) => rules.describe(listenerArn)),
    service: ({ cluster, service }) => clusters(cluster).service(service),
    taskSetTags: (place, ids) => describeTags(ecs, place, ids),
    targets: memo((targetGroupArn) => targets.describe(targetGroupArn)),
    taskSize: memo((taskDefinitionArn) => describeSize(ecs, taskDefinitionArn)),
  };
}

interface Asked {
  readonly name: string;
  readonly resolve: (service: Promise<Service | undefined>) => void;
}

/** Asks for the services of one cluster that are wanted at the same time in as few calls as can be. */
class ClusterReads {
  readonly #client: ECSClient;
  readonly #cluster: string;
  #asked: Asked[] = [];

  constructor(client: ECSClient, cluster: string) {
    this.#client = client;
    this.#cluster = cluster;
  }

  readonly service = memo(
    (name) =>
      new Promise<Service | undefined>((resolve) => {
        if (this.#asked.length === 0) setImmediate(() => this.#ask());
        this.#asked.push({ name, resolve });
      }),
  );

  #ask(): void {
    const asked = this.#asked;
    this.#asked = [];
    for (let at = 0; at < asked.length; at += SERVICES_A_CALL) {
      const together = asked.slice(at, at + SERVICES_A_CALL);
      const services = this.#describe(together.map(({ name }) => name));
      for (const { name, resolve } of together)
        resolve(this.#find(name, together.length, services));
    }
  }

  /** What one name is refused for, e.g. a permission, must not hide the others. */
  async #find(
    name: string,
    askedTogether: number,
    services: Promise<ReadonlyMap<string, Service>>,
  ): Promise<Service | undefined> {
    try {
      return (await services).get(name);
    } catch (error) {
      const isOwnFault = error instanceof CallFailedError && !error.isTransient;
      if (askedTogether === 1 || !isOwnFault) throw error;
      return (await this.#describe([name])).get(name);
    }
  }

  async #describe(names: string[]): Promise<ReadonlyMap<string, Service>> {
    const answer = await call(DESCRIBE_SERVICES, () =>
      this.#client.send(new DescribeServicesCommand({ cluster: this.#cluster, services: names })),
    );
    return new Map(
      required(DESCRIBE_SERVICES, 'services', answer.services).flatMap((found) => {
        const service = toService(found);
        const name = required(DESCRIBE_SERVICES, 'serviceName', found.serviceName);
        return [
          [name, service],
          [service.arn, service], // A configuration may name it either way.
        ];
      }),
    );
  }
}

function describeTags(
  client: ECSClient,
  { cluster, service }: ServicePlace,
  taskSetIds: readonly string[],
): Promise<ReadonlyMap<string, Tags>> {
  return call(DESCRIBE_TASK_SETS, async () => {
    if (taskSetIds.length === 0) return new Map(); // ECS refuses an empty list.
    try {
      const answer = await client.send(
        new DescribeTaskSetsCommand({
          cluster,
          service,
          taskSets: [...taskSetIds],
          include: ['TAGS'],
        }),
      );
      return new Map(
        required(DESCRIBE_TASK_SETS, 'taskSets', answer.taskSets).map(({ id, tags }) => [
          required(DESCRIBE_TASK_SETS, 'taskSet.id', id),
          fromEcsTags(tags ?? []),
        ]),
      );
    } catch (error) {
      // Undeclared for this operation, yet it is what others saw for sets that are gone.
      if (isNamed(error, 'TaskSetNotFoundException')) return new Map();
      throw error;
    }
  });
}

const CPU_UNITS_OF_A_VCPU = 1024;
const MIB_OF_A_GB = 1024;

/** @see Task definition parameters for Fargate, Amazon ECS Developer Guide: CPU units and MiB. */
async function describeSize(
  client: ECSClient,
  taskDefinition: string,
): Promise<TaskSize | undefined> {
  const answer = await call(DESCRIBE_TASK_DEFINITION, () =>
    client.send(new DescribeTaskDefinitionCommand({ taskDefinition })),
  );
  const vcpu = Number(answer.taskDefinition?.cpu) / CPU_UNITS_OF_A_VCPU;
  const memoryGb = Number(answer.taskDefinition?.memory) / MIB_OF_A_GB;
  return Number.isFinite(vcpu) && Number.isFinite(memoryGb) ? { vcpu, memoryGb } : undefined;
}
