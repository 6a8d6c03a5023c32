import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ECRClient } from '@aws-sdk/client-ecr';
import { ECSClient } from '@aws-sdk/client-ecs';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { SSMClient } from '@aws-sdk/client-ssm';
import { STSClient } from '@aws-sdk/client-sts';
import { type InProcessHandler } from '../../sandbox/wire/in-process.ts';

// The clients warn on Node 20 when they are made; that decision is not a test's business.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';

/** One of the SDK's clients for each service of the sandbox. */
export interface SdkClients {
  readonly dynamoDb: DynamoDBClient;
  readonly ecr: ECRClient;
  readonly ecs: ECSClient;
  readonly elb: ElasticLoadBalancingV2Client;
  readonly ssm: SSMClient;
  readonly sts: STSClient;
  /** Closes their connections. */
  readonly destroy: () => void;
}

/**
 * The SDK's clients, sent to a sandbox.
 * @param where The sandbox's address, or the handler that answers in process.
 * @param options.maxAttempts The SDK's own default unless given; 1 is no retry.
 */
export function sdkClients(where: InProcessHandler | string, options: SdkOptions = {}): SdkClients {
  const config = sdkConfiguration(where, options);
  const clients = {
    dynamoDb: new DynamoDBClient(config),
    ecr: new ECRClient(config),
    ecs: new ECSClient(config),
    elb: new ElasticLoadBalancingV2Client(config),
    ssm: new SSMClient(config),
    sts: new STSClient(config),
  };
  return {
    ...clients,
    destroy: () => {
      for (const client of Object.values(clients)) client.destroy();
    },
  };
}

/** Who calls, and how stubbornly. */
export interface SdkOptions {
  readonly accessKeyId?: string;
  readonly sessionToken?: string;
  readonly region?: string;
  readonly maxAttempts?: number;
}

/** What a client of any service takes, to be sent to a sandbox. */
export function sdkConfiguration(where: InProcessHandler | string, options: SdkOptions = {}) {
  const { accessKeyId = 'AKIATEST', sessionToken, region = 'us-east-1', maxAttempts } = options;
  return {
    region,
    credentials: {
      accessKeyId,
      secretAccessKey: 'secret',
      ...(sessionToken === undefined ? {} : { sessionToken }),
    },
    ...(maxAttempts === undefined ? {} : { maxAttempts }),
    ...(typeof where === 'string'
      ? { endpoint: where }
      : { endpoint: 'http://sandbox.invalid', requestHandler: where }),
  };
}
