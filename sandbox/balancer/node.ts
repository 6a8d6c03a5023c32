import { once } from 'node:events';
import {
  Agent,
  type IncomingMessage,
  type Server,
  type ServerResponse,
  createServer,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Endpoint } from '../runtime/addresses.ts';
import { type RouteDecision, route } from '../world/elb/routing.ts';
import type { Listener } from '../world/elb/state.ts';
import { describeTarget } from '../world/elb/targets.ts';
import type { Region } from '../world/region.ts';
import type { World } from '../world/world.ts';
import type { AccessLog, AccessLogEntry } from './access-log.ts';
import { type Outcome, forward } from './forward.ts';
import { requestHeaders } from './headers.ts';
import { InFlight, type TargetName } from './in-flight.ts';
import { rawPage, respond, respondWithPage } from './responses.ts';
import { type RequestTarget, requestTarget } from './request-target.ts';
import type { Timeouts } from './timeouts.ts';

/** Idle connections kept for each target. */
const IDLE_CONNECTIONS_MAX = 256;

/** Bytes of a request's head: 16 KB for a line and 64 KB in all on AWS. */
const HEAD_BYTES_MAX = 64 * 1024;

export interface NodeOptions {
  readonly world: World;
  readonly region: Region;
  readonly listener: Listener;
  /** 0 or 1. */
  readonly node: number;
  readonly resolve: (address: string, port: number) => Endpoint | undefined;
  readonly timeouts: Timeouts;
  readonly accessLog: AccessLog;
}

/** What an access-log entry gets to know while the request is handled. */
type Routed = Partial<Omit<AccessLogEntry, 'timeMs' | 'durationMs'>>;

/**
 * One node of a load balancer, for one listener: an HTTP server that routes each request by its own
 * copy of the rules. So an open client connection moves together with its node. What it does not
 * speak is refused: WebSockets and tunnels.
 */
export class BalancerNode {
  readonly #options: NodeOptions;
  readonly #server: Server;
  readonly #agent: Agent;
  readonly #inFlight = new InFlight();

  constructor(options: NodeOptions) {
    this.#options = options;
    const { idleMs } = options.timeouts;
    this.#agent = new Agent({
      keepAlive: true,
      maxFreeSockets: IDLE_CONNECTIONS_MAX,
      timeout: idleMs, // Of idle connections.
    });
    this.#server = createServer(
      {
        keepAliveTimeout: idleMs,
        headersTimeout: idleMs,
        requestTimeout: 0, // The idle timeout is the limit: a long upload that moves is fine.
        maxHeaderSize: HEAD_BYTES_MAX,
      },
      (request, response) => this.#handle(request, response),
    );
    this.#server.on('connect', (request, socket) => this.#refuseTunnel(request, socket));
    this.#server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
      const isIdle = error.code === 'ERR_HTTP_REQUEST_TIMEOUT';
      if (socket.writable) socket.end(rawPage(isIdle ? 408 : 400));
      else socket.destroy();
    });
  }

  /** Listens on a free port. @returns `http://127.0.0.1:<port>` */
  async listen(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  /** Cuts what is still in flight to a target whose deregistration delay is over. */
  targetRemoved(target: TargetName): void {
    this.#inFlight.cut(target);
    const endpoint = this.#options.resolve(target.address, target.port);
    if (!endpoint) return;
    for (const socket of this.#agent.freeSockets[this.#agent.getName(endpoint)] ?? []) {
      socket.destroy();
    }
  }

  /** Drops every connection and stops listening. */
  async close(): Promise<void> {
    this.#agent.destroy();
    if (!this.#server.listening) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  #handle(request: IncomingMessage, response: ServerResponse): void {
    const entry = this.#logWhenClosed(request, response);
    const target = requestTarget(request);
    if (!target) return respondWithPage(response, 400);
    if (request.method === 'TRACE') return respondWithPage(response, 405);
    if (asksForWebSocket(request)) {
      entry.outcome = { errorReason: 'WebSockets are not implemented' };
      return respondWithPage(response, 501);
    }
    let decision: RouteDecision;
    try {
      decision = this.#route(request, target);
    } catch {
      request.socket.destroy(); // The listener has been deleted.
      return;
    }
    entry.routed.ruleArn = decision.ruleArn;
    this.#follow(decision, target, { request, response }, entry);
  }

  #route(request: IncomingMessage, target: RequestTarget): RouteDecision {
    const { world, region, listener, node } = this.#options;
    return route(world, region, listener.listenerArn, node, {
      method: request.method ?? 'GET',
      host: target.host,
      path: target.path,
      query: target.query,
      headers: Object.fromEntries(
        Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
      ),
      sourceIp: request.socket.remoteAddress ?? '',
    });
  }

  #follow(
    decision: RouteDecision,
    target: RequestTarget,
    { request, response }: { request: IncomingMessage; response: ServerResponse },
    entry: PendingEntry,
  ): void {
    switch (decision.kind) {
      case 'fixed': {
        const { statusCode, contentType, body } = decision;
        respond(response, statusCode, { 'Content-Type': contentType }, body);
        break;
      }
      case 'redirect': {
        const { statusCode, location } = decision;
        respond(response, statusCode, { Location: location, 'Content-Type': 'text/html' }, '');
        break;
      }
      case 'noTarget':
        entry.routed.targetGroupArn = decision.targetGroupArn;
        entry.outcome = { errorReason: 'the target group has no target' };
        respondWithPage(response, 503);
        break;
      case 'forward':
        this.#forward(decision, target, { request, response }, entry);
        break;
    }
  }

  #forward(
    decision: Extract<RouteDecision, { kind: 'forward' }>,
    { url, host }: RequestTarget,
    { request, response }: { request: IncomingMessage; response: ServerResponse },
    entry: PendingEntry,
  ): void {
    const { world, region, listener, timeouts, resolve } = this.#options;
    const { targetGroupArn, target } = decision;
    const { address, port, taskArn, taskSetId } = target;
    Object.assign(entry.routed, {
      targetGroupArn,
      target: `${address}:${port}`,
      taskArn,
      taskSetId,
      targetState: describeTarget(world, region, targetGroupArn, target).state,
    });
    const endpoint = resolve(address, port);
    if (!endpoint) {
      entry.outcome = { errorReason: 'ECONNREFUSED' };
      return respondWithPage(response, 502);
    }
    const { clock } = world;
    const headers = { ...requestHeaders(request, listener.port, clock.wallMs()), host };
    const forwarding = forward(
      { request, response, path: url, headers },
      { endpoint, agent: this.#agent, clock, timeouts },
    );
    entry.outcome = forwarding.outcome;
    const left = this.#inFlight.add({ targetGroupArn, address, port }, () =>
      forwarding.cut('the deregistration delay is over'),
    );
    response.on('close', left);
  }

  #logWhenClosed(request: IncomingMessage, response: ServerResponse): PendingEntry {
    const { world, listener, node, accessLog } = this.#options;
    const { clock } = world;
    const entry: PendingEntry = { routed: {}, outcome: {} };
    const timeMs = clock.wallMs();
    const startMs = clock.monotonicMs();
    response.on('close', () => {
      const hasLeft = !response.writableFinished;
      const errorReason = entry.outcome.errorReason ?? (hasLeft ? 'the client left' : undefined);
      accessLog.add({
        timeMs,
        node,
        listenerArn: listener.listenerArn,
        method: request.method ?? '',
        path: request.url ?? '',
        ...entry.routed,
        ...entry.outcome,
        ...(errorReason === undefined ? {} : { errorReason }),
        // 460: the client closed the connection before there was an answer.
        elbStatusCode: response.headersSent ? response.statusCode : 460,
        durationMs: clock.monotonicMs() - startMs,
      });
    });
    return entry;
  }

  #refuseTunnel(request: IncomingMessage, socket: Duplex): void {
    const { world, listener, node, accessLog } = this.#options;
    socket.on('error', () => {});
    socket.end(rawPage(501));
    accessLog.add({
      timeMs: world.clock.wallMs(),
      node,
      listenerArn: listener.listenerArn,
      method: request.method ?? '',
      path: request.url ?? '',
      elbStatusCode: 501,
      durationMs: 0,
      errorReason: 'CONNECT is not implemented',
    });
  }
}

/** An upgrade to anything else is an offer, which a load balancer may pass over. */
function asksForWebSocket({ headers }: IncomingMessage): boolean {
  return headers.upgrade?.toLowerCase() === 'websocket';
}

interface PendingEntry {
  readonly routed: { -readonly [Key in keyof Routed]: Routed[Key] };
  outcome: Outcome;
}
