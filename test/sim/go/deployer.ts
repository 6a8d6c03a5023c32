import type {
  CreateTaskSetCommandOutput,
  DescribeServicesCommandOutput,
  DescribeTaskSetsCommandOutput,
  RegisterTaskDefinitionCommandOutput,
} from '@aws-sdk/client-ecs';
import type { DescribeRulesCommandOutput } from '@aws-sdk/client-elastic-load-balancing-v2';
import { sleep } from '../../../src/clock.ts';
import { otherColor } from '../../../src/deploy/model.ts';
import { CONFIG_SHA, HELLO, LOCK_KEY, shaOf } from '../engine/hello.ts';
import type { DeployerProcess } from '../engine/process.ts';
import type { RunSpec } from '../engine/scenario.ts';
import type { Surroundings } from '../engine/tools.ts';
import { type DynamolockLock, LockNotGrantedError } from '../lock/dynamolock-v1.ts';
import { OldToolCalls } from './calls.ts';
import { activeColorOf, type Rules, rulesOf, taskDefinitionOf, taskSetOf } from './shapes.ts';
import { encodeStatus, newStatus, parseStatus } from './status.ts';

/*
 * How the old deploy tool behaves, the one written in Go, on the same world as ours. What ours has to
 * live with is kept:
 * - The lock is asked only when the next step's number is written. Nothing stops a call that was sent
 *   on a lease that has run out meanwhile, nor one that its SDK sends again.
 * - CreateTaskSet carries no token, so that a lost answer makes a second task set; and no name, so
 *   that only the answer tells which one it is.
 * - Step 4 does not wait for scaled-down tasks to stop, leaves PRIMARY alone wherever it is, and
 *   gives up when anything is still draining.
 * - The swap exchanges the numbers that step 3 has read, however long ago that was.
 * - A resume before the swap begins again from step 2 and throws the new task set away.
 * - Whatever goes wrong after step 1 leaves the lock held.
 */

/** Why the old tool has ended without success. */
export type OldToolReason =
  | 'no such artifact'
  | 'locked'
  | 'live owner'
  | 'no checkpoint'
  | 'succeeded before'
  | 'other artifact'
  | 'still draining'
  | 'lost the lock'
  | 'waited too long'
  | 'a call failed';

/** The one line that it prints before it exits with 1. */
export class OldToolError extends Error {
  override readonly name = 'OldToolError';
  readonly reason: OldToolReason;

  constructor(reason: OldToolReason, cause?: unknown) {
    super(`${reason}${cause instanceof Error ? `: ${cause.message}` : ''}`, { cause });
    this.reason = reason;
  }
}

const LEASE_MS = 10_000;
const POLL_MS = 1_000;
const WAIT_MS = 300_000;

/**
 * Runs the old tool.
 * @throws {OldToolError} and a GoPanic, where it would exit with 1 or crash.
 */
export function deployWithTheOldTool(
  process: DeployerProcess,
  around: Surroundings,
): Promise<void> {
  return new OldTool(process.spec, new OldToolCalls(process, around)).deploy();
}

class OldTool {
  readonly #spec: RunSpec;
  readonly #calls: OldToolCalls;
  #lock: DynamolockLock | undefined;
  #status = newStatus();

  constructor(spec: RunSpec, calls: OldToolCalls) {
    this.#spec = spec;
    this.#calls = calls;
  }

  async deploy(): Promise<void> {
    await this.#findArtifact();
    const lock = await this.#acquire(); // Step 1. Nothing is written into it yet.
    if (this.#spec.mode === 'resume') await this.#load(lock);
    if (!(await this.#mayGoOn())) {
      await this.#runCommands(2, ['migrate', 'warm-up']);
      const rules = await this.#readRules(); // Step 3.
      await this.#removeOthers(rules); // Step 4.
      const taskDefinition = await this.#registerTaskDefinition();
      await this.#createTaskSet(taskDefinition);
      await this.#awaitRollout();
      await this.#begin(8); // Not implemented.
      await this.#swap(rules);
    }
    await this.#makePrimary();
    await this.#begin(11); // Not implemented.
    await this.#runCommands(12, ['schedule', 'announce']);
    await this.#recordSuccess();
    await this.#calls.lockClient.releaseLock(LOCK_KEY, lock);
  }

  /** By the tag, each time, also for a resume. */
  async #findArtifact(): Promise<void> {
    const found = await this.#calls.latest(shaOf(this.#spec.version ?? ''));
    if (!found) throw new OldToolError('no such artifact');
    const { buildNumber, tags, value } = found;
    this.#status.Artifact = { BuildNumber: buildNumber, Value: value, Tags: { ...tags } };
  }

  async #acquire(): Promise<DynamolockLock> {
    const isFresh = this.#spec.mode === 'deploy';
    try {
      this.#lock = await this.#calls.lockClient.acquireLock(LOCK_KEY, {
        additionalTimeToWaitMs: LEASE_MS,
        failIfLocked: isFresh,
      });
      return this.#lock;
    } catch (error) {
      if (!(error instanceof LockNotGrantedError)) throw error;
      throw new OldToolError(isFresh ? 'locked' : 'live owner', error);
    }
  }

  /** Looks at what there is to resume only when it has the lock, and then keeps it, right or wrong. */
  async #load(lock: DynamolockLock): Promise<void> {
    const wanted = this.#status.Artifact;
    const recorded = parseStatus(lock.data);
    if (!recorded) throw new OldToolError('no checkpoint');
    if (recorded.Done) {
      await this.#calls.lockClient.releaseLock(LOCK_KEY, lock);
      throw new OldToolError('succeeded before');
    }
    const { BuildNumber, Value } = recorded.Artifact;
    const isSame = BuildNumber === wanted.BuildNumber && Value === wanted.Value;
    if (!isSame || recorded.ConfigSHA !== CONFIG_SHA) throw new OldToolError('other artifact');
    this.#status = recorded;
  }

  /** Whether traffic has moved, so that there is nothing to repeat. Nobody looks again after step 9. */
  async #mayGoOn(): Promise<boolean> {
    if (this.#spec.mode !== 'resume' || this.#status.Step < 9) return false;
    if (this.#status.Step > 9) return true;
    return activeColorOf(await this.#describeRules()) === this.#status.NewActiveColor;
  }

  /** Writes a step's number before its first effect: the only moments at which it minds the lock. */
  async #begin(step: number): Promise<void> {
    this.#status.Step = step;
    await this.#write();
  }

  async #write(): Promise<void> {
    if (!this.#lock) throw new Error('A step has begun without the lock.');
    const data = encodeStatus(this.#status);
    try {
      await this.#calls.lockClient.sendHeartbeat(LOCK_KEY, this.#lock, data);
    } catch (error) {
      throw new OldToolError('lost the lock', error);
    }
  }

  async #runCommands(step: number, programs: readonly string[]): Promise<void> {
    await this.#begin(step);
    for (const program of programs) await this.#calls.run(program);
  }

  async #readRules(): Promise<Rules> {
    await this.#begin(3);
    const rules = await this.#describeRules();
    this.#status.NewActiveColor = otherColor(activeColorOf(rules));
    return rules;
  }

  async #describeRules(): Promise<Rules> {
    const { listenerArn } = HELLO.environment;
    const answer = await this.#calls.aws<DescribeRulesCommandOutput>('DescribeRules', {
      ListenerArn: listenerArn,
    });
    const rules = rulesOf(answer.Rules ?? []);
    if (!rules) throw new OldToolError('a call failed');
    return rules;
  }

  async #removeOthers(rules: Rules): Promise<void> {
    await this.#begin(4);
    const serving = HELLO.environment.targetGroupArns[activeColorOf(rules)];
    const { service } = HELLO.environment;
    const answer = await this.#calls.aws<DescribeServicesCommandOutput>('DescribeServices', {
      services: [service],
    });
    const ids: string[] = [];
    for (const { id = '', loadBalancers, status } of answer.services?.[0]?.taskSets ?? []) {
      if (status === 'DRAINING') throw new OldToolError('still draining');
      const isServing = loadBalancers?.[0]?.targetGroupArn === serving;
      if (status === 'ACTIVE' && !isServing) ids.push(id);
    }
    if (ids.length === 0) return;
    const nothing = { value: 0, unit: 'PERCENT' };
    for (const id of ids) await this.#calls.aws('UpdateTaskSet', { taskSet: id, scale: nothing });
    await this.#describeTaskSets(ids); // Meant to be a wait, but any answer will do.
    for (const id of ids) await this.#calls.aws('DeleteTaskSet', { taskSet: id, force: true });
    await this.#waitUntil(async () => (await this.#describeTaskSets(ids)).length === 0);
  }

  async #registerTaskDefinition(): Promise<string> {
    await this.#begin(5);
    const answer = await this.#calls.aws<RegisterTaskDefinitionCommandOutput>(
      'RegisterTaskDefinition',
      taskDefinitionOf(this.#status.Artifact),
    );
    return `${answer.taskDefinition?.family}:${answer.taskDefinition?.revision}`;
  }

  async #createTaskSet(taskDefinition: string): Promise<void> {
    await this.#begin(6);
    const { Artifact, NewActiveColor } = this.#status;
    const answer = await this.#calls.aws<CreateTaskSetCommandOutput>(
      'CreateTaskSet',
      taskSetOf(taskDefinition, NewActiveColor || 'blue', Artifact),
    );
    this.#status.NewTaskSetID = answer.taskSet?.id ?? '';
  }

  async #awaitRollout(): Promise<void> {
    await this.#begin(7);
    await this.#waitUntil(async () => {
      const [set] = await this.#describeTaskSets([this.#status.NewTaskSetID]);
      if (!set) throw new OldToolError('a call failed');
      return set.stabilityStatus === 'STEADY_STATE';
    });
  }

  async #swap({ blue, green }: Rules): Promise<void> {
    await this.#begin(9);
    const RulePriorities = [
      { RuleArn: blue.arn, Priority: green.priority },
      { RuleArn: green.arn, Priority: blue.priority },
    ];
    await this.#calls.aws('SetRulePriorities', { RulePriorities });
  }

  async #makePrimary(): Promise<void> {
    await this.#begin(10);
    const { NewTaskSetID } = this.#status;
    await this.#calls.aws('UpdateServicePrimaryTaskSet', { primaryTaskSet: NewTaskSetID });
  }

  async #recordSuccess(): Promise<void> {
    await this.#begin(13);
    const { BuildNumber } = this.#status.Artifact;
    await this.#calls.tag(BuildNumber, `deploy-dev-${CONFIG_SHA}`, 'success');
    this.#status.Done = true;
    await this.#write();
  }

  async #describeTaskSets(ids: readonly string[]) {
    const input = { taskSets: ids };
    const answer = await this.#calls.aws<DescribeTaskSetsCommandOutput>('DescribeTaskSets', input);
    return answer.taskSets ?? [];
  }

  async #waitUntil(isDone: () => Promise<boolean>): Promise<void> {
    const { clock } = this.#calls;
    const startMs = clock.monotonicMs();
    while (!(await isDone())) {
      if (clock.monotonicMs() - startMs > WAIT_MS) throw new OldToolError('waited too long');
      await sleep(clock, POLL_MS);
    }
  }
}
