/**
 * Goal: a deploy does what the look ahead to it said, whatever was left behind before.
 * Method: look ahead, deploy for real in the same world, and compare; after deploys that went well,
 * and after deploys that were cut off at each operation that changes something.
 */
import { expect, test } from '@jest/globals';
import { encodeCheckpoint } from '../../../src/deploy/checkpoint.ts';
import { CommandFailedError } from '../../../src/deploy/ports.ts';
import type { LookAhead } from '../../../src/plan/model.ts';
import { commandLine } from '../../../src/report/wording.ts';
import { DeployScene, type Run, type RunOptions } from '../../support/deploy-scene.ts';
import { SERVICE } from '../deploy/serving-v1.ts';
import { lookAheadIn } from './plan-scene.ts';

async function scene(): Promise<DeployScene> {
  const made = await DeployScene.create();
  Object.assign(made.appConfig(), {
    PreDeployCommandTemplates: [{ Program: 'stop', Arguments: ['{{.Artifact.Value}}'] }],
    PostDeployCommandTemplates: [{ Program: 'start' }, { Program: 'tell', Arguments: ['a b'] }],
  });
  return made;
}

/** What a look ahead says, in the form of what can be seen of a deploy. */
function said({ removed, steps, swap }: LookAhead) {
  const inState = (state: string) =>
    steps.filter((step) => step.state === state).map(({ number }) => number);
  const commands = steps
    .filter(({ number, state }) => (number === 2 || number === 12) && state === 'ahead')
    .flatMap(({ details }) => details);
  return {
    // The lock is no step with events of its own.
    done: inState('ahead').filter((number) => number > 1),
    skipped: inState('done'),
    removed: removed
      .filter(({ status }) => status !== 'DRAINING')
      .map(({ taskSetId }) => taskSetId),
    serving: swap?.to,
    commands,
  };
}

/** What a deploy did. */
function seen({ events, serving }: Run, commands: readonly string[], removed: readonly string[]) {
  const numbers = (type: 'step.finished' | 'step.skipped') =>
    events.flatMap((event) => (event.type === type ? [event.number] : []));
  return {
    done: numbers('step.finished'),
    skipped: numbers('step.skipped'),
    removed,
    serving: serving?.color,
    commands,
  };
}

/** Looks ahead, deploys, and returns both for comparison. */
async function both(world: DeployScene, sha: string | undefined, options: RunOptions = {}) {
  const before = world.client.changes.length;
  const lockWrites = world.lockStore.updates;
  const ahead = await lookAheadIn(world, sha, options);
  const changes = world.client.changes.length - before + world.lockStore.updates - lockWrites;

  const colorBefore = ahead.serving?.color;
  const commands: string[] = [];
  world.onCommand = ({ program, arguments: args }) => {
    commands.push(commandLine(program, args));
  };
  const run = await world.deploy(sha, options);
  const removed = world.client.changes
    .slice(before)
    .filter(({ operation }) => operation === 'DeleteTaskSet')
    .map(({ input }) => String(input['taskSet']));
  const expected = said(ahead);
  const actual = seen(run, commands, removed);
  // What only drains may be gone by the time when the silent lock has been taken over.
  const onlyDrains = ahead.removed.length > 0 && expected.removed.length === 0;
  const compared = ({ done, skipped, ...rest }: typeof actual | typeof expected) => ({
    ...rest,
    done: done.filter((number) => !(onlyDrains && number === 4)),
    skipped: skipped.filter((number) => !(onlyDrains && number === 4)),
  });
  return {
    changes,
    error: run.error?.message,
    // Without a swap ahead, what serves stays.
    said: { ...compared(expected), serving: expected.serving ?? colorBefore },
    seen: compared(actual),
  };
}

test('deploys one after the other do what was said', async () => {
  const world = await scene();

  for (const sha of ['aaaa1111', 'bbbb2222', 'cccc3333', 'cccc3333', 'aaaa1111']) {
    const { changes, error, said, seen } = await both(world, sha);

    expect({ sha, changes, error }).toEqual({ sha, changes: 0, error: undefined });
    expect({ sha, ...said }).toEqual({ sha, ...seen });
  }
});

const CHANGES = [
  'UpdateTaskSet',
  'DeleteTaskSet',
  'RegisterTaskDefinition',
  'CreateTaskSet',
  'SetRulePriorities',
  'UpdateServicePrimaryTaskSet',
];

for (const operation of CHANGES) {
  for (const isDone of [false, true]) {
    for (const mode of ['resume', 'start-over'] as const) {
      test(`${mode} after a crash at ${operation}, ${isDone ? 'done' : 'not done'}, does what was said`, async () => {
        const world = await scene();
        await world.deploy('aaaa1111');
        await world.deploy('bbbb2222');
        await world.crashAt(operation, 'cccc3333', { isDone });

        const sha = mode === 'resume' ? undefined : 'cccc3333';
        const { changes, error, said, seen } = await both(world, sha, { mode });

        expect({ changes, error }).toEqual({ changes: 0, error: undefined });
        expect(said).toEqual(seen);
      });
    }
  }
}

test('a resume runs the commands that were said: those that had not finished, or all of them', async () => {
  for (const rerunCommands of [false, true]) {
    const world = await scene();
    world.onCommand = ({ program }) => {
      if (program === 'tell') throw new CommandFailedError('tell exited with code 1.');
    };
    await world.deploy('aaaa1111');

    const { error, said, seen } = await both(world, undefined, { mode: 'resume', rerunCommands });

    expect({ error, commands: said.commands }).toEqual({
      error: undefined,
      commands: rerunCommands ? ['stop hello:v1', 'start', "tell 'a b'"] : ["tell 'a b'"],
    });
    expect(said).toEqual(seen);
  }
});

test('a resume of what another tool has begun does what was said', async () => {
  const world = await scene();
  await world.deploy('aaaa1111');
  await world.deploy('bbbb2222');
  await world.crashAt('SetRulePriorities', 'cccc3333');
  const { own: _own, ...original } = world.checkpoint('hello-dev');
  const item = world.lockStore.item('hello-dev');
  world.lockStore.put('hello-dev', { ...item, data: { B: encodeCheckpoint(original) } });

  const { changes, error, said, seen } = await both(world, undefined, { mode: 'resume' });

  expect({ changes, error }).toEqual({ changes: 0, error: undefined });
  expect(said).toEqual(seen);
});

test('a resume of what was interrupted, and has lost its task set, does what was said', async () => {
  const world = await scene();
  await world.deploy('aaaa1111');
  await world.crashAt('SetRulePriorities', 'bbbb2222');
  const { newTaskSetId } = world.checkpoint('hello-dev');
  await world.thirdParty('DeleteTaskSet', { ...SERVICE, taskSet: newTaskSetId, force: true });
  await world.clock.advance(120_000);

  const { changes, error, said, seen } = await both(world, undefined, { mode: 'resume' });

  expect({ changes, error }).toEqual({ changes: 0, error: undefined });
  expect(said).toEqual(seen);
});

test('a start-over that has to put right what serves first does what was said', async () => {
  const world = await scene();
  const { serving } = await world.deploy('aaaa1111');
  await world.deploy('bbbb2222');
  const active = await world
    .taskSets()
    .then((sets) => sets.find(({ status }) => status === 'PRIMARY'));
  await world.thirdParty('DeleteTaskSet', { ...SERVICE, taskSet: active?.id, force: true });
  await world.clock.advance(120_000);

  const ahead = await lookAheadIn(world, 'cccc3333', { mode: 'start-over' });
  const run = await world.deploy('cccc3333', { mode: 'start-over' });

  expect(ahead.first).toEqual([
    'sends traffic back to green: nothing runs on blue (priorities 11 and 12 are exchanged)',
    `makes ${serving?.taskSetId} PRIMARY`,
  ]);
  expect(run.changes.slice(0, 2)).toEqual(['SetRulePriorities', 'UpdateServicePrimaryTaskSet']);
  expect(ahead.swap).toMatchObject({ from: 'green', to: 'blue' });
  expect(run.serving).toMatchObject({ color: 'blue', artifact: 'hello:v3' });
});
