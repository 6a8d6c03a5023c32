import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { FaultRule } from '../../sandbox/wire/fault-rules.ts';
import { textOf, type WireRequest } from '../../sandbox/wire/message.ts';
import type { Executable } from '../support/executable.ts';
import { sdkClients } from '../support/sdk.ts';
import { type Hello, until } from './hello.ts';

/** While this file is there, the command waits; but nobody has to wait for ever. */
const BARRIER = 'barrier';
const BARRIER_SCRIPT = `i=0; while [ -e ${BARRIER} ] && [ $i -lt 100 ]; do [ $i = 0 ] && echo waits; i=$((i+1)); sleep 0.1; done`;

/**
 * A deployer looks every two seconds. When the answer to a change comes late, the first look shows
 * that the change is complete; otherwise most of the time would go by in waiting for the second.
 */
const LATE_ANSWERS: FaultRule[] = [
  { operation: 'ecs.UpdateTaskSet', do: { kind: 'delay', when: 'after', ms: 450 } },
  { operation: 'ecs.DeleteTaskSet', do: { kind: 'delay', when: 'after', ms: 150 } },
  { operation: 'ecs.CreateTaskSet', do: { kind: 'delay', when: 'after', ms: 900 } },
];

/** DynamoDB has one name for the calls of both tables. */
const TABLES: Readonly<Record<string, string>> = { lock: 'DeployLock', artifactdb: 'ArtifactDB' };

/**
 * Kills deploys at points with names: `ecs.CreateTaskSet:before` never takes effect, of
 * `ecs.CreateTaskSet:after` only the answer never comes. `lock` and `artifactdb` are services, too;
 * `command:during` is while a command runs, `rollout:during` while tasks start.
 */
export class CrashPoints {
  /** The command that `command:during` is about. */
  static readonly command = { Program: 'sh', Arguments: ['-c', BARRIER_SCRIPT] };

  readonly #hello: Hello;
  #onRequest: (request: WireRequest) => void = () => {};

  constructor(hello: Hello) {
    this.#hello = hello;
    const { faults, front } = hello.sandbox;
    faults.add(LATE_ANSWERS);
    const handle = front.handle.bind(front);
    front.handle = (request) => {
      this.#onRequest(request);
      return handle(request);
    };
  }

  /**
   * Starts a deploy and kills it at the point.
   * @throws {Error} when it ends without coming there.
   */
  async killAt(point: string, start: () => Executable): Promise<void> {
    if (point === 'command:during') await this.#killInCommand(start);
    else if (point === 'rollout:during') await this.#killInRollout(start);
    else await this.#killAtCall(point, start);
    await this.#shortenLease();
  }

  async #killInCommand(start: () => Executable): Promise<void> {
    await this.#hello.writeFile(BARRIER, '');
    const deploy = start();
    await killOnce(deploy, /^\[.*sh\] waits/m);
    await rm(join(this.#hello.folder, BARRIER));
  }

  async #killInRollout(start: () => Executable): Promise<void> {
    const { faults } = this.#hello.sandbox;
    faults.remove();
    await killOnce(start(), /^\[7\] Waiting: 0 of 1 tasks running/m);
    faults.add(LATE_ANSWERS);
  }

  /** At the first call of its kind, which hangs. */
  async #killAtCall(point: string, start: () => Executable): Promise<void> {
    const { calls, faults } = this.#hello.sandbox;
    const callsBefore = calls.count;
    const isReached = () =>
      calls.entries().some(({ answer, number }) => number > callsBefore && answer === 'hung');
    this.#arm(point);

    const deploy = start();
    let hasEnded = false;
    void deploy.finished.finally(() => (hasEnded = true));
    await until(() => hasEnded || isReached());
    deploy.child.kill('SIGKILL');
    const { stderr, stdout } = await deploy.finished;
    faults.remove();
    faults.add(LATE_ANSWERS);
    if (!isReached()) throw new Error(`It ended before ${point}:\n${stdout}${stderr}`);
  }

  /**
   * The next deploy waits for as long as the dead one has written. A lease that was short from the
   * start would be lost now and then on a busy machine.
   */
  async #shortenLease(): Promise<void> {
    const { destroy, dynamoDb } = sdkClients(this.#hello.sandbox.url);
    await dynamoDb.send(
      new UpdateItemCommand({
        TableName: 'DeployLock',
        Key: { key: { S: 'hello-dev' } },
        UpdateExpression: 'SET leaseDuration = :short',
        ConditionExpression: 'attribute_not_exists(isReleased)',
        ExpressionAttributeValues: { ':short': { S: '1s' } },
      }),
    );
    destroy();
  }

  #arm(point: string): void {
    const [, service = '', operation = '', when] = /^(\w+)\.(\w+):(\w+)$/.exec(point) ?? [];
    if (when !== 'before' && when !== 'after') throw new Error(`No such point: ${point}`);
    const { faults } = this.#hello.sandbox;
    const table = TABLES[service];
    const rule = (name: string): FaultRule => ({
      operation: `${name}.${operation}`,
      nth: 1,
      do: { kind: 'hang', when },
    });
    if (table === undefined) {
      faults.add([rule(service)]);
      return;
    }
    // A rule knows no tables, and heartbeats come in between: it is made for the very call.
    this.#onRequest = (request) => {
      if (!isCallOf(request, operation, table)) return;
      this.#onRequest = () => {};
      faults.add([rule('dynamodb')]);
    };
  }
}

async function killOnce(deploy: Executable, pattern: RegExp): Promise<void> {
  await deploy.sees(pattern);
  deploy.child.kill('SIGKILL');
  await deploy.finished;
}

function isCallOf(request: WireRequest, operation: string, table: string): boolean {
  if (!request.headers['x-amz-target']?.endsWith(`.${operation}`)) return false;
  const { TableName } = JSON.parse(textOf(request)) as { TableName?: string };
  return TableName === table;
}
