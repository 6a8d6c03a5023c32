/**
 * Goal: whatever other people do in AWS during a deploy is noticed before the next write that depends
 * on it, is told by name, and leaves a way on: the one that docs/operating.md says.
 * Method: v2 serves on blue, v3 is to go to green. Somebody acts as a step begins, which is later than
 * all that the steps before have looked at; then the way on is taken.
 */
import { describe, expect, test } from '@jest/globals';
import { EXIT } from '../../../src/errors.ts';
import {
  type Act,
  breakLock,
  createRule,
  deleteNewSet,
  deleteOriginal,
  deleteRule,
  emptyGroup,
  makePrimary,
  narrowRule,
  renumberRules,
  scaleTo,
  swapRules,
  swapRulesBack,
  weighRule,
  Neighbourhood,
  SERVICE,
} from './neighbourhood.ts';

/** One thing that somebody does, when, and what the deploy makes of it. */
interface Row {
  readonly what: string;
  readonly step: number;
  readonly act: Act;
  readonly exitCode: number;
  readonly says: RegExp;
  /** The writes that depend on it. */
  readonly without: readonly string[];
  /** What the person does about it before the way on is taken. */
  readonly mend?: Act;
  readonly wayOn: 'resume' | 'start-over';
  /** Whether the version that served at the start is still there in the end; true if left out. */
  readonly keepsOriginal?: boolean;
  readonly staleToo?: boolean;
}

const SWAP = ['SetRulePriorities', 'UpdateServicePrimaryTaskSet'];
const PRIMARY = ['UpdateServicePrimaryTaskSet'];
const RECORD: readonly string[] = [];
const { failedAfterSwap, failedBeforeSwap, needsHuman } = EXIT;

const NO_GREEN_RULE = /No rule of the listener forwards to the green target group/;
const BACK = /Traffic went back to blue after the swap, not by this deploy/;

const ROWS: readonly Row[] = [
  {
    what: 'swaps the rules before the task set is created',
    step: 6,
    act: swapRules,
    exitCode: needsHuman,
    says: /green/,
    without: ['CreateTaskSet', ...SWAP],
    mend: swapRulesBack,
    wayOn: 'resume',
  },
  {
    what: 'swaps the rules before the swap',
    step: 9,
    act: swapRules,
    exitCode: needsHuman,
    says: /green/,
    without: PRIMARY,
    mend: swapRulesBack,
    wayOn: 'resume',
  },
  {
    what: 'swaps the rules back during the bake time',
    step: 11,
    act: swapRulesBack,
    exitCode: needsHuman,
    says: BACK,
    without: RECORD,
    wayOn: 'start-over',
  },
  {
    what: 'swaps the rules back before the record',
    step: 13,
    act: swapRulesBack,
    exitCode: needsHuman,
    says: BACK,
    without: RECORD,
    wayOn: 'start-over',
  },
  {
    what: 'gives the rules other numbers before a stale task set is removed',
    step: 4,
    act: renumberRules,
    exitCode: needsHuman,
    says: /Somebody changed the rules.*blue 11 and green 12, now they are blue 30 and green 40/,
    without: ['UpdateTaskSet', 'DeleteTaskSet'],
    wayOn: 'start-over',
    staleToo: true,
  },
  {
    what: 'deletes the new colour’s rule before the active colour is read',
    step: 3,
    act: deleteRule('green'),
    exitCode: EXIT.refused,
    says: NO_GREEN_RULE,
    without: ['CreateTaskSet', ...SWAP],
    mend: createRule('green'),
    wayOn: 'start-over',
  },
  {
    what: 'deletes the new colour’s rule before the task set is created',
    step: 6,
    act: deleteRule('green'),
    exitCode: needsHuman,
    says: NO_GREEN_RULE,
    without: ['CreateTaskSet', ...SWAP],
    mend: createRule('green'),
    wayOn: 'resume',
  },
  {
    what: 'deletes the new colour’s rule during the rollout',
    step: 7,
    act: deleteRule('green'),
    exitCode: needsHuman,
    says: NO_GREEN_RULE,
    without: SWAP,
    mend: createRule('green'),
    wayOn: 'resume',
  },
  {
    what: 'deletes the old colour’s rule before the swap',
    step: 9,
    act: deleteRule('blue'),
    exitCode: needsHuman,
    says: /No rule of the listener forwards to the blue target group/,
    without: SWAP,
    mend: createRule('blue'),
    wayOn: 'resume',
  },
  {
    what: 'deletes the new colour’s rule before PRIMARY is moved',
    step: 10,
    act: deleteRule('green'),
    exitCode: needsHuman,
    says: NO_GREEN_RULE,
    without: PRIMARY,
    mend: createRule('green'),
    wayOn: 'resume',
  },
  {
    what: 'deletes the new colour’s rule before the record',
    step: 13,
    act: deleteRule('green'),
    exitCode: needsHuman,
    says: NO_GREEN_RULE,
    without: RECORD,
    mend: createRule('green'),
    wayOn: 'resume',
  },
  {
    what: 'gives one rule another condition before the swap',
    step: 9,
    act: narrowRule('green', '/new/*'),
    exitCode: needsHuman,
    says: /different conditions.*new/,
    without: SWAP,
    mend: narrowRule('green', '*'),
    wayOn: 'resume',
  },
  {
    what: 'gives one rule another condition before PRIMARY is moved',
    step: 10,
    act: narrowRule('blue', '/old/*'),
    exitCode: needsHuman,
    says: /different conditions.*old/,
    without: PRIMARY,
    mend: narrowRule('blue', '*'),
    wayOn: 'resume',
  },
  {
    what: 'splits traffic by weight before the swap',
    step: 9,
    act: weighRule({ blue: 9, green: 1 }),
    exitCode: needsHuman,
    says: /splits traffic by weight.*: 9.*: 1/,
    without: SWAP,
    mend: weighRule({ blue: 1 }),
    wayOn: 'resume',
  },
  {
    what: 'splits traffic by weight before the record',
    step: 13,
    act: weighRule({ blue: 9, green: 1 }),
    exitCode: needsHuman,
    says: /splits traffic by weight/,
    without: RECORD,
    mend: weighRule({ blue: 1 }),
    wayOn: 'resume',
  },
  {
    what: 'deletes the new task set before it is verified',
    step: 8,
    act: deleteNewSet,
    exitCode: failedBeforeSwap,
    says: /needed: task set ecs-svc\/\d+ to be there/,
    without: SWAP,
    wayOn: 'resume',
  },
  {
    what: 'deletes the new task set before the swap',
    step: 9,
    act: deleteNewSet,
    exitCode: failedBeforeSwap,
    says: /needed: task set ecs-svc\/\d+ to be there/,
    without: SWAP,
    wayOn: 'start-over',
  },
  {
    what: 'scales the service to 0 before the swap',
    step: 9,
    act: scaleTo(0),
    exitCode: failedBeforeSwap,
    says: /its desired count is 0/,
    without: SWAP,
    mend: scaleTo(2),
    wayOn: 'resume',
  },
  {
    what: 'scales the service to 0 during the bake time',
    step: 11,
    act: scaleTo(0),
    exitCode: failedAfterSwap,
    says: /its desired count is 0/,
    without: RECORD,
    mend: scaleTo(2),
    wayOn: 'resume',
  },
  {
    what: 'empties the new target group before the swap',
    step: 9,
    act: emptyGroup('green', 'v3'),
    exitCode: failedBeforeSwap,
    says: /2 of 2 tasks running, 0 of 2 targets healthy/,
    without: SWAP,
    wayOn: 'start-over',
  },
  {
    what: 'empties the new target group during the bake time',
    step: 11,
    act: emptyGroup('green', 'v3'),
    exitCode: failedAfterSwap,
    says: /2 of 2 tasks running, 0 of 2 targets healthy/,
    without: RECORD,
    wayOn: 'start-over',
    keepsOriginal: false,
  },
  {
    what: 'makes a stale task set PRIMARY before it is removed',
    step: 4,
    act: makePrimary('stale or new'),
    exitCode: needsHuman,
    says: /PRIMARY task set ecs-svc\/\d+ is attached to the green target group, which does not serve/,
    without: ['UpdateTaskSet', 'DeleteTaskSet', ...SWAP],
    wayOn: 'start-over',
    staleToo: true,
  },
  {
    what: 'makes the old task set PRIMARY again before the record',
    step: 13,
    act: makePrimary('original'),
    exitCode: needsHuman,
    says: /is no longer PRIMARY, and not by this deploy/,
    without: RECORD,
    wayOn: 'resume',
  },
];

describe('somebody', () => {
  test.each(ROWS)('$what: it is noticed, and -$wayOn is the way on', async (row) => {
    const here = await Neighbourhood.create({ staleToo: row.staleToo ?? false });

    const run = await here.deploy(row.step, row.act);

    expect(run.error).toMatchObject({ exitCode: row.exitCode });
    expect(run.error?.message).toMatch(row.says);
    expect(run.changes.filter((change) => row.without.includes(change))).toEqual([]);
    expect(await here.recorded()).toBeUndefined();

    await row.mend?.(here);
    await here.scene.clock.advance(60_000); // New targets have to pass their health checks.
    const sha = row.wayOn === 'resume' ? undefined : 'cccc3333';
    await here.expectDone(await here.scene.deploy(sha, { mode: row.wayOn }));
    if (row.keepsOriginal ?? true) await here.expectOriginalKept();
  });
});

describe('somebody does what is no obstacle:', () => {
  test.each([
    ['deletes the old task set before the swap', 9, deleteOriginal],
    ['deletes the old task set during the bake time', 11, deleteOriginal],
    ['empties the old target group before the swap', 9, emptyGroup('blue', 'v2')],
    ['makes the new task set PRIMARY too early', 8, makePrimary('stale or new')],
    ['raises the desired count before the swap', 9, scaleTo(4)],
    ['lowers the desired count before the swap', 9, scaleTo(1)],
    ['raises the desired count during the rollout', 7, scaleTo(4)],
    ['lowers the desired count during the rollout', 7, scaleTo(1)],
    ['raises the desired count during the bake time', 11, scaleTo(4)],
    ['lowers the desired count during the bake time', 11, scaleTo(1)],
  ])('%s', async (_what, step, act) => {
    const here = await Neighbourhood.create();

    await here.expectDone(await here.deploy(step, act));
  });
});

test('somebody deletes the old task set before PRIMARY moves: that the quick way back is gone is said', async () => {
  const here = await Neighbourhood.create();

  const run = await here.deploy(10, deleteOriginal);

  await here.expectDone(run);
  expect(run.events).toContainEqual({
    type: 'warning',
    message: expect.stringMatching(
      `version before, task set ${here.original}, is (gone|DRAINING.*): it can't take the traffic back`,
    ),
  });
});

test('the old task set is there after an ordinary deploy, and nothing is said of it', async () => {
  const here = await Neighbourhood.create();

  const { events } = await here.deploy(10, async () => {});

  expect(events.filter(({ type }) => type === 'warning')).toEqual([]);
});

test('what looks inconsistent because it changed between two looks is looked at once more', async () => {
  const here = await Neighbourhood.create({ staleToo: true });
  const { scene } = here;
  const [stale] = await scene.taskSetsOn('green');
  scene.client.onCall = ({ operation }) => {
    if (operation !== 'DescribeServices') return;
    scene.client.onCall = () => {};
    // The rules were read already: blue serves. Now somebody goes back to the version on green.
    void swapRules(here);
    void scene.thirdParty('UpdateServicePrimaryTaskSet', {
      ...SERVICE,
      primaryTaskSet: stale?.id,
    });
  };

  const run = await scene.deploy('cccc3333');

  await here.expectDone(run);
});

describe('somebody deletes the new task set after the swap, so that nothing serves', () => {
  /** Deleted as the step begins; the deploy must have told what that means. */
  async function deleted(step: number): Promise<Neighbourhood> {
    const here = await Neighbourhood.create();
    const run = await here.deploy(step, deleteNewSet);
    expect(run.error).toMatchObject({ exitCode: needsHuman });
    expect(run.error?.message).toMatch(/Traffic goes to green, where no task set serves/);
    expect(await here.recorded()).toBeUndefined();
    return here;
  }

  describe.each([10, 11, 13])('as step %d begins: that is told', (step) => {
    test.each(['resume', 'start-over'] as const)(
      'and -%s lets the old version serve until the new one can',
      async (mode) => {
        const here = await deleted(step);
        const sha = mode === 'resume' ? undefined : 'cccc3333';

        const run = await here.scene.deploy(sha, { mode });

        await here.expectDone(run);
        await here.expectOriginalKept();
        expect(run.changes[0]).toBe('SetRulePriorities');
        expect(run.changes).not.toContain('DeleteTaskSet');
      },
    );

    test('and going back by hand helps at once', async () => {
      const here = await deleted(step);

      await swapRulesBack(here);
      await makePrimary('original')(here);
      await here.expectDone(await here.scene.deploy('cccc3333', { mode: 'start-over' }));
      await here.expectOriginalKept();
    });
  });
});

describe('a person goes back to the old version by hand: the rules, then PRIMARY', () => {
  /** As docs/operating.md says. */
  async function goBack(here: Neighbourhood): Promise<void> {
    await swapRulesBack(here);
    await makePrimary('original')(here);
    await here.scene.clock.advance(60_000);
  }

  /** Cut off with the new version serving, and PRIMARY moved already or not yet. */
  async function cutOffAfterSwap(isPrimaryMoved: boolean): Promise<Neighbourhood> {
    const here = await Neighbourhood.create();
    await here.scene.crashAt('UpdateServicePrimaryTaskSet', 'cccc3333', { isDone: isPrimaryMoved });
    return here;
  }

  test('after a deploy that was finished the next one is as any other', async () => {
    const here = await Neighbourhood.create();
    await here.scene.deploy('cccc3333');
    await goBack(here);

    await here.expectDone(await here.scene.deploy('cccc3333'));
    await here.expectOriginalKept();
  });

  test.each([false, true])(
    'after one that was cut off, PRIMARY moved: %p, -start-over deploys the next version',
    async (isPrimaryMoved) => {
      const here = await cutOffAfterSwap(isPrimaryMoved);
      await goBack(here);

      await here.expectDone(await here.scene.deploy('cccc3333', { mode: 'start-over' }));
      await here.expectOriginalKept();
    },
  );

  test.each([false, true])(
    'after one that was cut off, PRIMARY moved: %p, breaking its lock lets plain deploys go on',
    async (isPrimaryMoved) => {
      const here = await cutOffAfterSwap(isPrimaryMoved);
      await goBack(here);

      const refused = await here.scene.deploy('cccc3333');
      await breakLock(here);
      const run = await here.scene.deploy('cccc3333');

      expect(refused.error).toMatchObject({ exitCode: EXIT.locked });
      await here.expectDone(run);
      await here.expectOriginalKept();
    },
  );

  test('with the rules alone, the next deploy says so, and -start-over puts PRIMARY right first', async () => {
    const here = await Neighbourhood.create();
    await here.scene.deploy('cccc3333');
    await swapRulesBack(here);

    const refused = await here.scene.deploy('aaaa1111');
    const run = await here.scene.deploy('cccc3333', { mode: 'start-over' });

    expect(refused.error).toMatchObject({ exitCode: needsHuman });
    expect(refused.error?.message).toMatch(/blue serves, but the PRIMARY task set .* not attached/);
    expect(refused.changes).toEqual([]);
    expect(run.changes[0]).toBe('UpdateServicePrimaryTaskSet');
    await here.expectDone(run);
    await here.expectOriginalKept();
  });

  test('-resume after it is refused: it would send traffic to the new version again', async () => {
    const here = await cutOffAfterSwap(true);
    await goBack(here);

    const run = await here.scene.deploy(undefined, { mode: 'resume' });

    expect(run.error).toMatchObject({
      exitCode: needsHuman,
      hint: expect.not.stringContaining('To finish it'),
    });
    expect(run.error?.message).toContain('Traffic went back to blue after the swap');
    expect(run.changes).toEqual([]);
    await here.expectDone(await here.scene.deploy('cccc3333', { mode: 'start-over' }));
  });
});
