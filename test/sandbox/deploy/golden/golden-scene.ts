import type { Color } from '../../../../src/deploy/model.ts';
import { DeployScene, type Run } from '../../../support/deploy-scene.ts';

export const LOCK_KEY = 'hello-dev';
export const SERVICE = { cluster: 'hello-dev', service: 'hello-dev' };

/** What a golden blob says, as far as the world has to be brought to where it was written. */
export interface GoldenBlob {
  readonly NewTaskSetID: string;
  readonly Step: number;
  readonly Done: boolean;
  readonly X?: {
    readonly Attempt: number;
    readonly Pre: number;
    readonly Post: number;
    readonly CmdsSkipped: boolean;
    readonly Yield?: string;
  };
}

/** Who wrote the blob: the original, whose task sets carry no external id, or we. */
export type Writer = 'go' | 'ours';

/** What was there before the deploy that is cut off. */
export type Before = 'nothing' | 'v2' | 'v2 and a stale v1';

/** A place at which a deploy was cut off, named by what AWS shows of it. */
export type Place =
  | 'nothing changed'
  | 'the stale set scaled down'
  | 'the stale set force-deleted and draining'
  | 'the stale set deleted'
  | 'the stale set gone'
  | 'the revision registered'
  | 'the task set created'
  | 'the task set steady'
  | 'the task set force-deleted and draining'
  | 'swapped'
  | 'PRIMARY moved'
  | 'the success recorded';

/** The call at which a deploy of ours is cut off to get there, and whether it took effect. */
const CUTS: Readonly<Record<Place, readonly [operation: string, isDone: boolean]>> = {
  'nothing changed': ['RegisterTaskDefinition', false],
  'the stale set scaled down': ['UpdateTaskSet', true],
  'the stale set force-deleted and draining': ['UpdateTaskSet', false],
  'the stale set deleted': ['DeleteTaskSet', true],
  'the stale set gone': ['RegisterTaskDefinition', false],
  'the revision registered': ['CreateTaskSet', false],
  'the task set created': ['CreateTaskSet', true],
  'the task set steady': ['SetRulePriorities', false],
  'the task set force-deleted and draining': ['SetRulePriorities', false],
  swapped: ['SetRulePriorities', true],
  'PRIMARY moved': ['UpdateServicePrimaryTaskSet', true],
  'the success recorded': ['UpdateServicePrimaryTaskSet', true],
};

/** Where a deploy can have been cut off whose last write was at this step: before its effect, and after. */
export function placesOf({ Done, NewTaskSetID, Step, X }: GoldenBlob): readonly Place[] {
  if (Done) return ['the success recorded'];
  // A resume goes through the steps again, and has written lower numbers than those before it.
  if (Step < 7 && NewTaskSetID !== '') return ['the task set steady'];
  if (Step === 4 && X && X.Attempt > 1) return ['the task set force-deleted and draining'];
  return PLACES[Step] ?? [];
}

const PLACES: Readonly<Record<number, readonly Place[]>> = {
  1: ['nothing changed'],
  2: ['nothing changed'],
  3: ['nothing changed'],
  4: [
    'the stale set scaled down',
    'the stale set force-deleted and draining',
    'the stale set deleted',
    'the stale set gone',
  ],
  5: ['nothing changed', 'the revision registered'],
  6: ['the revision registered', 'the task set created'],
  7: ['the task set created', 'the task set steady'],
  8: ['the task set steady'],
  9: ['the task set steady', 'swapped'],
  10: ['swapped', 'PRIMARY moved'],
  11: ['PRIMARY moved'],
  12: ['PRIMARY moved'],
  13: ['PRIMARY moved', 'the success recorded'],
};

/** What stands in a golden blob in place of what is different in each world. */
export interface Ids {
  readonly '<original>': string;
  readonly '<new>': string;
  readonly '<task definition>': string;
  readonly '<deploy id>': string;
  readonly '<digest>': string;
}

/**
 * The hello app with a command before and one after each deploy. Whatever was there before, v3 is to
 * go to green, where the rule has the higher number.
 */
export async function goldenScene(before: Before): Promise<DeployScene> {
  const scene = await DeployScene.create();
  if (before === 'v2') await scene.swapByHand();
  if (before === 'v2 and a stale v1') await scene.deploy('aaaa1111');
  if (before !== 'nothing') await scene.deploy('bbbb2222');
  Object.assign(scene.appConfig(), {
    PreDeployCommandTemplates: [{ Program: 'pre', Arguments: [] }],
    PostDeployCommandTemplates: [{ Program: 'post', Arguments: ['{{.TaskDefinition}}'] }],
  });
  return scene;
}

/** Cuts a deploy of v3 off at that place. */
export async function cutOff(
  scene: DeployScene,
  place: Place,
  writer: Writer,
  attempt = 1,
): Promise<Ids> {
  const [operation, isDone] = CUTS[place];
  const before = await scene.taskSets();
  scene.client.onCall = ({ input }) =>
    writer === 'go' ? asTheOriginalSends(input) : asInAttempt(attempt, input);
  await scene.crashAt(operation, 'cccc3333', { isDone });
  scene.client.onCall = () => {};
  if (place.endsWith('and draining')) await forceDelete(scene);
  if (place === 'the success recorded') {
    const build = { projectName: 'hello', buildNumber: 3 };
    await scene.artifacts.recordOutcome(build, 'dev', ['cfg00001'], 'success');
  }
  const { own } = scene.checkpoint(LOCK_KEY);
  const created = (await scene.taskSetsOn('green')).find(
    ({ id }) => !before.some((set) => set.id === id),
  );
  scene.commands.splice(0);
  return {
    '<original>': before.find(({ status }) => status === 'PRIMARY')?.id ?? '',
    '<new>': created?.id ?? '',
    '<task definition>': own?.taskDefinitionArn ?? created?.taskDefinitionArn ?? '',
    '<deploy id>': own?.deployId ?? '',
    '<digest>': scene.imageOf('v3').split('@')[1] ?? '',
  };
}

/** The original does not wait for the tasks to stop: it deletes by force at once. */
async function forceDelete(scene: DeployScene): Promise<void> {
  const [onGreen] = await scene.taskSetsOn('green');
  await scene.thirdParty('DeleteTaskSet', { ...SERVICE, taskSet: onGreen?.id, force: true });
  const sets = await scene.taskSets();
  if (!sets.some(({ status }) => status === 'DRAINING')) throw new Error('Nothing is draining.');
}

/** It gives a task set neither an external id nor a token, and a revision no tag of a deploy. */
function asTheOriginalSends(input: object): void {
  const sent = input as { externalId?: string; clientToken?: string; tags?: { key: string }[] };
  delete sent.externalId;
  delete sent.clientToken;
  if (sent.tags) sent.tags = sent.tags.filter(({ key }) => key !== 'ecs-deploy-id');
}

/** Whatever is sent today: this is how every version of ours has named its task sets. */
function asInAttempt(attempt: number, input: object): void {
  const sent = input as { externalId?: string };
  const [deployId] = /^[0-9a-f]{20}/.exec(sent.externalId ?? '') ?? [];
  if (deployId !== undefined) sent.externalId = `${deployId}.${attempt}`;
}

/** Puts the blob into the lock as its writer would have left it. */
export function leaveBehind(scene: DeployScene, blob: string, writer: Writer, ids: Ids): void {
  const data = { B: new TextEncoder().encode(withIds(blob, ids)) };
  const { isReleased: _isReleased, ...item } = scene.lockStore.item(LOCK_KEY);
  scene.lockStore.put(LOCK_KEY, writer === 'go' ? { ...DYNAMOLOCK, data } : { ...item, data });
}

/** As dynamolock 1.4 writes them. */
const DYNAMOLOCK = {
  ownerName: { S: 'q3ZtU7bXo1LrN5cVw9YsK2dMh8GfJ4pA' },
  leaseDuration: { S: '10s' },
  recordVersionNumber: { S: 'B6nTgR0yEw2xQ8kZv4CmU1jHs7LdP5fO' },
};

function withIds(blob: string, ids: Ids): string {
  return blob.replace(/<[a-z ]+>/g, (name) => {
    const id = ids[name as keyof Ids];
    // An empty one would make another blob of it, and the test would prove something else.
    if (!id) throw new Error(`The world has no ${name} for ${blob}`);
    return id;
  });
}

/** What is left when v3 has been deployed, however often that was cut off. */
export async function outcome(scene: DeployScene, run: Run) {
  const { isReleased, leaseDuration } = scene.lockStore.item(LOCK_KEY);
  const { artifact, done, newTaskSetId, step } = scene.checkpoint(LOCK_KEY);
  const { tags } = await scene.artifacts.get({ projectName: 'hello', buildNumber: 3 });
  const sets = await scene.taskSets();
  return {
    error: run.error?.message,
    serving: { artifact: run.serving?.artifact, taskSetId: run.serving?.taskSetId },
    activeColor: await activeColor(scene),
    isAlone: (await scene.taskSetsOn('green')).length === 1,
    sets: sets
      .map(({ id, runningCount, scalePercent, status }) => ({
        id,
        runningCount,
        scalePercent,
        status,
      }))
      .sort((a, b) => a.status.localeCompare(b.status)),
    recorded: tags?.['deploy-dev-cfg00001'],
    lock: { artifact: artifact.value, done, newTaskSetId, step },
    isReleased: isReleased?.S,
    leaseDuration: leaseDuration?.S,
  };
}

/** What it must be, after the world has had a set that stays and the one that serves. */
export function canonicalOutcome(original: string, serving: string) {
  const whole = { runningCount: 2, scalePercent: 100 };
  return {
    error: undefined,
    serving: { artifact: 'hello:v3', taskSetId: serving },
    activeColor: 'green',
    isAlone: true,
    sets: [
      ...(original === '' ? [] : [{ id: original, ...whole, status: 'ACTIVE' }]),
      { id: serving, ...whole, status: 'PRIMARY' },
    ],
    recorded: 'success',
    lock: { artifact: 'hello:v3', done: true, newTaskSetId: serving, step: 13 },
    isReleased: '1',
    leaseDuration: '0',
  };
}

async function activeColor(scene: DeployScene): Promise<Color | undefined> {
  const [active] = await scene.rules();
  const arn = active?.forwards[0]?.targetGroupArn;
  const { TargetGroupARNs } = scene.environmentConfig() as {
    TargetGroupARNs: Record<Color, string>;
  };
  return (['blue', 'green'] as const).find((color) => TargetGroupARNs[color] === arn);
}
