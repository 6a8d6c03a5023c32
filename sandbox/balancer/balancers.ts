import type { Endpoint } from '../runtime/addresses.ts';
import { type Listener, NODES } from '../world/elb/state.ts';
import type { WorldEvent } from '../world/events.ts';
import type { Region } from '../world/region.ts';
import type { World } from '../world/world.ts';
import { AccessLog } from './access-log.ts';
import { BalancerNode } from './node.ts';
import { Prober } from './prober.ts';
import { DEFAULT_TIMEOUTS, type Timeouts } from './timeouts.ts';

/** After these there may be other listeners, or other targets to check. */
const CHANGES: ReadonlySet<WorldEvent['type']> = new Set([
  'listener.created',
  'listener.deleted',
  'rules.changed',
  'target.registered',
]);

/** Where a node of a load balancer listens. A client of the real one learns it by DNS. */
export interface NodeAddress {
  readonly loadBalancerArn: string;
  readonly listenerArn: string;
  /** The port as the API shows it, which is not the one that is open here. */
  readonly listenerPort: number;
  /** 0 or 1. */
  readonly node: number;
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
}

/** The load balancers of a world. */
export interface Balancers {
  readonly accessLog: AccessLog;
  /** The nodes that listen by now. */
  nodes(): readonly NodeAddress[];
  /**
   * Waits until every node of a listener listens.
   * @throws {Error} when there is no such listener, or the system has no port left.
   */
  whenListening(listenerArn: string): Promise<readonly NodeAddress[]>;
  /** Drops every connection and ends all health checks. */
  close(): Promise<void>;
}

export interface BalancersOptions {
  readonly world: World;
  /** Where a task's port really is; undefined when nothing can be listening there. */
  readonly resolve: (address: string, port: number) => Endpoint | undefined;
  readonly timeouts?: Partial<Timeouts>;
}

/**
 * Gives every listener of the world, present and future, two real nodes on loopback, and checks the
 * health of the targets. Time is the world's clock; bytes are real.
 */
export function startBalancers(options: BalancersOptions): Balancers {
  return new RealBalancers(options);
}

/** A listener's nodes, and their addresses as soon as they listen. */
interface Nodes {
  readonly listener: Listener;
  readonly nodes: readonly BalancerNode[];
  readonly listening: Promise<readonly NodeAddress[]>;
  addresses: readonly NodeAddress[];
}

class RealBalancers implements Balancers {
  readonly accessLog = new AccessLog();
  readonly #options: BalancersOptions;
  readonly #prober: Prober;
  readonly #nodes = new Map<string, Nodes>();
  readonly #unsubscribe: () => void;

  constructor(options: BalancersOptions) {
    this.#options = options;
    this.#prober = new Prober(options.world, options.resolve);
    this.#unsubscribe = options.world.subscribe((event) => this.#onEvent(event));
    this.#sync();
  }

  nodes(): readonly NodeAddress[] {
    return [...this.#nodes.values()].flatMap(({ addresses }) => addresses);
  }

  async whenListening(listenerArn: string): Promise<readonly NodeAddress[]> {
    const nodes = this.#nodes.get(listenerArn);
    if (!nodes) throw new Error(`There is no listener ${listenerArn}.`);
    return nodes.listening;
  }

  async close(): Promise<void> {
    this.#unsubscribe();
    this.#prober.close();
    await Promise.all([...this.#nodes.values()].map(closeNodes));
    this.#nodes.clear();
  }

  #onEvent(event: WorldEvent): void {
    if (event.type === 'target.removed') {
      for (const { nodes } of this.#nodes.values()) {
        for (const node of nodes) node.targetRemoved(event);
      }
    } else if (CHANGES.has(event.type)) this.#sync();
  }

  /** Makes what runs match what the world has. */
  #sync(): void {
    this.#prober.sync();
    const present = new Set<string>();
    for (const region of this.#options.world.regions()) {
      for (const listener of region.elb.listeners.values()) {
        present.add(listener.listenerArn);
        if (!this.#nodes.has(listener.listenerArn)) this.#open(region, listener);
      }
    }
    for (const [listenerArn, nodes] of this.#nodes) {
      if (present.has(listenerArn)) continue;
      this.#nodes.delete(listenerArn);
      void closeNodes(nodes);
    }
  }

  #open(region: Region, listener: Listener): void {
    const { world, resolve } = this.#options;
    const timeouts = { ...DEFAULT_TIMEOUTS, ...this.#options.timeouts };
    const { accessLog } = this;
    const common = { world, region, listener, resolve, timeouts, accessLog };
    const nodes = NODES.map((node) => new BalancerNode({ ...common, node }));
    const listening = listen(listener, nodes);
    const entry: Nodes = { listener, nodes, listening, addresses: [] };
    this.#nodes.set(listener.listenerArn, entry);
    listening.then(
      (addresses) => {
        entry.addresses = addresses;
      },
      () => {}, // `whenListening` tells.
    );
  }
}

function listen(
  { loadBalancerArn, listenerArn, port }: Listener,
  nodes: readonly BalancerNode[],
): Promise<NodeAddress[]> {
  return Promise.all(
    nodes.map(async (balancerNode, node) => {
      const url = await balancerNode.listen();
      return { loadBalancerArn, listenerArn, listenerPort: port, node, url };
    }),
  );
}

async function closeNodes({ nodes, listening }: Nodes): Promise<void> {
  await listening.catch(() => {}); // What has not opened yet cannot be closed.
  await Promise.all(nodes.map((node) => node.close()));
}
