import { type Clock, sleep } from '../../../src/clock.ts';
import type { RawItem } from '../../../src/lock/item.ts';
import { LockStoreError, type LockUpdateResult } from '../../../src/lock/store.ts';
import { connectionBroke, isReadOf, sdkError, serviceOf } from '../../support/direct-client.ts';
import type { RawWrite } from '../../support/memory-lock-store.ts';
import { HELLO, LOCK_KEY } from '../engine/hello.ts';
import type { DeployerProcess, OutgoingCall } from '../engine/process.ts';
import type { LockItem } from '../engine/stores.ts';
import type { Surroundings } from '../engine/tools.ts';
import { Dynamolock } from '../lock/dynamolock-v1.ts';
import type { Dice } from '../lock/go.ts';

/** When the network tells that a connection is broken; the tool itself sets no limit. */
const BROKEN_MS = 4_000;

/** What the SDK for Go does by itself, with the same request, for everything but DynamoDB. */
const MAX_RETRIES = 3;
const MIN_DELAY_MS = 30;

/** How the old tool reaches the simulated world: every call may meet a fault, and none is guarded. */
export class OldToolCalls {
  readonly clock: Clock;
  readonly lockClient: Dynamolock;
  readonly #process: DeployerProcess;
  readonly #around: Surroundings;
  readonly #dice: Dice;

  constructor(process: DeployerProcess, around: Surroundings) {
    this.#process = process;
    this.#around = around;
    this.clock = process.machine.clock(around.clock);
    this.#dice = () => (around.randomBytes(1)[0] ?? 0) / 256;
    this.lockClient = new Dynamolock({
      clock: this.clock,
      dice: this.#dice,
      connection: {
        read: () => this.#lock('lock.read', {}, (lock) => lock.current),
        write: (_, write) => this.#lock('lock.write', write, (lock) => written(lock, write)),
      },
    });
  }

  /** A call of ECS or ELB about the service, repeated when it fails as if it might succeed later. */
  async aws<T>(operation: string, input: object): Promise<T> {
    const isEcs = serviceOf(operation) === 'ecs';
    const { cluster, service } = HELLO.environment;
    const isOfService = isEcs && operation !== 'RegisterTaskDefinition';
    const whole = isOfService ? { cluster, service, ...input } : input;
    for (let retries = 0; ; retries++) {
      try {
        return (await this.#call({
          site: `${isEcs ? 'ecs' : 'elb'}.${operation}`,
          input: whole,
          isChange: !isReadOf(operation),
          effect: () => this.#around.world.perform(operation, whole),
          failure: awsFailure,
        })) as T;
      } catch (error) {
        if (retries === MAX_RETRIES || !isWorthRetrying(error)) throw error;
        await sleep(this.clock, (1 + this.#dice()) * MIN_DELAY_MS * 2 ** retries);
      }
    }
  }

  /** The newest build that is tagged so. */
  latest(sha: string) {
    const { artifacts } = this.#around;
    return this.#call({
      site: 'db.readPage',
      input: { sha },
      isChange: false,
      effect: () => artifacts.newestFirst().find(({ tags }) => tags?.['SHA'] === sha),
      failure: awsFailure,
    });
  }

  async tag(buildNumber: number, key: string, value: string): Promise<void> {
    await this.#call({
      site: 'db.setTag',
      input: { buildNumber, key, value },
      isChange: true,
      effect: () =>
        this.#around.artifacts.setTags({ projectName: '', buildNumber }, { [key]: value }),
      failure: awsFailure,
    });
  }

  run(program: string): Promise<void> {
    const { onCommand } = this.#around;
    return this.#call({
      site: `cmd.${program.replace(/\W/g, '_')}`,
      input: { program },
      isChange: true,
      effect: () => onCommand(this.#process, program, 'the old tool'),
      failure: (how) => new Error(`${program}: ${how}`),
    });
  }

  #lock<T>(site: string, input: object, effect: (lock: LockItem) => T): Promise<T> {
    const isChange = site === 'lock.write';
    const { lock } = this.#around;
    return this.#call({ site, input, isChange, effect: () => effect(lock), failure: lockFailure });
  }

  #call<T>(call: Omit<OutgoingCall<T>, 'isGuarded' | 'patienceMs'>): Promise<T> {
    return this.#process.call({ ...call, isGuarded: false, patienceMs: () => BROKEN_MS });
  }
}

function written(lock: LockItem, write: RawWrite): LockUpdateResult {
  const previous = lock.current;
  if (!write.condition(previous)) return { written: false, current: previous };
  lock.current = write.name === 'PutItem' ? write.item : updated(previous, write.set);
  return { written: true, previous };
}

function updated(previous: RawItem | undefined, set: RawItem): RawItem {
  return { key: { S: LOCK_KEY }, ...previous, ...set };
}

type How = Parameters<OutgoingCall['failure']>[0];

function lockFailure(how: How): Error {
  return new LockStoreError(how === 'throttled' ? 'throttled' : 'unknown', how);
}

function awsFailure(how: How): Error {
  if (how === 'timeout') return connectionBroke();
  return how === 'throttled'
    ? sdkError('ThrottlingException', 'Rate exceeded', 400)
    : sdkError('InternalServerError', 'We encountered an internal error.', 500);
}

function isWorthRetrying(error: unknown): boolean {
  const { name } = error as Error;
  return ['TimeoutError', 'ThrottlingException', 'InternalServerError'].includes(name);
}
