/**
 * Goal: a deploy does what the look ahead to it said, whatever was left behind before.
 * Method: look ahead, deploy for real in the same world, and compare; after deploys that went well,
 * and after deploys that were cut off at each operation that changes something.
 */
import { expect, test } from '@jest/globals';
import type { LookAhead } from '../../../src/plan/model.ts';
import { commandLine } from '../../../src/report/wording.ts';
import { DeployScene, type Run, type RunOptions } from '../../support/deploy-scene.ts';
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
    removed: removed.filter(({ status }) => status !== 'DRAINING').map(({ taskSetId }) => taskSetId),
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
  return {
    changes,
    error: run.error?.message,
    // Without a swap ahead, what serves stays.
    said: { ...expected, serving: expected.serving ?? colorBefore },
    seen: seen(run, commands, removed),
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
