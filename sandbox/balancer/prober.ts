import { request as httpRequest } from 'node:http';
import type { Clock } from '../../src/clock.ts';
import type { Endpoint } from '../runtime/addresses.ts';
import {
  type ProbeResult,
  type TargetToProbe,
  reportProbe,
  targetsToProbe,
} from '../world/elb/health.ts';
import { NODES } from '../world/elb/state.ts';
import type { Region } from '../world/region.ts';
import type { World } from '../world/world.ts';

/** AWS's seconds from a registration to the first check by each node. */
const FIRST_PROBE_SECONDS = [0.5, 1];

const USER_AGENT = 'ELB-HealthChecker/2.0';

/** The checks of one target by one node. */
interface Loop {
  cancel: () => void;
}

/**
 * Checks the health of every target that is in use, from each node on its own and with a connection
 * of its own each time, and tells the world.
 * @see Health checks for Application Load Balancer target groups, User Guide
 */
export class Prober {
  readonly #world: World;
  readonly #resolve: (address: string, port: number) => Endpoint | undefined;
  readonly #loops = new Map<string, Loop>();
  #isClosed = false;

  constructor(world: World, resolve: (address: string, port: number) => Endpoint | undefined) {
    this.#world = world;
    this.#resolve = resolve;
  }

  /** Begins to check targets that are new. Those that are gone end by themselves. */
  sync(): void {
    if (this.#isClosed) return;
    for (const region of this.#world.regions()) {
      for (const target of targetsToProbe(this.#world, region)) {
        for (const node of NODES) this.#begin(region, target, node);
      }
    }
  }

  /** Ends all checks; a result that is still to come is dropped. */
  close(): void {
    this.#isClosed = true;
    for (const loop of this.#loops.values()) loop.cancel();
    this.#loops.clear();
  }

  #begin(region: Region, target: TargetToProbe, node: number): void {
    const key = `${node} ${keyOf(target)}`;
    if (this.#loops.has(key)) return;
    const delayMs = this.#world.scaledMs(FIRST_PROBE_SECONDS[node] ?? 0);
    const loop: Loop = { cancel: () => {} };
    const check = async () => {
      const found = findTarget(this.#world, region, target);
      if (!found) {
        this.#loops.delete(key);
        return;
      }
      await this.#check(region, found, node, loop, check);
    };
    loop.cancel = this.#world.clock.after(delayMs, () => void check());
    this.#loops.set(key, loop);
  }

  async #check(
    region: Region,
    target: TargetToProbe,
    node: number,
    loop: Loop,
    next: () => Promise<void>,
  ): Promise<void> {
    const { clock } = this.#world;
    const { healthCheck, targetGroupArn, address, port } = target;
    const startMs = clock.monotonicMs();
    const endpoint = this.#resolve(address, healthCheck.port);
    const result = await probe(clock, endpoint, target);
    if (this.#isClosed) return;
    // From start to start, so that slow answers do not stretch the interval.
    const delayMs = Math.max(0, healthCheck.intervalMs - (clock.monotonicMs() - startMs));
    loop.cancel = clock.after(delayMs, () => void next());
    reportProbe(this.#world, region, targetGroupArn, { address, port }, node, result);
  }
}

/** The target with its present settings; undefined when it need not be checked any more. */
function findTarget(
  world: World,
  region: Region,
  target: TargetToProbe,
): TargetToProbe | undefined {
  for (const candidate of targetsToProbe(world, region)) {
    if (keyOf(candidate) === keyOf(target)) return candidate;
  }
  return undefined;
}

function keyOf({ targetGroupArn, address, port }: TargetToProbe): string {
  return `${targetGroupArn} ${address}:${port}`;
}

/** One check; never rejects. */
async function probe(
  clock: Clock,
  endpoint: Endpoint | undefined,
  target: TargetToProbe,
): Promise<ProbeResult> {
  if (!endpoint) return { failure: 'refused' };
  try {
    return await ask(clock, endpoint, target);
  } catch {
    return { failure: 'refused' };
  }
}

/** @throws {Error} when there is no HTTP answer, for any reason but the timeout. */
function ask(
  clock: Clock,
  endpoint: Endpoint,
  { address, healthCheck }: TargetToProbe,
): Promise<ProbeResult> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({
      ...endpoint,
      path: healthCheck.path,
      agent: false,
      headers: { Host: `${address}:${healthCheck.port}`, 'User-Agent': USER_AGENT },
    });
    const cancelTimer = clock.after(healthCheck.timeoutMs, () => {
      resolve({ failure: 'timeout' });
      request.destroy();
    });
    request.on('response', ({ statusCode = 0 }) => {
      resolve({ statusCode });
      request.destroy(); // The body is of no interest.
    });
    request.on('error', reject);
    request.on('close', () => {
      cancelTimer();
      reject(new Error('The target closed the connection.'));
    });
    request.end();
  });
}
