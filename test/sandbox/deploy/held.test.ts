/**
 * Goal: whoever finds the lock taken is told by whom and what to do about it, waits only when waiting
 * can help, and nobody deploys against a person's hold.
 * Method: whole deploys, and the functions behind `ecs-deploy lock`, in one world on a virtual clock.
 */
import { describe, expect, test } from '@jest/globals';
import {
  afterBreaking,
  breakLock,
  holdDeploys,
  type LockTools,
  releaseHold,
} from '../../../src/deploy/lock-by-hand.ts';
import { Interruption } from '../../../src/deploy/interruption.ts';
import { DeployError, EXIT } from '../../../src/errors.ts';
import { inspect } from '../../../src/lock/inspect.ts';
import { ATTRIBUTE } from '../../../src/lock/item.ts';
import { type LockStore, LockStoreError } from '../../../src/lock/store.ts';
import { lockStatusLines } from '../../../src/report/lock-status-text.ts';
import { readLockStatus } from '../../../src/status/lock-status.ts';
import { DeployScene, type RunOptions } from '../../support/deploy-scene.ts';
import { seededBytes } from '../../support/lock-world.ts';

const KEY = 'hello-dev';
const TARGET = { app: { name: 'hello' }, environment: { name: 'dev' }, flags: [] };

/** A world, and what Ann does in it by hand. Everything moves the clock as far as it needs. */
async function sceneWithAnn() {
  const scene = await DeployScene.create();
  const { clock, lockStore } = scene;
  const tools: LockTools = {
    lockStore,
    clock,
    randomBytes: seededBytes(5),
    report: () => {},
    interrupt: new AbortController().signal,
    user: 'ann@laptop',
  };
  const ann = {
    hold: (reason: string) => clock.run(holdDeploys(TARGET, reason, tools)),
    release: () => clock.run(releaseHold(TARGET, tools)),
    breakLock: (evenIfLive = false) => clock.run(breakLock(TARGET, { evenIfLive }, tools)),
    show: () => clock.run(readLockStatus(KEY, { lockStore, clock, listenMs: 2_500 })),
  };
  return { scene, ann, clock, lockStore };
}

/** Starts a deploy and lets it come as far as the wait for its rollout. */
async function deployAtWork(scene: DeployScene, interrupt?: AbortSignal) {
  const ending = scene
    .deployConcurrently('aaaa1111', interrupt ? { interrupt } : {})
    .catch((error: unknown) => error);
  await scene.clock.advance(2_000);
  return ending;
}

async function failure(work: Promise<unknown>): Promise<DeployError> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof DeployError)) throw new Error(`No ending: ${String(error)}`);
  return error;
}

test('a deploy, a resume and a start-over are refused on hold, with the reason and nothing written', async () => {
  const { ann, lockStore, scene } = await sceneWithAnn();
  await ann.hold('Migration until six');
  const writes = lockStore.history.length;

  for (const mode of ['deploy', 'resume', 'start-over'] as const) {
    const run = await scene.deploy('aaaa1111', { mode, lockWaitMs: 60_000 });

    expect(run.error).toMatchObject({ exitCode: EXIT.locked });
    expect(run.error?.message).toContain('on hold: Migration until six (ann@laptop, 2026-');
    expect(run.error).toMatchObject({
      hint: expect.stringContaining('ecs-deploy lock release -app hello -env dev'),
    });
    expect(run.changes).toEqual([]);
  }
  expect(lockStore.history).toHaveLength(writes);
  expect(await ann.show()).toMatchObject({
    state: 'hold',
    hold: { reason: 'Migration until six', by: 'ann@laptop' },
  });

  expect(await ann.release()).toBeUndefined();
  expect(await ann.show()).toEqual({ lock: KEY, state: 'free' });
  expect((await scene.deploy('aaaa1111')).error).toBeUndefined();
});

test('a hold over a deploy that was cut off keeps it, to be resumed afterwards', async () => {
  const { ann, clock, scene } = await sceneWithAnn();
  await scene.crashAt('SetRulePriorities', 'aaaa1111');
  await clock.advance(60_000);
  const before = scene.checkpoint(KEY);

  await ann.hold('Let us look at it first');
  const refused = await scene.deploy(undefined, { mode: 'resume' });
  expect(refused.error?.message).toContain('Let us look at it first');
  expect(await ann.release()).toMatchObject({ step: 9 });

  expect(scene.checkpoint(KEY)).toEqual(before);
  expect(await ann.show()).toMatchObject({ state: 'yielded', deploy: { step: 9 } });
  const resumed = await scene.deploy(undefined, { mode: 'resume' });
  expect(resumed.serving).toMatchObject({ artifact: 'hello:v1' });
});

test('neither a hold nor a break is possible while a deploy is at work, and it is told so', async () => {
  const { ann, clock, lockStore, scene } = await sceneWithAnn();
  const ending = deployAtWork(scene);
  await clock.advance(2_000);

  for (const act of [() => ann.hold('x'), () => ann.breakLock()]) {
    const error = await failure(act());
    expect(error).toMatchObject({ exitCode: EXIT.locked });
    expect(error.message).toMatch(/at work: hello:v1 .* by process 1 on test/);
  }
  expect(await ann.show()).toMatchObject({
    state: 'live',
    deploy: { artifact: 'hello:v1', host: 'test', tool: 'ecs-deploy' },
  });

  await clock.run(ending);
  expect(lockStore.item(KEY)).toMatchObject({ isReleased: { S: '1' } });
});

test('a live deploy whose lock is broken stops, and changes nothing after that', async () => {
  const { ann, clock, scene } = await sceneWithAnn();
  const ending = deployAtWork(scene);
  await clock.advance(2_000);

  const holder = await ann.breakLock(true);
  const changes = scene.client.changes.length;
  const error = await clock.run(ending);

  expect(error).toMatchObject({
    exitCode: EXIT.needsHuman,
    message: expect.stringMatching(/stopped in step 7.*The lock now: it is free/),
    hint: expect.stringContaining('ecs-deploy lock show -app hello -env dev'),
  });
  expect(scene.client.changes).toHaveLength(changes);
  expect(await ann.show()).toMatchObject({ state: 'free' });
  expect(holder && afterBreaking(TARGET, holder).join('\n')).toMatch(
    /hello:v1 was at step 7; it can't be resumed[^]*task set ecs-svc[^]*-sha aaaa1111 -start-over/,
  );
  expect((await scene.deploy('bbbb2222')).serving).toMatchObject({ artifact: 'hello:v2' });
});

test('a silent lock is broken after a lease of silence, and a free one is left alone', async () => {
  const { ann, clock, lockStore, scene } = await sceneWithAnn();
  expect(await ann.breakLock()).toBeUndefined();
  await scene.crashAt('CreateTaskSet', 'aaaa1111');
  await clock.advance(60_000);
  expect(await ann.show()).toMatchObject({ state: 'silent', leaseMs: 10_000 });
  const startedMs = clock.monotonicMs();

  expect(await ann.breakLock()).toMatchObject({ leaseDurationMs: 10_000 });

  expect(clock.monotonicMs() - startedMs).toBeGreaterThan(10_000);
  expect(lockStore.item(KEY)).toMatchObject({ isReleased: { S: '1' } });
  expect((await scene.deploy('bbbb2222')).error).toBeUndefined();
});

test('a hold is lifted by release only, and held only once', async () => {
  const { ann, lockStore } = await sceneWithAnn();
  expect(await failure(ann.release())).toMatchObject({ exitCode: EXIT.refused });
  await ann.hold('one');
  const writes = lockStore.history.length;

  expect((await failure(ann.hold('two'))).message).toContain('on hold already: one');
  for (const evenIfLive of [false, true]) {
    expect(await failure(ann.breakLock(evenIfLive))).toMatchObject({ exitCode: EXIT.refused });
  }

  expect(lockStore.history).toHaveLength(writes);
});

test('a hold keeps what the last deploy recorded', async () => {
  const { ann, scene } = await sceneWithAnn();
  await scene.deploy('aaaa1111');
  const before = scene.checkpoint(KEY);

  await ann.hold('x');
  expect(scene.checkpoint(KEY)).toEqual(before);
  await ann.release();

  expect(scene.checkpoint(KEY)).toEqual(before);
});

test('a deploy that slips in before the hold is not written over', async () => {
  const { ann, lockStore, scene } = await sceneWithAnn();
  await scene.deploy('aaaa1111');
  const stale = await inspect(lockStore, KEY);
  let isFirst = true;
  const read = lockStore.read.bind(lockStore);
  lockStore.read = async (key) => (isFirst ? ((isFirst = false), stale?.item) : read(key));
  const deployed = await scene.deploy('bbbb2222');
  expect(deployed.error).toBeUndefined();
  isFirst = true;

  const error = await failure(ann.hold('x'));

  expect(error.message).toContain('changed meanwhile');
  expect(scene.checkpoint(KEY)).toMatchObject({ artifact: { value: 'hello:v2' }, done: true });
});

/** Deploys beside one that is at work. */
async function deployBeside(scene: DeployScene, options: RunOptions) {
  const first = deployAtWork(scene);
  await scene.clock.advance(1_000);
  const run = await scene.deploy('bbbb2222', options);
  return { run, first: await scene.clock.run(first) };
}

test('--lock-wait waits for a live deploy, shows it once, and looks at everything anew', async () => {
  const { scene } = await sceneWithAnn();

  const { first, run } = await deployBeside(scene, { lockWaitMs: 600_000 });

  expect(first).toMatchObject({ artifact: 'hello:v1', color: 'green' });
  expect(run.error).toBeUndefined();
  expect(run.serving).toMatchObject({ artifact: 'hello:v2', color: 'blue' });
  const notes = run.events.filter(({ type }) => type === 'note');
  expect(notes).toHaveLength(1);
  expect(notes[0]).toMatchObject({ message: expect.stringContaining('hello:v1 with') });
  const countdown = run.events.flatMap((event) =>
    event.type === 'wait.progressed' && event.waitingFor.includes('lock')
      ? [event.remainingMs]
      : [],
  );
  expect(countdown.length).toBeGreaterThan(5);
  expect(countdown).toEqual([...countdown].sort((a, b) => b - a));
  expect(run.events.filter(({ type }) => type === 'deploy.started')).toHaveLength(1);
});

test('--lock-wait ends when its time is over', async () => {
  const { clock, scene } = await sceneWithAnn();
  void deployAtWork(scene);
  await clock.advance(1_000);
  const startedMs = clock.monotonicMs();

  const run = await scene.deploy('bbbb2222', { lockWaitMs: 5_000 });

  expect(run.error).toMatchObject({ exitCode: EXIT.locked });
  expect(run.error?.message).toContain('at work');
  expect(clock.monotonicMs() - startedMs).toBe(5_000);
});

test('--lock-wait does not wait for a deploy that was cut off: that needs a decision', async () => {
  const { clock, scene } = await sceneWithAnn();
  const interrupt = new AbortController();
  void deployAtWork(scene, interrupt.signal);
  await clock.advance(3_000);
  interrupt.abort(new Interruption('SIGTERM'));
  await clock.advance(1_000);
  const startedMs = clock.monotonicMs();

  const run = await scene.deploy('bbbb2222', { lockWaitMs: 600_000 });

  expect(run.error?.message).toContain('was cut off');
  expect(clock.monotonicMs() - startedMs).toBeLessThan(1_000);
});

test.each([
  ['CreateTaskSet', /nothing of hello:v2 runs yet; it goes on from step 6/, /goes on serving\)\./],
  [
    'SetRulePriorities',
    /ecs-svc\/\d+ is waited for, verified, and gets the traffic/,
    /goes on serving, ecs-svc\/\d+ is removed\)/,
  ],
  [
    'UpdateServicePrimaryTaskSet',
    /hello:v2 serves already; it is made PRIMARY/,
    /is made PRIMARY first, ecs-svc\/\d+ is removed, and with it the fast way back/,
  ],
])(
  'a deploy cut off at %s is told with what both ways on would do now',
  async (at, resume, startOver) => {
    const { clock, scene } = await sceneWithAnn();
    await scene.deploy('aaaa1111');
    await scene.crashAt(at, 'bbbb2222');
    await clock.advance(60_000);

    const run = await scene.deploy('cccc3333');

    expect(run.error).toMatchObject({ exitCode: EXIT.locked });
    const { hint } = run.error as DeployError;
    expect(hint).toMatch(resume);
    expect(hint).toMatch(startOver);
    expect(run.changes).toEqual([]);
  },
);

test('--lock-wait notices within a lease that the holder has died', async () => {
  const { clock, scene } = await sceneWithAnn();
  await scene.crashAt('CreateTaskSet', 'aaaa1111');
  const startedMs = clock.monotonicMs();

  const run = await scene.deploy('bbbb2222', { lockWaitMs: 600_000 });

  expect(run.error?.message).toContain('was cut off');
  expect(clock.monotonicMs() - startedMs).toBeLessThanOrEqual(12_000);
});

test('--lock-wait with -start-over outwaits a live holder, and then begins', async () => {
  const { scene } = await sceneWithAnn();

  const { run } = await deployBeside(scene, { mode: 'start-over', lockWaitMs: 600_000 });

  expect(run.serving).toMatchObject({ artifact: 'hello:v2' });
});

test('--lock-wait outlasts a table that does not answer for a while', async () => {
  const { lockStore, scene, clock } = await sceneWithAnn();
  const first = deployAtWork(scene);
  await clock.advance(1_000);
  let failures = 0;
  lockStore.faultFor = ({ operation }) =>
    operation === 'read' && failures++ < 4 ? { kind: 'refused', failure: 'throttled' } : undefined;

  const run = await scene.deploy('bbbb2222', { lockWaitMs: 600_000 });
  await clock.run(first);

  expect(run.serving).toMatchObject({ artifact: 'hello:v2' });
  expect(failures).toBeGreaterThan(4);
});

test('a deploy that is refused says by whom, though the table answers no more', async () => {
  const { clock, lockStore, scene } = await sceneWithAnn();
  void deployAtWork(scene);
  await clock.advance(1_000);
  lockStore.faultFor = ({ operation }) =>
    operation === 'read' ? { kind: 'lost-request' } : undefined;

  const run = await scene.deploy('bbbb2222');

  expect(run.error).toMatchObject({ exitCode: EXIT.locked });
  expect(run.error?.message).toContain('hello:v1');
});

test('--lock-wait on a hold is refused with nothing but its reason', async () => {
  const { ann, scene } = await sceneWithAnn();
  await ann.hold('Migration');

  const run = await scene.deploy('aaaa1111', { lockWaitMs: 60_000 });

  expect(run.events.filter(({ type }) => type === 'note')).toEqual([]);
  expect(run.error?.message).toContain('on hold: Migration');
});

test('a deploy that was broken does not come back by a hold, and the next one names it', async () => {
  const { ann, clock, scene } = await sceneWithAnn();
  await scene.crashAt('SetRulePriorities', 'aaaa1111');
  await clock.advance(60_000);
  await ann.breakLock();
  await ann.hold('x');

  expect(await ann.release()).toBeUndefined();

  expect(await ann.show()).toEqual({ lock: KEY, state: 'free' });
  const run = await scene.deploy('bbbb2222');
  expect(run.error).toBeUndefined();
  expect(run.events).toContainEqual({
    type: 'note',
    message: 'The deploy of hello:v1 was broken off at step 9; this one begins anew.',
  });
});

test('who loses a race for a hold is told about the other one', async () => {
  const { ann, lockStore, scene } = await sceneWithAnn();
  await scene.deploy('aaaa1111');
  const stale = await inspect(lockStore, KEY);
  await ann.hold('mine');
  const read = lockStore.read.bind(lockStore);
  let isFirst = true;
  lockStore.read = async (key) => (isFirst ? ((isFirst = false), stale?.item) : read(key));

  const error = await failure(ann.hold('yours'));

  expect(error.message).toContain('on hold: mine');
});

describe('a release that is made, and whose answer is lost', () => {
  /** From then on the table answers nobody's writes; `then` is what a rival does first. */
  async function releasedUnheard(then: (scene: DeployScene) => Promise<unknown> | undefined) {
    const scene = await DeployScene.create();
    const { lockStore } = scene;
    const update = lockStore.update.bind(lockStore);
    let isReleased = false;
    lockStore.update = async (key, change) => {
      const isRelease = change.set[ATTRIBUTE.isReleased] !== undefined;
      if (!isReleased) {
        const result = await update(key, change);
        if (!isRelease) return result;
        isReleased = true;
        await then(scene);
      } else if (change.condition.kind === 'free') return update(key, change);
      throw new LockStoreError('unknown', 'No answer.');
    };
    return { scene, run: await scene.deploy('aaaa1111') };
  }

  test('is a success when the record says so', async () => {
    const { run } = await releasedUnheard(() => undefined);

    expect(run.error).toBeUndefined();
    expect(run.events.at(-1)).toMatchObject({ type: 'deploy.finished' });
  });

  test('is told as what it is when the next one has the lock already', async () => {
    const { run } = await releasedUnheard(({ lockStore }) =>
      lockStore.update(KEY, {
        set: {
          ownerName: { S: 'bob' },
          leaseDuration: { S: '10s' },
          recordVersionNumber: { S: 'of bob' },
        },
        remove: [ATTRIBUTE.isReleased],
        condition: { kind: 'free' },
      }),
    );

    expect(run.error).toMatchObject({ exitCode: EXIT.needsHuman });
    expect(run.error?.message).toMatch(/had recorded its success[^]*may have let the next one in/);
  });
});

test.each(['deploy', 'resume', 'start-over'] as const)(
  'Ctrl-C ends a -%s that waits for an answer at its start',
  async (mode) => {
    const { clock, lockStore, scene } = await sceneWithAnn();
    await scene.crashAt('CreateTaskSet', 'aaaa1111');
    await clock.advance(60_000);
    const writes = lockStore.history.length;
    const interrupt = new AbortController();
    const store: LockStore = lockStore;
    store.read = (_key, signal) =>
      new Promise<never>((_, reject) => {
        signal?.addEventListener('abort', () => reject(new Error('Request aborted')));
      });
    scene.accountProblemAfter = new Promise(() => {});
    const startedMs = clock.monotonicMs();
    clock.after(1_000, () => interrupt.abort(new Interruption('SIGINT')));

    const run = await scene.deploy(mode === 'resume' ? undefined : 'aaaa1111', {
      mode,
      interrupt: interrupt.signal,
    });

    expect(run.error).toMatchObject({ exitCode: EXIT.interrupted });
    expect(clock.monotonicMs() - startedMs).toBeLessThan(1_100);
    expect(lockStore.history).toHaveLength(writes);
  },
);

test('an acquisition that is interrupted while the table hangs ends as an interruption', async () => {
  const { clock, lockStore, scene } = await sceneWithAnn();
  const interrupt = new AbortController();
  lockStore.faultFor = () => ({ kind: 'lost-request' });
  clock.after(1_000, () => interrupt.abort(new Interruption('SIGTERM')));

  const run = await scene.deploy('aaaa1111', { interrupt: interrupt.signal });

  expect(run.error).toMatchObject({ exitCode: EXIT.terminated });
  expect(run.error?.message).toMatch(/SIGTERM.*may be held by this run until its lease is over/);
});

test('what the lock shows reads as facts, one a line', async () => {
  const { ann, scene, clock } = await sceneWithAnn();
  await scene.crashAt('CreateTaskSet', 'aaaa1111');
  await clock.advance(90_000);

  const lines = lockStatusLines(await ann.show(), clock.wallMs());

  expect(lines[0]).toBe('hello-dev: silent: its deploy gives no sign of life');
  expect(lines.join('\n')).toMatch(
    /deploy: {2}hello:v1 \(build 1\)\n *config: {2}cfg00001\n *step: {4}6\n *started: .*Z \(1 min 33 s ago\)\n *process: 1 on test\n *owner: {3}test-/,
  );
});
