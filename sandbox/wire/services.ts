import { EC2_OPERATIONS } from '../world/ec2/index.ts';
import { ECR_OPERATIONS } from '../world/ecr/index.ts';
import { ECS_OPERATIONS } from '../world/ecs/index.ts';
import { ELB_OPERATIONS } from '../world/elb/index.ts';
import { IAM_OPERATIONS } from '../world/iam/index.ts';
import { LOGS_OPERATIONS } from '../world/logs/index.ts';
import { type AnyOperation, ApiError, type ServiceName } from '../world/operation.ts';
import type { Settings } from '../world/settings.ts';
import { SECRETS_MANAGER_OPERATIONS } from '../world/secretsmanager/index.ts';
import { SSM_OPERATIONS } from '../world/ssm/index.ts';
import { STS_OPERATIONS } from '../world/sts/index.ts';
import { DYNAMODB_OPERATIONS } from './dynamodb/operations.ts';
import { ec2Protocol } from './ec2-protocol.ts';
import { jsonProtocol } from './json-protocol.ts';
import type { WireRequest } from './message.ts';
import { textOf } from './message.ts';
import type { Protocol } from './protocol.ts';
import { queryProtocol } from './query-protocol.ts';

/** A service as requests address it. */
export interface WireService {
  /** Its name in signatures, IAM actions and fault rules. */
  readonly name: ServiceName | 'dynamodb';
  readonly protocol: Protocol;
  /** What stands before the operation in `X-Amz-Target`, or the Version of a Query request. */
  readonly address: string;
  /** The world's operations by name. DynamoDB has none: dynalite has them. */
  readonly operations: ReadonlyMap<string, AnyOperation>;
  /** The code for an input member that is not implemented. */
  readonly invalidParameter: string;
  throttled(settings: Settings): ApiError;
}

const json11 = jsonProtocol('1.1');
const rateExceeded = (code: string) => new ApiError(code, 'Rate exceeded');
const byName = (operations: readonly AnyOperation[]) =>
  new Map(operations.map((operation) => [operation.name, operation]));

const SERVICES: readonly WireService[] = [
  {
    name: 'ecs',
    protocol: json11,
    address: 'AmazonEC2ContainerServiceV20141113',
    operations: byName(ECS_OPERATIONS),
    invalidParameter: 'InvalidParameterException',
    throttled: () => rateExceeded('ThrottlingException'),
  },
  {
    name: 'ecr',
    protocol: json11,
    address: 'AmazonEC2ContainerRegistry_V20150921',
    operations: byName(ECR_OPERATIONS),
    invalidParameter: 'InvalidParameterException',
    throttled: () => rateExceeded('ThrottlingException'),
  },
  {
    name: 'ssm',
    protocol: json11,
    address: 'AmazonSSM',
    operations: byName(SSM_OPERATIONS),
    invalidParameter: 'ValidationException',
    throttled: () => rateExceeded('ThrottlingException'),
  },
  {
    name: 'logs',
    protocol: json11,
    address: 'Logs_20140328',
    operations: byName(LOGS_OPERATIONS),
    invalidParameter: 'InvalidParameterException',
    throttled: () => rateExceeded('ThrottlingException'),
  },
  {
    name: 'secretsmanager',
    protocol: json11,
    address: 'secretsmanager',
    operations: byName(SECRETS_MANAGER_OPERATIONS),
    invalidParameter: 'InvalidParameterException',
    throttled: () => rateExceeded('ThrottlingException'),
  },
  {
    name: 'dynamodb',
    protocol: jsonProtocol('1.0', 'com.amazonaws.dynamodb.v20120810#'),
    address: 'DynamoDB_20120810',
    operations: new Map(),
    invalidParameter: 'ValidationException',
    throttled: () =>
      new ApiError(
        'ProvisionedThroughputExceededException',
        'The level of configured provisioned throughput for the table was exceeded. Consider increasing your provisioning level with the UpdateTable API.',
      ),
  },
  {
    name: 'elasticloadbalancing',
    protocol: queryProtocol('http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/'),
    address: '2015-12-01',
    operations: byName(ELB_OPERATIONS),
    invalidParameter: 'ValidationError',
    throttled: (settings) => rateExceeded(settings.throttleCode),
  },
  {
    name: 'iam',
    protocol: queryProtocol('https://iam.amazonaws.com/doc/2010-05-08/'),
    address: '2010-05-08',
    operations: byName(IAM_OPERATIONS),
    invalidParameter: 'ValidationError',
    throttled: () => rateExceeded('Throttling'),
  },
  {
    name: 'ec2',
    protocol: ec2Protocol('http://ec2.amazonaws.com/doc/2016-11-15/'),
    address: '2016-11-15',
    operations: byName(EC2_OPERATIONS),
    invalidParameter: 'InvalidParameterValue',
    throttled: () =>
      new ApiError('RequestLimitExceeded', 'Request limit exceeded.', { httpStatus: 503 }),
  },
  {
    name: 'sts',
    protocol: queryProtocol('https://sts.amazonaws.com/doc/2011-06-15/'),
    address: '2011-06-15',
    operations: byName(STS_OPERATIONS),
    invalidParameter: 'ValidationError',
    throttled: () => rateExceeded('Throttling'),
  },
];

/** Where a request wants to go. */
export interface Route {
  /** Undefined for a service that the sandbox does not know. */
  readonly service: WireService | undefined;
  readonly protocol: Protocol;
  /** The service as the request addresses it. */
  readonly address: string;
  readonly operation: string;
}

/** Undefined for a request of neither protocol. */
export function routeOf(request: WireRequest): Route | undefined {
  if (request.method !== 'POST') return undefined;
  const target = request.headers['x-amz-target'];
  if (target !== undefined) {
    const dot = target.lastIndexOf('.');
    return routeTo(target.slice(0, Math.max(dot, 0)), target.slice(dot + 1), json11);
  }
  if (!request.headers['content-type']?.startsWith('application/x-www-form-urlencoded')) {
    return undefined;
  }
  const form = new URLSearchParams(textOf(request));
  const address = form.get('Version') ?? '';
  return routeTo(address, form.get('Action') ?? '', queryProtocol(`aws:${address}`));
}

function routeTo(address: string, operation: string, otherwise: Protocol): Route {
  const service = SERVICES.find((candidate) => candidate.address === address);
  return { service, protocol: service?.protocol ?? otherwise, address, operation };
}

/** An operation of the world, for callers that need no wire. */
export function operationNamed(service: ServiceName, operation: string): AnyOperation {
  const found = SERVICES.find(({ name }) => name === service)?.operations.get(operation);
  if (!found) throw new Error(`The sandbox does not implement ${service}.${operation}.`);
  return found;
}

/** Every operation that is answered, as `ecs.CreateTaskSet`. */
export function implementedOperations(): ReadonlySet<string> {
  const worlds = SERVICES.flatMap(({ name, operations }) =>
    [...operations.keys()].map((operation) => `${name}.${operation}`),
  );
  return new Set([...worlds, ...DYNAMODB_OPERATIONS.map((operation) => `dynamodb.${operation}`)]);
}
