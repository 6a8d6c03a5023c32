/**
 * Goal: what was once written into a lock can be resumed for ever: by the original tool at each of its
 * steps, and by every version of ours.
 * Method: fixtures/ has the data of the lock's item, one folder for each format that was ever written
 * and a line for each write that no other folder has. A deploy is cut off where that write was the last one, before the effect
 * of its step and after it; the line is put in place of its data; -resume must end in the state of a
 * deploy that was never cut off. Ids, which differ in each world, stand as <names>.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { EXIT } from '../../../../src/errors.ts';
import {
  type Before,
  canonicalOutcome,
  cutOff,
  type GoldenBlob,
  goldenScene,
  leaveBehind,
  LOCK_KEY,
  outcome,
  type Place,
  placesOf,
  type Writer,
} from './golden-scene.ts';
import { STORIES, written } from './stories.ts';

const FIXTURES = new URL('fixtures/', import.meta.url);
/** The folder of the format that is written now. */
const CURRENT_FORMAT = 'x1-images';
const OUR_FORMATS = readdirSync(FIXTURES).filter((format) => format !== 'go');

interface Case {
  readonly name: string;
  readonly text: string;
  readonly blob: GoldenBlob;
  readonly place: Place;
  readonly before: Before;
}

/** Lines that one format has as another: several deploys begin alike, and formats change little. */
const seen = new Set<string>();

/** Each line at each place where it can have been the last. */
function casesOf(format: string): Case[] {
  return readdirSync(new URL(`${format}/`, FIXTURES)).flatMap((file) =>
    linesOf(`${format}/${file}`).flatMap((text, index) => {
      if (seen.has(text)) return [];
      seen.add(text);
      const blob = JSON.parse(text) as GoldenBlob;
      // What the effect of the last step changes, the fixture of one whole deploy proves.
      const isWhole = file === 'deploy.jsonl' && [CURRENT_FORMAT, 'go'].includes(format);
      const places = isWhole ? placesOf(blob) : placesOf(blob).slice(0, 1);
      return places.map((place) => {
        const before = beforeOf(file, place);
        return {
          name: `${format}/${file}:${index + 1} at step ${blob.Step}, ${place}`,
          text,
          blob,
          place,
          before,
        };
      });
    }),
  );
}

function beforeOf(file: string, place: Place): Before {
  if (file.startsWith('first-deploy')) return 'nothing';
  return place.startsWith('the stale set') ? 'v2 and a stale v1' : 'v2';
}

function linesOf(file: string): string[] {
  return readFileSync(new URL(file, FIXTURES), 'utf8').trim().split('\n');
}

/** The world as the blob's writer left it, with the blob in the lock. */
async function leftBehind({ before, blob, place, text }: Case, writer: Writer) {
  const scene = await goldenScene(before);
  const ids = await cutOff(scene, place, writer, blob.X?.Attempt);
  leaveBehind(scene, text, writer, ids);
  return { scene, ids };
}

/** The original does not tell which commands have run; after its swap those before it have. */
function commandsToRun({ blob: { X }, place }: Case): string[] {
  if (X?.CmdsSkipped) return [];
  const hasSwapped = ['swapped', 'PRIMARY moved', 'the success recorded'].includes(place);
  const isPreDone = X ? X.Pre > 0 : hasSwapped;
  const isPostDone = X ? X.Post > 0 : false;
  return [...(isPreDone ? [] : ['pre']), ...(isPostDone ? [] : ['post'])];
}

/** Resumes, and compares what is left with what a deploy leaves that was never cut off. */
async function expectFinishedByResume(golden: Case, writer: Writer): Promise<void> {
  const { ids, scene } = await leftBehind(golden, writer);
  const skipCommands = golden.blob.X?.CmdsSkipped ?? false;

  const run = await scene.deploy(undefined, { mode: 'resume', skipCommands });

  // Ours knows its task set also when its id is not recorded yet; that of the original is made anew.
  const isKept = golden.text.includes('<new>') || (writer === 'ours' && ids['<new>'] !== '');
  const serving = isKept ? ids['<new>'] : scene.newTaskSetId(LOCK_KEY);
  expect(await outcome(scene, run)).toEqual(canonicalOutcome(ids['<original>'], serving));
  expect(scene.commands.map((command) => command.split(' ')[0])).toEqual(commandsToRun(golden));
}

/** Nothing is left to decide: a plain deploy goes on by itself once the lock is silent. */
async function expectLeftBehind(golden: Case, writer: Writer): Promise<void> {
  const { scene } = await leftBehind(golden, writer);

  const resumed = await scene.deploy(undefined, { mode: 'resume' });
  const next = await scene.deploy('aaaa1111');

  expect(resumed.error).toMatchObject({ exitCode: EXIT.refused });
  expect(resumed.error?.message).toMatch(/hello:v3 has succeeded; there is nothing to resume/);
  expect(resumed.changes).toEqual([]);
  expect(next.error).toBeUndefined();
  expect(next.serving).toMatchObject({ artifact: 'hello:v1' });
}

const isDone = ({ blob }: Case) => blob.Done;
const isUnfinished = ({ blob }: Case) => !blob.Done;

describe('a deploy of the original tool', () => {
  const cases = casesOf('go');

  test.each(cases.filter(isUnfinished))('$name, is finished by -resume', async (golden) => {
    await expectFinishedByResume(golden, 'go');
  });

  test.each(cases.filter(isDone))('$name, is over', async (golden) => {
    await expectLeftBehind(golden, 'go');
  });

  test('that has only taken a lock which nobody had before, is begun anew by -start-over', async () => {
    const scene = await goldenScene('v2');
    const ids = await cutOff(scene, 'nothing changed', 'go');
    leaveBehind(scene, '', 'go', ids);

    const resumed = await scene.deploy(undefined, { mode: 'resume' });
    const plain = await scene.deploy('cccc3333');
    const run = await scene.deploy('cccc3333', { mode: 'start-over' });

    expect(resumed.error).toMatchObject({ exitCode: EXIT.needsHuman });
    expect(resumed.error).toMatchObject({ hint: expect.stringContaining('-start-over') });
    expect(plain.error).toMatchObject({ exitCode: EXIT.locked });
    expect([...resumed.changes, ...plain.changes]).toEqual([]);
    expect(await outcome(scene, run)).toEqual(
      canonicalOutcome(ids['<original>'], scene.newTaskSetId(LOCK_KEY)),
    );
  });
});

describe('a deploy of ours', () => {
  const cases = OUR_FORMATS.flatMap(casesOf);

  test.each(cases.filter(isUnfinished))('$name, is finished by -resume', async (golden) => {
    await expectFinishedByResume(golden, 'ours');
  });

  test.each(cases.filter(isDone))('$name, is over', async (golden) => {
    await expectLeftBehind(golden, 'ours');
  });
});

/**
 * When this fails, the format has changed: name a new folder in `CURRENT_FORMAT`, write it with
 * WRITE_GOLDEN=1, and leave the others as they are. Somebody may have to resume from them.
 */
test.each(Object.entries(STORIES))('%s writes exactly what its fixture has', async (name, tell) => {
  const texts = written(await tell());

  const file = `${CURRENT_FORMAT}/${name}.jsonl`;
  if (process.env['WRITE_GOLDEN']) writeFileSync(new URL(file, FIXTURES), `${texts.join('\n')}\n`);
  expect(texts).toEqual(linesOf(file));
});
