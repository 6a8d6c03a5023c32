import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { EC2Client } from '@aws-sdk/client-ec2';
import type { ECRClient } from '@aws-sdk/client-ecr';
import type { ECSClient } from '@aws-sdk/client-ecs';
import type { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { IAMClient } from '@aws-sdk/client-iam';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { SSMClient } from '@aws-sdk/client-ssm';
import type { STSClient } from '@aws-sdk/client-sts';
import type { AwsCredentialIdentity, AwsCredentialIdentityProvider } from '@smithy/types';
import { type CallLog, watchCalls } from './call-log.ts';
import type { KeptCredentials } from './credentials/kept-credentials.ts';
import { renewWhenRefused } from './credentials/renew-when-refused.ts';
import { type MutationGuard, guardMutations } from './mutation-guard.ts';
import { type Pace, paceCalls } from './pace.ts';

/** What every client needs to know. */
export interface ClientOptions {
  readonly region: string;
  /** Left out: the SDK's default chain (environment, profile, container, instance). */
  readonly credentials?: AwsCredentialIdentity | AwsCredentialIdentityProvider | KeptCredentials;
  /** Answers in place of the network; for tests against the sandbox in process. */
  readonly requestHandler?: object;
  /** Asked before every attempt of a call that changes something. */
  readonly guard?: MutationGuard;
  /** Told of every attempt. */
  readonly log?: CallLog;
  /** Holds attempts back, so that AWS throttles none. */
  readonly pace?: Pace;
  /** Attempts a call, the first included. 3 unless said otherwise. */
  readonly maxAttempts?: number;
  /** An attempt is given up after so many milliseconds. 10,000 unless said otherwise. */
  readonly attemptTimeoutMs?: number;
}

const DEFAULT_MAX_ATTEMPTS = 3;
const DEFAULT_ATTEMPT_TIMEOUT_MS = 10_000;
const CONNECTION_TIMEOUT_MS = 2_000;

/**
 * The only places that construct SDK clients. Each loads its package when called: a command pays
 * for the services that it uses, and `--help` for none.
 */
export async function createEcsClient(options: ClientOptions): Promise<ECSClient> {
  const { ECSClient } = await import('./sdk/ecs.ts');
  return prepared(new ECSClient(configuration(options)), options);
}

export async function createElbClient(
  options: ClientOptions,
): Promise<ElasticLoadBalancingV2Client> {
  const { ElasticLoadBalancingV2Client } = await import('./sdk/elb.ts');
  return prepared(new ElasticLoadBalancingV2Client(configuration(options)), options);
}

export async function createDynamoDbClient(options: ClientOptions): Promise<DynamoDBClient> {
  const { DynamoDBClient } = await import('./sdk/dynamodb.ts');
  return prepared(new DynamoDBClient(configuration(options)), options);
}

export async function createSsmClient(options: ClientOptions): Promise<SSMClient> {
  const { SSMClient } = await import('./sdk/ssm.ts');
  return prepared(new SSMClient(configuration(options)), options);
}

export async function createSecretsManagerClient(
  options: ClientOptions,
): Promise<SecretsManagerClient> {
  const { SecretsManagerClient } = await import('./sdk/secrets-manager.ts');
  return prepared(new SecretsManagerClient(configuration(options)), options);
}

export async function createEcrClient(options: ClientOptions): Promise<ECRClient> {
  const { ECRClient } = await import('./sdk/ecr.ts');
  return prepared(new ECRClient(configuration(options)), options);
}

export async function createEc2Client(options: ClientOptions): Promise<EC2Client> {
  const { EC2Client } = await import('./sdk/ec2.ts');
  return prepared(new EC2Client(configuration(options)), options);
}

export async function createIamClient(options: ClientOptions): Promise<IAMClient> {
  const { IAMClient } = await import('./sdk/iam.ts');
  return prepared(new IAMClient(configuration(options)), options);
}

export async function createLogsClient(options: ClientOptions): Promise<CloudWatchLogsClient> {
  const { CloudWatchLogsClient } = await import('./sdk/logs.ts');
  return prepared(new CloudWatchLogsClient(configuration(options)), options);
}

export async function createStsClient(options: ClientOptions): Promise<STSClient> {
  const { STSClient } = await import('./sdk/sts.ts');
  return prepared(new STSClient(configuration(options)), options);
}

/**
 * Time-outs must be thrown: without `throwOnRequestTimeout` the SDK only logs a warning and goes on
 * waiting, by default for ever.
 * @see Configure request handler, AWS SDK for JavaScript v3 Developer Guide
 */
function configuration(options: ClientOptions) {
  return {
    region: options.region,
    maxAttempts: options.maxAttempts ?? DEFAULT_MAX_ATTEMPTS,
    ...(options.credentials === undefined ? {} : { credentials: options.credentials }),
    requestHandler: options.requestHandler ?? {
      connectionTimeout: CONNECTION_TIMEOUT_MS,
      requestTimeout: options.attemptTimeoutMs ?? DEFAULT_ATTEMPT_TIMEOUT_MS,
      throwOnRequestTimeout: true,
    },
  };
}

type AnyClient =
  | CloudWatchLogsClient
  | DynamoDBClient
  | EC2Client
  | ECRClient
  | ECSClient
  | ElasticLoadBalancingV2Client
  | IAMClient
  | SecretsManagerClient
  | SSMClient
  | STSClient;

function prepared<Client extends AnyClient>(client: Client, options: ClientOptions): Client {
  if (options.guard) guardMutations(client, options.guard);
  if (options.log) watchCalls(client, options.log);
  if (options.pace) paceCalls(client, options.pace);
  const { credentials } = options;
  if (credentials && 'refused' in credentials) renewWhenRefused(client, credentials);
  return client;
}
