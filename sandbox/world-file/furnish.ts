import { COMMAND_ANNOTATION, ENVIRONMENT_ANNOTATION } from '../world/ecr/resolve-image.ts';
import type { Call, ServiceName } from '../world/operation.ts';
import { partitionOf } from '../world/region.ts';
import type { DynamoDb } from '../wire/dynamodb/dynamodb.ts';
import type { Front } from '../wire/front.ts';
import { operationNamed } from '../wire/services.ts';
import { at, atAsync } from './at.ts';
import { furnishLoadBalancing } from './furnish-load-balancing.ts';
import type { Holdings, ImageEntry, Place, TableEntry, WorldFile } from './world-file.ts';

/** The Region of a world whose file names none. */
export const DEFAULT_REGION = 'us-east-1';

/** One entry's own words for AWS's operation. */
type Perform = (service: ServiceName, operation: string, input: object) => void;

/**
 * Makes everything that a world file lists.
 * @throws {BadInputError} naming the entry that AWS would have refused; what came before it has
 *   been made.
 */
export async function furnish(front: Front, file: WorldFile): Promise<void> {
  const { world } = front;
  for (const { accessKeyId, accountId } of file.credentials ?? []) {
    front.credentials.set(accessKeyId, accountId);
  }
  for (const { arn, externalId } of file.roles ?? []) {
    world.sts.roles.set(arn, { arn, ...(externalId === undefined ? {} : { externalId }) });
  }
  await furnishPlace(front, file, '', file);
  for (const [index, holdings] of (file.elsewhere ?? []).entries()) {
    const place = {
      accountId: holdings.accountId,
      region: holdings.region ?? file.region,
    };
    await furnishPlace(front, holdings, `elsewhere/${index}/`, place);
  }
}

/** @param prefix What the paths of the entries begin with. */
async function furnishPlace(
  front: Front,
  holdings: Holdings,
  prefix: string,
  place: Place,
): Promise<void> {
  const { world, dynamoDb } = front;
  const accountId = place.accountId ?? world.settings.accountId;
  const region = world.region(accountId, place.region ?? DEFAULT_REGION);
  const principalArn = `arn:${partitionOf(region.name)}:iam::${accountId}:user/sandbox`;
  const call: Call = { world, region, caller: { accountId, principalArn } };
  const perform: Perform = (service, operation, input) => {
    operationNamed(service, operation).handle(input as Record<string, unknown>, call);
  };

  furnishLoadBalancing(call, holdings, prefix);
  furnishRegistry(perform, holdings, prefix);
  for (const [index, { name, type, value }] of (holdings.parameters ?? []).entries()) {
    at(`${prefix}parameters/${index}`, () =>
      perform('ssm', 'PutParameter', { Name: name, Type: type, Value: value }),
    );
  }
  furnishClusters(perform, holdings, prefix);
  for (const [index, table] of (holdings.tables ?? []).entries()) {
    await createTable(
      dynamoDb,
      { accountId, region: region.name },
      table,
      `${prefix}tables/${index}`,
    );
  }
}

function furnishClusters(perform: Perform, holdings: Holdings, prefix: string): void {
  for (const [index, clusterName] of (holdings.clusters ?? []).entries()) {
    at(`${prefix}clusters/${index}`, () => perform('ecs', 'CreateCluster', { clusterName }));
  }
  for (const [index, service] of (holdings.services ?? []).entries()) {
    at(`${prefix}services/${index}`, () =>
      perform('ecs', 'CreateService', {
        cluster: service.cluster,
        serviceName: service.name,
        desiredCount: service.desiredCount,
        healthCheckGracePeriodSeconds: service.healthCheckGracePeriodSeconds,
        deploymentController: { type: 'EXTERNAL' },
      }),
    );
  }
}

function furnishRegistry(perform: Perform, holdings: Holdings, prefix: string): void {
  for (const [index, repository] of (holdings.repositories ?? []).entries()) {
    const path = `${prefix}repositories/${index}`;
    at(path, () =>
      perform('ecr', 'CreateRepository', {
        repositoryName: repository.name,
        imageTagMutability: repository.immutable ? 'IMMUTABLE' : 'MUTABLE',
      }),
    );
    for (const [imageIndex, image] of (repository.images ?? []).entries()) {
      const imageManifest = manifestOf(image);
      for (const imageTag of image.tags) {
        at(`${path}/images/${imageIndex}`, () =>
          perform('ecr', 'PutImage', { repositoryName: repository.name, imageManifest, imageTag }),
        );
      }
    }
  }
}

/** The manifest of an image without layers, whose annotations name its program. */
function manifestOf({ command, environment }: ImageEntry): string {
  return JSON.stringify({
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    annotations: {
      [COMMAND_ANNOTATION]: JSON.stringify(command),
      ...(environment ? { [ENVIRONMENT_ANNOTATION]: JSON.stringify(environment) } : {}),
    },
  });
}

function createTable(
  dynamoDb: DynamoDb,
  owner: { accountId: string; region: string },
  table: TableEntry,
  path: string,
): Promise<void> {
  const keys = [table.hashKey, ...(table.rangeKey ? [table.rangeKey] : [])];
  return atAsync(path, () =>
    dynamoDb.createTable(owner, {
      TableName: table.name,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: keys.map((key) => ({
        AttributeName: key.name,
        AttributeType: key.type,
      })),
      KeySchema: keys.map((key, index) => ({
        AttributeName: key.name,
        KeyType: index === 0 ? 'HASH' : 'RANGE',
      })),
    }),
  );
}
