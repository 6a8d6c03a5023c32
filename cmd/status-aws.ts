import type { EnvironmentConfig, DeployConfig } from '../src/config/config.ts';
import { createDynamoDbClient, createEcsClient, createElbClient } from '../src/aws/clients.ts';
import { ArtifactTable } from '../src/aws/artifact-table.ts';
import { ArtifactDb } from '../src/artifactdb/artifact-db.ts';
import { lockTable } from '../src/aws/lock-table.ts';
import type { Account } from '../src/aws/credentials/index.ts';
import { Pace } from '../src/aws/pace.ts';
import type { Clock } from '../src/clock.ts';
import { memo, once } from '../src/memo.ts';
import type { Home, RegionReads } from '../src/status/ports.ts';
import { type ClientOptionsFor, homeOf } from './client-options.ts';

/** Of the calls that AWS throttles all the same, because others use the account as well. */
const MAX_ATTEMPTS = 6;

/** What a status reads with. */
export interface StatusAws {
  /** For one look: what it has read is not asked for again. */
  look(): {
    readonly readsFor: (environment: EnvironmentConfig) => Promise<RegionReads>;
    readonly home: () => Promise<Home>;
  };
}

/** One client of each service for each account and Region, whose calls wait for their turn. */
export function statusAws(
  config: DeployConfig,
  clientOptions: ClientOptionsFor,
  clock: Clock,
): StatusAws {
  const optionsFor = async (account: Account) => ({
    ...(await clientOptions(account)),
    pace: new Pace(clock),
    maxAttempts: MAX_ATTEMPTS,
  });
  const clientsOf = memo(async (place) => {
    const [accountId = '', region = ''] = place.split(' ');
    const options = await optionsFor({ accountId, region });
    const [ecs, elb] = await Promise.all([createEcsClient(options), createElbClient(options)]);
    return { ecs, elb };
  });
  const dynamoDb = once(async () => createDynamoDbClient(await optionsFor(homeOf(config))));
  return {
    look() {
      const reads = memo(async (place) => {
        // Loaded while the first answers are on their way: it takes longer than to ask.
        await dynamoDb();
        const { regionReads } = await import('../src/aws/region-reads.ts');
        return regionReads(await clientsOf(place));
      });
      const home = once(async (): Promise<Home> => {
        const client = await dynamoDb();
        const artifacts = new ArtifactDb(new ArtifactTable(client, config.artifactDbTable));
        const artifactOf = memo((id) => {
          const [buildNumber, ...projectName] = id.split(':');
          return artifacts.get({
            projectName: projectName.join(':'),
            buildNumber: Number(buildNumber),
          });
        });
        return {
          artifacts: {
            get: ({ projectName, buildNumber }) => artifactOf(`${buildNumber}:${projectName}`),
            latest: (projectName, tags) => artifacts.latest(projectName, tags),
          },
          lockStore: lockTable({ client, tableName: config.lockTable }),
        };
      });
      return {
        readsFor: ({ accountId, region }) => reads(`${accountId} ${region}`),
        home,
      };
    },
  };
}
