import { randomUUID } from 'node:crypto';
import { downloadAt, DOWNLOAD_PATH } from '../world/ecr/downloads.ts';
import { ApiError } from '../world/operation.ts';
import type { World } from '../world/world.ts';
import { Admin, type Views } from './admin.ts';
import { CallLog, type CallRecord } from './call-log.ts';
import { authenticated, type Credential, type Signer, signerOf } from './credentials.ts';
import { DynamoDb } from './dynamodb/dynamodb.ts';
import { DYNAMODB_OPERATIONS } from './dynamodb/operations.ts';
import { Faults } from './faults.ts';
import { Injection, type Refusal, refusalError } from './injection.ts';
import {
  textOf,
  textResponse,
  type WireAnswer,
  type WireRequest,
  type WireResponse,
} from './message.ts';
import { type Route, routeOf, type WireService } from './services.ts';
import { Throttles } from './throttles.ts';

/** A request that is an API call, on its way through the front. */
interface Arrival {
  readonly request: WireRequest;
  readonly requestId: string;
  readonly route: Route;
  readonly signer: Signer | undefined;
  readonly record: CallRecord;
}

/**
 * What stands before the world: turns requests into operations and outputs into responses, as AWS
 * would, and makes go wrong what it is told to.
 */
export class Front {
  readonly world: World;
  readonly faults: Faults;
  readonly calls = new CallLog();
  readonly dynamoDb: DynamoDb;
  /** The accounts of registered access keys; more may be added at any time. */
  readonly credentials: Map<string, string>;
  readonly #injection: Injection;
  readonly #throttles: Throttles;
  readonly #admin: Admin;
  readonly #onBug: (error: Error) => void;

  /**
   * @param options.credentials Access keys of accounts other than the world's default one.
   * @param options.views Further pages of the admin API, by name.
   * @param options.onBug Hears of what the sandbox itself did wrong; unless given, the process
   *   prints it as a warning.
   */
  constructor(options: {
    world: World;
    faults?: Faults;
    credentials?: readonly Credential[];
    views?: Views;
    onBug?: (error: Error) => void;
  }) {
    this.world = options.world;
    this.faults = options.faults ?? new Faults();
    this.dynamoDb = new DynamoDb(this.world.settings);
    this.credentials = new Map(
      options.credentials?.map(({ accessKeyId, accountId }) => [accessKeyId, accountId]),
    );
    this.#injection = new Injection(this.world.clock);
    this.#throttles = new Throttles(this.world);
    this.#admin = new Admin({
      world: this.world,
      faults: this.faults,
      calls: this.calls,
      views: options.views ?? {},
    });
    this.#onBug = options.onBug ?? ((error) => process.emitWarning(error));
  }

  /** Answers one request, an API call or one of the admin API. Never throws. */
  async handle(request: WireRequest): Promise<WireAnswer> {
    try {
      if (request.path.startsWith('/_sandbox/')) return this.#admin.handle(request);
      if (request.method === 'GET' && request.path.startsWith(DOWNLOAD_PATH)) {
        return downloadOf(this.world, request.path);
      }
      return await this.#serve(request);
    } catch (error) {
      return textResponse(500, 'text/plain', `${this.#bug(error).message}\n`);
    }
  }

  /** Lets go of every call that a fault keeps hanging. */
  close(): void {
    this.#injection.close();
  }

  async #serve(request: WireRequest): Promise<WireAnswer> {
    const route = routeOf(request);
    if (!route) return notAnApiCall(request);
    const signer = signerOf(request, this.world, this.credentials);
    const record = this.#record(request, route, signer);
    const firing = this.faults.match({
      operation: `${record.service}.${record.operation}`,
      attempt: record.attempt,
      number: record.number,
    });
    record.faults = firing.map(({ number }) => number);
    const arrival = { request, requestId: randomUUID(), route, signer, record };
    return this.#injection.around(
      firing.map(({ rule }) => rule.do),
      record,
      (refusal) => this.#answer(arrival, refusal),
    );
  }

  #record(request: WireRequest, route: Route, signer: Signer | undefined): CallRecord {
    const [, attempt] = /attempt=(\d+)/.exec(request.headers['amz-sdk-request'] ?? '') ?? [];
    return this.calls.begin({
      service: route.service?.name ?? route.address,
      operation: route.operation,
      accountId: signer?.caller.accountId ?? '',
      region: signer?.region ?? '',
      invocationId: request.headers['amz-sdk-invocation-id'],
      attempt: attempt === undefined ? 1 : Number(attempt),
      atMs: this.world.clock.wallMs(),
    });
  }

  async #answer(arrival: Arrival, refusal: Refusal | undefined): Promise<WireResponse> {
    try {
      const response = await this.#perform(arrival, refusal);
      arrival.record.outcome = response.status < 400 ? 'ok' : codeOf(response);
      return response;
    } catch (error) {
      const apiError = error instanceof ApiError ? error : this.#bug(error);
      arrival.record.outcome = apiError.code;
      return arrival.route.protocol.writeError(apiError, arrival.requestId);
    }
  }

  async #perform(arrival: Arrival, refusal: Refusal | undefined): Promise<WireResponse> {
    const { request, requestId, route } = arrival;
    const { service, protocol, operation: name } = route;
    if (!service) throw notImplemented(route);
    if (refusal) throw refusalError(refusal, service, this.world.settings);
    const { caller, region } = authenticated(arrival.signer, request, protocol, this.world);
    const call = { service: service.name, operation: name, accountId: caller.accountId, region };
    if (this.world.settings.throttle && !this.#throttles.admits(call)) {
      throw service.throttled(this.world.settings);
    }

    if (service.name === 'dynamodb' && DYNAMODB_OPERATIONS.includes(name)) {
      return this.dynamoDb.handle(request, name, call);
    }
    const operation = service.operations.get(name);
    if (!operation) throw notImplemented(route);
    const input = protocol.readInput(request);
    refuseUnimplementedMembers(input, operation.accepts, service);
    const output = operation.handle(input, {
      world: this.world,
      region: this.world.region(caller.accountId, region),
      caller,
      endpoint: `http://${request.headers['host'] ?? 'sandbox.invalid'}`,
    });
    return protocol.writeOutput(name, output, requestId);
  }

  #bug(cause: unknown): ApiError {
    const error = cause instanceof Error ? cause : new Error('Something was thrown', { cause });
    this.#onBug(error);
    return new ApiError('InternalFailure', `The sandbox failed: ${error.message}`, {
      httpStatus: 500,
    });
  }
}

function refuseUnimplementedMembers(
  input: Record<string, unknown>,
  accepts: readonly string[],
  service: WireService,
): void {
  for (const [member, value] of Object.entries(input)) {
    if (hasValue(value) && !accepts.includes(member)) {
      throw new ApiError(
        service.invalidParameter,
        `The sandbox does not implement the parameter ${member}.`,
      );
    }
  }
}

/** AWS takes an empty list for no list. */
function hasValue(value: unknown): boolean {
  return value !== undefined && value !== null && !(Array.isArray(value) && value.length === 0);
}

/** A presigned address needs no credentials; one that is no longer good is refused as S3 does. */
function downloadOf(world: World, path: string): WireResponse {
  const bytes = downloadAt(world, path);
  if (!bytes)
    return textResponse(403, 'application/xml', '<Error><Code>AccessDenied</Code></Error>');
  const headers = {
    'content-type': 'application/octet-stream',
    'content-length': String(bytes.byteLength),
  };
  return { status: 200, headers, body: bytes };
}

function notImplemented({ service, protocol, address, operation }: Route): ApiError {
  const name = service ? `${service.name}.${operation}` : `${address}.${operation}`;
  return protocol.notImplemented(`The sandbox does not implement ${name}.`);
}

function notAnApiCall({ method, path }: WireRequest): WireResponse {
  return textResponse(
    404,
    'text/plain',
    `The sandbox knows no ${method} ${path}: an API call is a POST with X-Amz-Target or Action and Version.\n`,
  );
}

/** The code in an error that dynalite has written. */
function codeOf(response: WireResponse): string {
  return /"__type":"(?:[^"]*#)?([^"]+)"/.exec(textOf(response))?.[1] ?? String(response.status);
}
