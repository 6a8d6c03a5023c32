/**
 * What it costs to find the newest build of a commit: requests, and time as a multiple of reading
 * the whole project, as the old tool does, in the same run. DynamoDB is dynalite over HTTP.
 *
 *     npm run bench:artifactdb [-- <rounds>]
 */
import { createRequire } from 'node:module';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  type DynamoDBClient,
  QueryCommand,
  type QueryCommandInput,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { ArtifactDb } from '../src/artifactdb/artifact-db.ts';
import type { Artifact } from '../src/artifactdb/artifact.ts';
import { artifactOf, itemOf } from '../src/aws/artifact-item.ts';
import { ArtifactTable } from '../src/aws/artifact-table.ts';
import { createDynamoDbClient } from '../src/aws/clients.ts';

const DEFAULT_ROUNDS = 3;
const TABLE = 'ArtifactDB';
const TABLE_INPUT: CreateTableCommandInput = {
  TableName: TABLE,
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: [
    { AttributeName: 'ProjectName', AttributeType: 'S' },
    { AttributeName: 'BuildNumber', AttributeType: 'N' },
  ],
  KeySchema: [
    { AttributeName: 'ProjectName', KeyType: 'HASH' },
    { AttributeName: 'BuildNumber', KeyType: 'RANGE' },
  ],
};
const SIZES = [100, 10_000, 100_000];
/** Requests for a build among the newest 1,000. */
const TARGET_REQUESTS = 2;
const NEWEST = 1_000;
/** With the tags of two deploys, as much as a build that has been around. */
const MORE_TAGS = {
  ForAutomatedDeploy: 'true',
  'deploy-dev-0a1b2c3d': 'success',
  'deploy-prod-0a1b2c3d': 'success',
};

/** What one search came to. */
interface Measured {
  readonly requests: number;
  readonly ms: number;
}

/** The parts of dynalite's insides by which it is filled without 4,000 requests. */
interface DynaliteDb {
  create: (this: void, options: object) => Store;
  createKey(item: object, table: CreateTableCommandInput): string;
}
interface Store {
  getItemDb(tableName: string): {
    batch(puts: readonly object[], done: (error?: Error) => void): void;
  };
}

/** DynamoDB in memory, with a way to put artifacts there behind its back. */
async function startDynamoDb() {
  const load = createRequire(import.meta.url);
  const db = load('dynalite/db') as DynaliteDb;
  const dynalite = load('dynalite') as (options: object) => Server;
  const { create } = db;
  const stores: Store[] = [];
  db.create = (options) => {
    const store = create(options);
    stores.push(store);
    return store;
  };
  const server = dynalite({ createTableMs: 0 });
  db.create = create;
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const put = (artifacts: readonly Artifact[]) => putAll(db, stores, artifacts);
  return { url, put };
}

async function putAll(
  db: DynaliteDb,
  [store]: readonly Store[],
  artifacts: readonly Artifact[],
): Promise<void> {
  if (!store) throw new Error('dynalite does not make its store as it used to.');
  const puts = artifacts.map(itemOf).map((value) => ({
    type: 'put',
    key: db.createKey(value, TABLE_INPUT),
    value,
  }));
  await new Promise<void>((resolve, reject) => {
    store.getItemDb(TABLE).batch(puts, (error) => (error ? reject(error) : resolve()));
  });
}

function shaOf(buildNumber: number): string {
  return buildNumber.toString(16).padStart(8, '0');
}

function* artifactsOf(projectName: string, count: number): Generator<Artifact> {
  for (let buildNumber = 1; buildNumber <= count; buildNumber++) {
    const sha = shaOf(buildNumber);
    yield {
      projectName,
      buildNumber,
      value: `hello:${sha}`,
      tags: { SHA: sha, ...MORE_TAGS },
      containedArtifacts: [],
    };
  }
}

/** As the old tool: reads all artifacts of the project, and then looks for the newest that fits. */
async function findNaively(
  client: DynamoDBClient,
  projectName: string,
  sha: string,
): Promise<Artifact | undefined> {
  const artifacts: Artifact[] = [];
  let ExclusiveStartKey: QueryCommandInput['ExclusiveStartKey'];
  do {
    const page = await client.send(
      new QueryCommand({
        TableName: TABLE,
        KeyConditionExpression: 'ProjectName = :project',
        ExpressionAttributeValues: { ':project': { S: projectName } },
        ScanIndexForward: false,
        ExclusiveStartKey,
      }),
    );
    artifacts.push(...(page.Items ?? []).map(artifactOf));
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey);
  return artifacts.find(({ tags }) => tags?.['SHA'] === sha);
}

/** Measures both ways to find builds, in turn, so that a busy moment slows both. */
class Bench {
  readonly #client: DynamoDBClient;
  readonly #db: ArtifactDb;
  readonly #requests: () => number;

  constructor(client: DynamoDBClient, requests: () => number) {
    this.#client = client;
    this.#db = new ArtifactDb(new ArtifactTable(client, TABLE));
    this.#requests = requests;
  }

  ours(projectName: string, buildNumber: number): Promise<Measured> {
    const tags = { SHA: shaOf(buildNumber) };
    return this.#measure(buildNumber, () => this.#db.latest(projectName, tags));
  }

  naive(projectName: string, buildNumber: number): Promise<Measured> {
    const sha = shaOf(buildNumber);
    return this.#measure(buildNumber, () => findNaively(this.#client, projectName, sha));
  }

  async #measure(
    buildNumber: number,
    find: () => Promise<Artifact | undefined>,
  ): Promise<Measured> {
    const before = this.#requests();
    const startedMs = performance.now();
    const found = await find();
    const ms = performance.now() - startedMs;
    if (found?.buildNumber !== buildNumber) throw new Error(`Build ${buildNumber} was not found.`);
    return { requests: this.#requests() - before, ms };
  }
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function printRow(first: string, ...rest: readonly string[]): void {
  console.log(first.padEnd(40) + rest.map((cell) => cell.padStart(12)).join(''));
}

interface Search {
  readonly name: string;
  readonly buildNumber: number;
  readonly rounds: Measured[];
}

/** @returns whether the target was missed. */
function report({ name, buildNumber, rounds }: Search, size: number, naiveMs: number): boolean {
  const requests = Math.max(...rounds.map((round) => round.requests));
  const ms = median(rounds.map((round) => round.ms));
  const isBound = size - buildNumber < NEWEST;
  const isOver = isBound && requests > TARGET_REQUESTS;
  const target = isBound ? String(TARGET_REQUESTS) : '';
  const ratio = (ms / naiveMs).toFixed(3);
  printRow(name, String(requests), target, `${ms.toFixed(1)} ms`, ratio, isOver ? 'MISSED' : '');
  return isOver;
}

/** @returns whether a target was missed. */
async function measureProject(bench: Bench, size: number, rounds: number): Promise<boolean> {
  const projectName = `project-${size}`;
  const searches: Search[] = [
    { name: 'the newest', buildNumber: size, rounds: [] },
    { name: '900 from the top', buildNumber: size - 900, rounds: [] },
    { name: 'the oldest', buildNumber: 1, rounds: [] },
  ].filter(({ buildNumber }) => buildNumber >= 1);
  const naive: Measured[] = [];
  for (let round = 0; round < rounds; round++) {
    naive.push(await bench.naive(projectName, size));
    for (const one of searches) one.rounds.push(await bench.ours(projectName, one.buildNumber));
  }

  const naiveMs = median(naive.map(({ ms }) => ms));
  console.log(`\n${size.toLocaleString('en')} builds`);
  const naiveRequests = String(naive[0]?.requests);
  printRow(
    'read them all, as the old tool does',
    naiveRequests,
    '',
    `${naiveMs.toFixed(1)} ms`,
    '1',
  );
  return searches.map((one) => report(one, size, naiveMs)).includes(true);
}

async function main(): Promise<void> {
  const rounds = Number(process.argv[2] ?? DEFAULT_ROUNDS);
  const { url, put } = await startDynamoDb();
  process.env['AWS_ENDPOINT_URL'] = url;
  let requests = 0;
  const client = await createDynamoDbClient({
    region: 'us-east-1',
    credentials: { accessKeyId: 'bench', secretAccessKey: 'bench' },
    log: () => requests++,
  });
  await client.send(new CreateTableCommand(TABLE_INPUT));
  await waitUntilTableExists({ client, minDelay: 1, maxWaitTime: 10 }, { TableName: TABLE });
  for (const size of SIZES) await put([...artifactsOf(`project-${size}`, size)]);

  const bench = new Bench(client, () => requests);
  await bench.naive('project-100', 1); // Warms everything up.
  printRow('find the newest build of a commit', 'requests', 'at most', 'median', 'of all');
  const missed = [];
  for (const size of SIZES) missed.push(await measureProject(bench, size, rounds));
  if (missed.includes(true)) process.exitCode = 1;
  process.exit(); // The server has no more to do.
}

// The SDK warns on Node 20 when a client is made; that is no matter of this program's.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';
await main();
