import { Interruption } from '../../../../src/deploy/interruption.ts';
import { CommandFailedError } from '../../../../src/deploy/ports.ts';
import type { DeployScene } from '../../../support/deploy-scene.ts';
import { cutOff, goldenScene, leaveBehind, LOCK_KEY, type Place, SERVICE } from './golden-scene.ts';

/**
 * Deploys of v3 that between them write everything that a deploy of ours can write, by the name of
 * the fixture that has their writes.
 */
export const STORIES: Readonly<Record<string, () => Promise<DeployScene>>> = {
  async deploy() {
    const scene = recording(await goldenScene('v2 and a stale v1'));
    await scene.deploy('cccc3333');
    return scene;
  },

  async 'first-deploy'() {
    const scene = recording(await goldenScene('nothing'));
    await scene.deploy('cccc3333', { skipCommands: true });
    return scene;
  },

  async interrupted() {
    const scene = recording(await goldenScene('v2'));
    const stop = new AbortController();
    await scene.deploy('cccc3333', {
      interrupt: stop.signal,
      onEvent: ({ type }) => {
        if (type === 'wait.progressed') stop.abort(new Interruption('SIGTERM'));
      },
    });
    return scene;
  },

  async 'failed-before-swap'() {
    const scene = recording(await goldenScene('v2'));
    scene.client.faultFor = deny('CreateTaskSet');
    await scene.deploy('cccc3333');
    return scene;
  },

  async 'failed-after-swap'() {
    const scene = recording(await goldenScene('v2'));
    scene.onCommand = ({ program }) => {
      if (program === 'post') throw new CommandFailedError('post exited with code 3.');
    };
    await scene.deploy('cccc3333');
    return scene;
  },

  async 'second-attempt'() {
    const scene = await goldenScene('v2');
    await cutOff(scene, 'the task set steady', 'ours');
    const taskSet = scene.newTaskSetId(LOCK_KEY);
    await scene.thirdParty('DeleteTaskSet', { ...SERVICE, taskSet, force: true });
    await resumeUntilDenied(recording(scene), 'CreateTaskSet');
    return scene;
  },

  async restored() {
    const scene = await goldenScene('v2');
    await cutOff(scene, 'swapped', 'ours');
    const taskSet = scene.newTaskSetId(LOCK_KEY);
    await scene.thirdParty('DeleteTaskSet', { ...SERVICE, taskSet, force: true });
    await resumeUntilDenied(recording(scene), 'CreateTaskSet');
    return scene;
  },

  async 'start-over'() {
    const scene = await goldenScene('v2');
    await cutOff(scene, 'the revision registered', 'ours');
    recording(scene).client.faultFor = deny('CreateTaskSet');
    await scene.deploy('cccc3333', { mode: 'start-over' });
    return scene;
  },

  'from-go': () => fromGo('the task set steady', GO_AT_STEP_7),
  'from-go-swapped': () => fromGo('swapped', GO_AT_STEP_7.replace('"Step":7', '"Step":9')),
};

const GO_AT_STEP_7 =
  '{"Artifact":{"BuildNumber":3,"Value":"hello:v3","Tags":{"SHA":"cccc3333"}},"ConfigSHA":"cfg00001","NewTaskSetID":"<new>","NewActiveColor":"green","Done":false,"Step":7}';

async function fromGo(place: Place, blob: string): Promise<DeployScene> {
  const scene = await goldenScene('v2');
  const ids = await cutOff(scene, place, 'go');
  leaveBehind(scene, blob, 'go', ids);
  await resumeUntilDenied(recording(scene), 'UpdateServicePrimaryTaskSet');
  return scene;
}

async function resumeUntilDenied(scene: DeployScene, operation: string): Promise<void> {
  scene.client.faultFor = deny(operation);
  await scene.deploy(undefined, { mode: 'resume' });
}

function deny(denied: string): DeployScene['client']['faultFor'] {
  return ({ operation }) => (operation === denied ? 'denied' : undefined);
}

function recording(scene: DeployScene): DeployScene {
  scene.historyAtStart = scene.lockStore.history.length;
  return scene;
}

/** What the story's deploy has written into the lock, in order, as a fixture has it. */
export function written(scene: DeployScene): string[] {
  const texts = scene.lockStore.history
    .slice(scene.historyAtStart)
    .map((item) => withoutIds(new TextDecoder().decode(item['data']?.B)));
  // A heartbeat writes no data.
  return texts.filter((text, index) => text !== texts[index - 1]);
}

/** Names in place of what is different in each world, or at each time. */
function withoutIds(text: string): string {
  // Whoever takes over from the original writes its data once more as it is, without a part of ours.
  const { NewTaskSetID, X = {} } = JSON.parse(text) as {
    NewTaskSetID: string;
    X?: Record<string, unknown>;
  };
  const names: [unknown, string][] = [
    [NewTaskSetID, '<new>'],
    [X['OrigPrimary'], '<original>'],
    [X['TaskDef'], '<task definition>'],
    [X['DeployID'], '<deploy id>'],
    ...Object.values(X['Images'] ?? {}).map((digest): [unknown, string] => [digest, '<digest>']),
    [X['Content'], 'content.0123456789abcdef'],
    [X['Replaced'], '0123456789abcdef0123'],
    [X['StartedAt'], '2026-01-01T00:00:00.000Z'],
  ];
  return names.reduce((named, [id, name]) => {
    const isThere = typeof id === 'string' && id !== '' && !id.startsWith('unknown');
    return isThere ? named.replaceAll(id, name) : named;
  }, text);
}
