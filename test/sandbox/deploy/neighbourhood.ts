import { expect } from '@jest/globals';
import { breakLock as breakLockByHand } from '../../../src/deploy/lock-by-hand.ts';
import type { Color } from '../../../src/deploy/model.ts';
import { DeployScene, type Run } from '../../support/deploy-scene.ts';

const LOCK_KEY = 'hello-dev';
/** The service of these tests, as ECS's operations name it. */
export const SERVICE = { cluster: 'hello-dev', service: 'hello-dev' };

/** The world of these tests, and what other people can do in it. */
export class Neighbourhood {
  readonly scene: DeployScene;
  readonly original: string;
  readonly #rules: Record<Color, { ruleArn: string; priority: number }>;

  private constructor(scene: DeployScene, original: string, rules: Neighbourhood['rules']) {
    this.scene = scene;
    this.original = original;
    this.#rules = rules;
  }

  static async create(options: { staleToo?: boolean } = {}): Promise<Neighbourhood> {
    const scene = await DeployScene.create();
    if (options.staleToo) await scene.deploy('aaaa1111');
    else await scene.swapByHand();
    const { serving } = await scene.deploy('bbbb2222');
    Object.assign(scene.environmentConfig(), {
      Timeouts: { RolloutSeconds: 120, RemovalSeconds: 120 },
      Monitor: { BakeSeconds: 60 },
    });
    const [blue, green] = await scene.rules();
    if (!blue || !green) throw new Error('There are two rules.');
    return new Neighbourhood(scene, serving?.taskSetId ?? '', { blue, green });
  }

  get rules(): Record<Color, { ruleArn: string; priority: number }> {
    return this.#rules;
  }

  targetGroup(color: Color): string {
    const { TargetGroupARNs } = this.scene.environmentConfig() as {
      TargetGroupARNs: Record<Color, string>;
    };
    return TargetGroupARNs[color];
  }

  /** Deploys v3; somebody acts as the step begins. */
  async deploy(step: number, act: Act): Promise<Run> {
    let hasActed = false;
    const run = await this.scene.deploy('cccc3333', {
      onEvent: (event) => {
        if (hasActed || event.type !== 'step.started' || event.number !== step) return;
        hasActed = true;
        void act(this);
      },
    });
    expect(hasActed).toBe(true);
    return run;
  }

  async recorded(): Promise<string | undefined> {
    const { tags } = await this.scene.artifacts.get({ projectName: 'hello', buildNumber: 3 });
    return tags?.['deploy-dev-cfg00001'];
  }

  /** Users get v3, from the PRIMARY task set, which is alone on its colour. */
  async expectDone(run: Run): Promise<void> {
    expect(run.error).toBeUndefined();
    expect(run.serving).toMatchObject({ artifact: 'hello:v3' });
    const onIt = await this.scene.taskSetsOn(run.serving?.color ?? 'blue');
    expect(onIt).toMatchObject([
      { id: run.serving?.taskSetId, status: 'PRIMARY', scalePercent: 100 },
    ]);
    expect(await this.recorded()).toBe('success');
    expect(this.scene.lockStore.item(LOCK_KEY)).toMatchObject({ isReleased: { S: '1' } });
  }

  async expectOriginalKept(): Promise<void> {
    expect((await this.scene.taskSets()).find(({ id }) => id === this.original)).toMatchObject({
      status: 'ACTIVE',
      scalePercent: 100,
      runningCount: 2,
    });
  }
}

/** What somebody does. */
export type Act = (here: Neighbourhood) => Promise<void>;

export const swapRules: Act = ({ rules, scene }) =>
  scene.thirdParty('SetRulePriorities', {
    RulePriorities: [
      { RuleArn: rules.blue.ruleArn, Priority: rules.green.priority },
      { RuleArn: rules.green.ruleArn, Priority: rules.blue.priority },
    ],
  });
export const swapRulesBack: Act = ({ rules, scene }) =>
  scene.thirdParty('SetRulePriorities', {
    RulePriorities: [
      { RuleArn: rules.blue.ruleArn, Priority: rules.blue.priority },
      { RuleArn: rules.green.ruleArn, Priority: rules.green.priority },
    ],
  });
export const renumberRules: Act = ({ rules, scene }) =>
  scene.thirdParty('SetRulePriorities', {
    RulePriorities: [
      { RuleArn: rules.blue.ruleArn, Priority: 30 },
      { RuleArn: rules.green.ruleArn, Priority: 40 },
    ],
  });
export const deleteRule =
  (color: Color): Act =>
  ({ rules, scene }) =>
    scene.thirdParty('DeleteRule', { RuleArn: rules[color].ruleArn });
/** With the one of the two numbers that is free, which is the one that it had. */
export const createRule =
  (color: Color): Act =>
  async (here) => {
    const [left] = await here.scene.rules();
    await here.scene.thirdParty('CreateRule', {
      ListenerArn: here.scene.environmentConfig()['ListenerARN'],
      Priority: [11, 12].find((each) => each !== left?.priority),
      Conditions: [{ Field: 'path-pattern', Values: ['*'] }],
      Actions: [{ Type: 'forward', TargetGroupArn: here.targetGroup(color) }],
    });
  };
export const narrowRule =
  (color: Color, path: string): Act =>
  ({ rules, scene }) =>
    scene.thirdParty('ModifyRule', {
      RuleArn: rules[color].ruleArn,
      Conditions: [{ Field: 'path-pattern', Values: [path] }],
    });
export const weighRule =
  (weights: Partial<Record<Color, number>>): Act =>
  (here) =>
    here.scene.thirdParty('ModifyRule', {
      RuleArn: here.rules.blue.ruleArn,
      Actions: [
        {
          Type: 'forward',
          ForwardConfig: {
            TargetGroups: Object.entries(weights).map(([color, Weight]) => ({
              TargetGroupArn: here.targetGroup(color as Color),
              Weight,
            })),
          },
        },
      ],
    });
export const deleteNewSet: Act = ({ scene }) =>
  scene.thirdParty('DeleteTaskSet', {
    ...SERVICE,
    taskSet: scene.newTaskSetId(LOCK_KEY) || 'not recorded yet',
    force: true,
  });
export const deleteOriginal: Act = ({ original, scene }) =>
  scene.thirdParty('DeleteTaskSet', { ...SERVICE, taskSet: original, force: true });
export const scaleTo =
  (desiredCount: number): Act =>
  ({ scene }) =>
    scene.thirdParty('UpdateService', { ...SERVICE, desiredCount });
export const emptyGroup =
  (color: Color, tag: string): Act =>
  (here) =>
    here.scene.thirdParty('DeregisterTargets', {
      TargetGroupArn: here.targetGroup(color),
      Targets: here.scene.addressesOf(tag).map((address) => ({ Id: address, Port: 8080 })),
    });
export const makePrimary =
  (which: 'original' | 'stale or new'): Act =>
  async ({ original, scene }) => {
    const [onGreen] = await scene.taskSetsOn('green');
    await scene.thirdParty('UpdateServicePrimaryTaskSet', {
      ...SERVICE,
      primaryTaskSet: which === 'original' ? original : onGreen?.id,
    });
  };

/** Frees the lock of a deploy that was cut off. */
export function breakLock({ scene }: Neighbourhood): Promise<unknown> {
  const { clock, lockStore } = scene;
  const interrupt = new AbortController().signal;
  const target = { app: { name: 'hello' }, environment: { name: 'dev' }, flags: [] };
  const randomBytes = (count: number) => new Uint8Array(count).fill(9);
  const tools = { lockStore, clock, randomBytes, report: () => {}, interrupt, user: 'ann' };
  return clock.run(breakLockByHand(target, { evenIfLive: false }, tools));
}
