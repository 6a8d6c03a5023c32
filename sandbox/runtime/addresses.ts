import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';

/** Where a socket really listens on this machine. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/**
 * How a task's address exists on this machine.
 * - `own`: as it is. Linux accepts every address in 127.0.0.0/8.
 * - `mapped`: each port of each task is a free port of 127.0.0.1. macOS has no other loopback
 *   address unless an administrator adds it.
 */
export type AddressMode = 'own' | 'mapped';

/** The mode that works here without an administrator. */
export function addressModeOf(platform: NodeJS.Platform): AddressMode {
  return platform === 'linux' ? 'own' : 'mapped';
}

/** Translates the world's addresses into this machine's. */
export class Addresses {
  readonly #mode: AddressMode;
  readonly #endpoints = new Map<string, Endpoint>();

  constructor(mode: AddressMode) {
    this.#mode = mode;
  }

  /** Gives a task's ports a place on this machine. Only `mapped` has to ask the system, and waits. */
  async assign(address: string, ports: readonly number[]): Promise<void> {
    if (this.#mode === 'own') return;
    for (const port of ports) {
      const free = await freePort();
      this.#endpoints.set(keyOf(address, port), { host: '127.0.0.1', port: free });
    }
  }

  /** Forgets a task that has stopped. */
  release(address: string): void {
    for (const key of this.#endpoints.keys()) {
      if (key.startsWith(`${address}:`)) this.#endpoints.delete(key);
    }
  }

  /** Where to connect to; undefined when nothing can be listening there. */
  resolve(address: string, port: number): Endpoint | undefined {
    if (this.#mode === 'own') return { host: address, port };
    return this.#endpoints.get(keyOf(address, port));
  }

  /**
   * What tells a container where to listen: `HOST`, `PORT`, and `PORT_<n>` for each further port n.
   *
   * A `PORT` of the task's own is kept, so that a task that listens on a port it does not declare
   * is unreachable here as it is on AWS. A `HOST` of its own is not: 0.0.0.0 is right in a
   * container, but here it would take the port from every other task.
   */
  variables(
    address: string,
    ports: readonly number[],
    own: Readonly<Record<string, string>>,
  ): Record<string, string> {
    const host = this.#mode === 'own' ? address : '127.0.0.1';
    const real = (port: number) => String(this.resolve(address, port)?.port ?? port);
    const port = own['PORT'] === undefined ? ports[0] : Number(own['PORT']);
    return {
      HOST: host,
      ...(port !== undefined && ports.includes(port) ? { PORT: real(port) } : {}),
      ...Object.fromEntries(ports.slice(1).map((further) => [`PORT_${further}`, real(further)])),
    };
  }
}

function keyOf(address: string, port: number): string {
  return `${address}:${port}`;
}

/** A port that was free a moment ago. The system hands out others first, so it stays so for long. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
