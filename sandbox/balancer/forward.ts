import {
  type Agent,
  type ClientRequest,
  type IncomingMessage,
  type ServerResponse,
  request as httpRequest,
} from 'node:http';
import type { Clock } from '../../src/clock.ts';
import type { Endpoint } from '../runtime/addresses.ts';
import { hasBody, isRepeatable, responseHeaders } from './headers.ts';
import { type OwnStatus, respondWithPage } from './responses.ts';
import type { Timeouts } from './timeouts.ts';

/** One request on its way through a node. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** The path and the headers for the target. */
  readonly path: string;
  readonly headers: Record<string, string | string[]>;
}

/** What came of it, for the access log. */
export interface Outcome {
  targetStatusCode?: number;
  errorReason?: string;
}

/** Where a request is forwarded to, and by which means. */
export interface Way {
  readonly endpoint: Endpoint;
  /** Keeps connections to targets open. */
  readonly agent: Agent;
  readonly clock: Clock;
  readonly timeouts: Timeouts;
}

/** A request that is at a target. */
export interface Forwarding {
  /** What is known so far; complete when the client's response is closed. */
  readonly outcome: Outcome;
  /** Gives the request up for a reason that is the load balancer's own. */
  cut(reason: string): void;
}

/**
 * Sends a request to a target and the answer to the client, both as streams. Failures become the
 * documented status codes; once the answer has begun, they can only cut the client's connection.
 * @see Troubleshoot your Application Load Balancers: HTTP errors, User Guide
 */
export function forward(exchange: Exchange, way: Way): Forwarding {
  return new Passage(exchange, way);
}

class Passage implements Forwarding {
  readonly outcome: Outcome = {};
  readonly #exchange: Exchange;
  readonly #way: Way;
  #outgoing: ClientRequest | undefined;
  #cancelConnectTimer = () => {};
  #cancelIdleTimer = () => {};
  #isOver = false;

  constructor(exchange: Exchange, way: Way) {
    this.#exchange = exchange;
    this.#way = way;
    // Also reads on when the target is gone: the next request stands behind the rest of the body.
    exchange.request.on('data', () => this.#touch());
    exchange.response.on('close', () => this.#end());
    // Only what may be repeated goes out on a connection that was used before: its target may be
    // closing it at this moment. AWS answers 502 then; here an unlucky moment is no failure.
    this.#send(isRepeatable(exchange.request) ? way.agent : false);
  }

  cut(reason: string): void {
    this.#fail(502, reason);
  }

  #send(agent: Agent | false): void {
    const { request, path, headers } = this.#exchange;
    const { host, port } = this.#way.endpoint;
    let outgoing: ClientRequest;
    try {
      const method = request.method ?? 'GET';
      outgoing = httpRequest({ host, port, method, path, headers, agent, setHost: false });
    } catch (error) {
      this.#fail(400, (error as Error).message); // A header that Node reads but does not write.
      return;
    }
    this.#outgoing = outgoing;
    let bytesBefore: number | undefined; // Unknown until there is a socket.
    outgoing.on('socket', (socket) => {
      bytesBefore = socket.bytesRead;
      if (!socket.connecting) return;
      this.#limitConnecting();
      socket.once('connect', () => this.#cancelConnectTimer());
    });
    outgoing.on('response', (incoming) => this.#answer(incoming));
    outgoing.on('upgrade', (_, socket) => {
      socket.destroy();
      this.#fail(502, 'the target switched protocols without being asked to');
    });
    outgoing.on('error', (error: NodeJS.ErrnoException) => {
      if (outgoing !== this.#outgoing) return;
      const isSilent = bytesBefore === undefined || outgoing.socket?.bytesRead === bytesBefore;
      // The target closed an idle connection just when it was used again. It has not answered a
      // single byte, and a fresh connection tells whether it is still there.
      if (outgoing.reusedSocket && isSilent && !this.#isOver) this.#send(false);
      else this.#fail(502, error.code ?? error.message);
    });
    outgoing.on('close', () => {
      const isUnanswered = outgoing === this.#outgoing && !this.outcome.targetStatusCode;
      if (isUnanswered) this.#fail(502, 'the target closed the connection');
    });
    this.#touch();
    if (hasBody(request)) request.pipe(outgoing);
    else outgoing.end();
  }

  #limitConnecting(): void {
    const { clock, timeouts } = this.#way;
    this.#cancelConnectTimer();
    this.#cancelConnectTimer = clock.after(timeouts.connectMs, () =>
      this.#fail(504, 'the target did not accept a connection in time'),
    );
  }

  #answer(incoming: IncomingMessage): void {
    const { response } = this.#exchange;
    this.outcome.targetStatusCode = incoming.statusCode ?? 0;
    incoming.on('error', (error: NodeJS.ErrnoException) =>
      this.#fail(502, error.code ?? error.message),
    );
    incoming.on('data', () => this.#touch());
    try {
      const { statusCode = 502, statusMessage = '' } = incoming;
      response.writeHead(statusCode, statusMessage, responseHeaders(incoming));
    } catch (error) {
      this.#fail(502, (error as Error).message); // A status or header that Node reads but does not write.
      return;
    }
    incoming.pipe(response);
  }

  /** Something moved: the idle timeout starts anew. */
  #touch(): void {
    if (this.#isOver) return;
    const { clock, timeouts } = this.#way;
    this.#cancelIdleTimer();
    this.#cancelIdleTimer = clock.after(timeouts.idleMs, () => {
      const isTargetSlow = this.#exchange.request.complete || this.#outgoing?.writableNeedDrain;
      if (isTargetSlow) this.#fail(504, 'the target did not answer in time');
      else this.#fail(408, 'the client did not send its body in time');
    });
  }

  #fail(status: OwnStatus, reason: string): void {
    if (this.#isOver) return;
    this.outcome.errorReason ??= reason;
    const { response } = this.#exchange;
    this.#end();
    if (response.headersSent) {
      response.destroy(); // Nothing else tells the client that its answer is incomplete.
      return;
    }
    respondWithPage(response, status);
  }

  #end(): void {
    this.#isOver = true;
    this.#cancelConnectTimer();
    this.#cancelIdleTimer();
    // Does nothing when the target's answer was complete; its connection is idle by then.
    this.#outgoing?.destroy();
  }
}
