import { randomInt } from 'node:crypto';
import { type Clock, systemClock } from '../src/clock.ts';
import { type AccessLogEntry, type NodeAddress, startBalancers } from './balancer/index.ts';
import { startProcessRuntime } from './runtime/index.ts';
import type { CallLog } from './wire/call-log.ts';
import { checkedFaultRules, type FaultRule } from './wire/fault-rules.ts';
import { Faults } from './wire/faults.ts';
import { Front } from './wire/front.ts';
import { startHttpServer } from './wire/http-server.ts';
import { definedOnly } from './wire/settings-schema.ts';
import { StoppableClock } from './wire/stoppable-clock.ts';
import { DEFAULT_REGION, furnish } from './world-file/furnish.ts';
import { readWorldFile } from './world-file/read.ts';
import type { WorldFile } from './world-file/world-file.ts';
import type { Settings } from './world/settings.ts';
import { World } from './world/world.ts';

export interface SandboxOptions {
  /** What the world holds at the start: a path, or what would stand in the file. Nothing unless given. */
  readonly worldFile?: WorldFile | string;
  /** Stronger than the world file's. */
  readonly settings?: Partial<Settings>;
  readonly faults?: readonly FaultRule[];
  /** Of the API; any that is free unless given. */
  readonly port?: number;
  readonly clock?: Clock;
  /** Numbers in [0, 1). */
  readonly random?: () => number;
  /** Hears each line that a task's container prints. */
  readonly onOutput?: (taskArn: string, containerName: string, line: string) => void;
  /** Hears of what the sandbox itself did wrong; unless given, the process prints it as a warning. */
  readonly onBug?: (error: Error) => void;
}

/** A running sandbox: the API, the tasks and the load balancers. */
export interface Sandbox {
  /** Of the API: `http://127.0.0.1:<port>`. */
  readonly url: string;
  /** The variables that send any AWS client here, as the world's default account. */
  readonly env: Readonly<Record<string, string>>;
  readonly world: World;
  readonly front: Front;
  readonly faults: Faults;
  readonly calls: CallLog;
  /** Where each node of each listener listens. */
  balancers(): readonly NodeAddress[];
  /** The latest requests to the load balancers, oldest first. */
  accessLog(): readonly AccessLogEntry[];
  /** Ends every task, connection and timer. Again is the same. */
  close(): Promise<void>;
}

/**
 * Starts a sandbox. When it returns, the API and the nodes of the world file's listeners accept
 * connections.
 * @throws {BadInputError} for a world file or fault rules that cannot be used; nothing runs then.
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const file = readWorldFile(options.worldFile ?? {});
  const faults = new Faults(checkedFaultRules(options.faults ?? [], 'faults'));
  const parts = assemble(options, file, faults);
  const { world, front, balancers, closers } = parts;
  let closing: Promise<void> | undefined;
  const close = () => (closing ??= closeAll(closers));
  try {
    await furnish(front, file);
    for (const { elb } of world.regions()) {
      for (const arn of elb.listeners.keys()) await balancers.whenListening(arn);
    }
    const server = await startHttpServer(front, options.port ?? 0);
    closers.unshift(() => server.close());
    const region = file.region ?? DEFAULT_REGION;
    return {
      url: server.url,
      env: environmentOf(server.url, region),
      world,
      front,
      faults,
      calls: front.calls,
      balancers: () => balancers.nodes(),
      accessLog: () => balancers.accessLog.entries(),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Everything but the API's server, and how to close it, in order. */
function assemble(options: SandboxOptions, file: WorldFile, faults: Faults) {
  const { onOutput, onBug } = options;
  const clock = new StoppableClock(options.clock ?? systemClock);
  const runtime = startProcessRuntime(onOutput ? { onOutput } : {});
  const world = new World({
    clock,
    random: options.random ?? Math.random,
    runtime,
    settings: {
      firstTaskAddress: someTaskAddress(),
      ...definedOnly<Settings>(file.settings ?? {}),
      ...options.settings,
    },
  });
  const balancers = startBalancers({
    world,
    resolve: (address, port) => runtime.resolve(address, port),
  });
  const front = new Front({
    world,
    faults,
    views: {
      balancers: () => balancers.nodes(),
      'access-log': () => balancers.accessLog.entries(),
    },
    ...(onBug ? { onBug } : {}),
  });
  const closers: (() => Promise<void> | void)[] = [
    () => front.close(),
    () => balancers.close(),
    () => runtime.close(),
    () => clock.stop(),
  ];
  return { world, front, balancers, closers };
}

/**
 * Where the addresses of this sandbox's tasks begin: by chance, for several sandboxes may run on one
 * machine and know nothing of each other. Above 127.16, to leave the usual loopback addresses alone.
 */
function someTaskAddress(): string {
  return `127.${randomInt(16, 255)}.${randomInt(0, 256)}.1`;
}

function environmentOf(url: string, region: string): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: url,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region, // The AWS CLI 1 and boto3 know no other.
    AWS_ACCESS_KEY_ID: 'AKIASANDBOX',
    AWS_SECRET_ACCESS_KEY: 'sandbox',
  };
}

/** Closes everything in order, and everything even if something fails. */
async function closeAll(closers: readonly (() => Promise<void> | void)[]): Promise<void> {
  const failures: unknown[] = [];
  for (const close of closers) {
    try {
      await close();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, 'The sandbox did not close well.');
}
