import type { Call, ServiceName } from '../world/operation.ts';
import { partitionOf, type Region } from '../world/region.ts';
import type { DynamoDb } from '../wire/dynamodb/dynamodb.ts';
import type { Front } from '../wire/front.ts';
import { operationNamed } from '../wire/services.ts';
import { at, atAsync } from './at.ts';
import { furnishLoadBalancing } from './furnish-load-balancing.ts';
import { furnishNetwork } from './furnish-network.ts';
import { furnishRoles } from './furnish-roles.ts';
import { imageOf } from './images.ts';
import type { Holdings, Place, TableEntry, WorldFile } from './world-file.ts';

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
  const home = world.region(world.settings.accountId, file.region ?? DEFAULT_REGION);
  furnishRoles(world, file.roles ?? [], home);
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

  furnishNetwork(call, holdings.vpcs ?? [], prefix);
  furnishLoadBalancing(call, holdings, prefix);
  furnishRegistry(region, perform, holdings, prefix);
  furnishSecrets(perform, holdings, prefix);
  for (const [index, logGroupName] of (holdings.logGroups ?? []).entries()) {
    at(`${prefix}logGroups/${index}`, () => perform('logs', 'CreateLogGroup', { logGroupName }));
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

/** Parameters, and the secrets of Secrets Manager. */
function furnishSecrets(perform: Perform, holdings: Holdings, prefix: string): void {
  for (const [index, { name, type, value }] of (holdings.parameters ?? []).entries()) {
    at(`${prefix}parameters/${index}`, () =>
      perform('ssm', 'PutParameter', { Name: name, Type: type, Value: value }),
    );
  }
  for (const [index, { name, value }] of (holdings.secrets ?? []).entries()) {
    at(`${prefix}secrets/${index}`, () =>
      perform('secretsmanager', 'CreateSecret', { Name: name, SecretString: value }),
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

function furnishRegistry(
  region: Region,
  perform: Perform,
  holdings: Holdings,
  prefix: string,
): void {
  for (const [index, repository] of (holdings.repositories ?? []).entries()) {
    const path = `${prefix}repositories/${index}`;
    at(path, () =>
      perform('ecr', 'CreateRepository', {
        repositoryName: repository.name,
        imageTagMutability: repository.immutable ? 'IMMUTABLE' : 'MUTABLE',
      }),
    );
    for (const [imageIndex, image] of (repository.images ?? []).entries()) {
      const repositoryName = repository.name;
      const { manifests, blobs } = imageOf(image);
      for (const [digest, bytes] of blobs) {
        region.ecr.repositories.get(repositoryName)?.blobs.set(digest, bytes);
      }
      at(`${path}/images/${imageIndex}`, () => {
        for (const imageManifest of manifests.slice(0, -1)) {
          perform('ecr', 'PutImage', { repositoryName, imageManifest });
        }
        for (const imageTag of image.tags) {
          const imageManifest = manifests.at(-1);
          perform('ecr', 'PutImage', { repositoryName, imageManifest, imageTag });
        }
      });
    }
  }
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
