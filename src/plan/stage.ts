import type { ListenerRule, Service, Target, Task, TaskSet } from '../deploy/model.ts';
import type { AwsPorts, TargetsPort, TaskDefinitionsPort } from '../deploy/ports.ts';
import { expectedCount } from '../deploy/readiness.ts';

/** What AWS shows of an environment at one moment. */
export interface Snapshot {
  readonly rules: readonly ListenerRule[];
  readonly service: Service;
}

/** What is not part of the copy, and is looked at in AWS. */
export interface StageReads {
  readonly targets: TargetsPort;
  readonly findTagged: TaskDefinitionsPort['findTagged'];
}

/** What would be changed in AWS. */
export type Change =
  | { readonly kind: 'set-priorities'; readonly priorities: ReadonlyMap<string, number> }
  | { readonly kind: 'make-primary'; readonly taskSetId: string }
  | { readonly kind: 'remove'; readonly taskSet: TaskSet }
  | { readonly kind: 'register' }
  | { readonly kind: 'create'; readonly targetGroupArn: string };

/** Stands for the id that ECS will give, and for the revision. */
export const NEW_TASK_SET = '(the new task set)';
const NEW_REVISION = '<new>';

/**
 * A copy of what AWS shows, in memory, on which a deploy can be acted out. Every change takes effect
 * on the copy at once, is remembered, and reaches nothing else.
 */
export class Stage {
  readonly changes: Change[] = [];
  readonly ports: AwsPorts;
  #rules: readonly ListenerRule[];
  #service: Service;
  /** Where they are not as AWS shows them. */
  readonly #targets = new Map<string, readonly Target[]>();
  readonly #tasks = new Map<string, readonly Task[]>();

  constructor(snapshot: Snapshot, { findTagged, targets }: StageReads) {
    this.#rules = snapshot.rules;
    this.#service = snapshot.service;
    this.ports = {
      rules: {
        describe: async () => [...this.#rules].sort((a, b) => a.priority - b.priority),
        setPriorities: async (priorities) => this.#setPriorities(priorities),
      },
      targets: {
        describe: async (arn) => [...(this.#targets.get(arn) ?? (await targets.describe(arn)))],
      },
      service: this.#servicePort(),
      taskDefinitions: { findTagged, register: async ({ family }) => this.#register(family) },
      tasks: {
        running: async (id) => [...(this.#tasks.get(id) ?? [])],
        unstopped: async () => [],
        stopped: async () => [],
      },
    };
  }

  /** Time goes by: what is draining is gone. */
  passTime(): void {
    this.#setTaskSets(this.#taskSets.filter(({ status }) => status !== 'DRAINING'));
  }

  /** The task set gets steady and healthy, alone behind its target groups. */
  becomeReady(taskSetId: string): void {
    const taskSet = this.#find(taskSetId);
    if (!taskSet) return;
    const count = expectedCount(this.#service.desiredCount, taskSet.scalePercent);
    const addresses = Array.from({ length: count }, (_, nth) => `task ${nth + 1}`);
    this.#tasks.set(
      taskSetId,
      addresses.map((address) => ({ arn: address, address, lastStatus: 'RUNNING' })),
    );
    for (const arn of taskSet.targetGroupArns) {
      this.#targets.set(
        arn,
        addresses.map((address) => ({ address, port: 0, state: 'healthy' })),
      );
    }
    const counts = { computedDesiredCount: count, runningCount: count, pendingCount: 0 };
    this.#replace({ ...taskSet, ...counts, isSteady: true });
  }

  get #taskSets(): readonly TaskSet[] {
    return this.#service.taskSets;
  }

  #servicePort(): AwsPorts['service'] {
    return {
      describe: async () => this.#service,
      taskSet: async (id) => this.#find(id),
      createTaskSet: async ({ externalId, targetGroupArn, taskDefinitionArn, tags }) => {
        this.changes.push({ kind: 'create', targetGroupArn });
        const created: TaskSet = {
          id: NEW_TASK_SET,
          arn: NEW_TASK_SET,
          status: 'ACTIVE',
          taskDefinitionArn,
          targetGroupArns: [targetGroupArn],
          scalePercent: 100,
          computedDesiredCount: 0,
          runningCount: 0,
          pendingCount: 0,
          isSteady: false,
          externalId,
          tags,
        };
        this.#setTaskSets([...this.#taskSets, created]);
        return created;
      },
      scaleTaskSet: async (id, scalePercent) => {
        const taskSet = this.#find(id);
        if (taskSet) this.#replace({ ...taskSet, scalePercent });
      },
      deleteTaskSet: async (id) => {
        const taskSet = this.#find(id);
        if (taskSet) this.changes.push({ kind: 'remove', taskSet });
        this.#setTaskSets(this.#taskSets.filter((set) => set.id !== id));
      },
      makePrimary: async (taskSetId) => {
        this.changes.push({ kind: 'make-primary', taskSetId });
        this.#setTaskSets(this.#taskSets.map((set) => relabelled(set, taskSetId)));
      },
    };
  }

  #setPriorities(priorities: ReadonlyMap<string, number>): void {
    this.changes.push({ kind: 'set-priorities', priorities });
    this.#rules = this.#rules.map((rule) => ({
      ...rule,
      priority: priorities.get(rule.ruleArn) ?? rule.priority,
    }));
  }

  #register(family: string): string {
    this.changes.push({ kind: 'register' });
    return `${family}:${NEW_REVISION}`;
  }

  #find(id: string): TaskSet | undefined {
    return this.#taskSets.find((set) => set.id === id);
  }

  #replace(taskSet: TaskSet): void {
    this.#setTaskSets(this.#taskSets.map((set) => (set.id === taskSet.id ? taskSet : set)));
  }

  #setTaskSets(taskSets: readonly TaskSet[]): void {
    this.#service = { ...this.#service, taskSets };
  }
}

/** There is one PRIMARY; the one before is ACTIVE again. */
function relabelled(set: TaskSet, primaryId: string): TaskSet {
  if (set.id === primaryId) return { ...set, status: 'PRIMARY' };
  return set.status === 'PRIMARY' ? { ...set, status: 'ACTIVE' } : set;
}
