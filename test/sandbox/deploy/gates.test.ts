/**
 * Goal: an artifact gets into an environment only after it has proved itself in the one before, or by
 * a person's word, and whoever is refused is told all that is known.
 * Method: the hello app's prod, which requires dev. Refused means that nothing was changed and that
 * the lock is as it was.
 */
import { describe, expect, test } from '@jest/globals';
import { recordTagChange } from '../../../src/artifactdb/tag-history.ts';
import { CommandFailedError } from '../../../src/deploy/ports.ts';
import { DeployError, EXIT } from '../../../src/errors.ts';
import { DeployScene, type Run, type RunOptions } from '../../support/deploy-scene.ts';

const BUILD = { projectName: 'hello', buildNumber: 1 };
const LOCK_KEY = 'hello-prod';
const TO_PROD: RunOptions = { environmentName: 'prod' };

/** With v1 deployed to dev. */
async function provedInDev(): Promise<DeployScene> {
  const scene = await DeployScene.create();
  const run = await scene.deploy('aaaa1111');
  expect(run.error).toBeUndefined();
  return scene;
}

/** Sets the record of v1 in dev as `artifact-db tag set` would. */
function withdraw(scene: DeployScene): void {
  const tags = { SHA: 'aaaa1111', 'deploy-dev-cfg00001': 'failure' };
  scene.artifactStore.put({ ...BUILD, value: 'hello:v1', tags });
}

function expectRefused({ changes, error }: Run, message: RegExp): void {
  const exitCode = error instanceof DeployError ? error.exitCode : undefined;
  expect({ exitCode, changes }).toEqual({ exitCode: EXIT.refused, changes: [] });
  expect(error?.message).toMatch(message);
}

const warnings = ({ events }: Run) =>
  events.flatMap((event) => (event.type === 'warning' ? [event.message] : []));
const notes = ({ events }: Run) =>
  events.flatMap((event) => (event.type === 'note' ? [event.message] : []));

async function recordsOf(scene: DeployScene, environment = 'prod') {
  return (await scene.history.deploysTo({ app: 'hello', environment }, 10)).records;
}

describe('a refusal tells', () => {
  test('with which configuration it was deployed there instead, when and by whom', async () => {
    const scene = await provedInDev();
    await scene.deploy('bbbb2222', { configSha: 'cfg00002' }); // Another artifact proves nothing.

    const run = await scene.deploy('aaaa1111', { ...TO_PROD, configSha: 'cfg00002' });

    expectRefused(
      run,
      /^prod takes only .* dev: hello:v1 \(hello:1\) with configuration cfg00002 has not been deployed there\. It was deployed there with configuration cfg00001 \(at 2026-\S+Z by ann on test\); this is cfg00002\.$/,
    );
  });

  test('when it was tried last, and how that ended', async () => {
    const scene = await DeployScene.create();
    scene.client.faultFor = ({ operation }) =>
      operation === 'CreateTaskSet' ? 'denied' : undefined;
    await scene.deploy('aaaa1111');
    scene.client.faultFor = () => undefined;

    const run = await scene.deploy('aaaa1111', TO_PROD);

    expectRefused(run, /It was last tried at 2026-\S+ by ann on test: failed-before-swap\.$/);
  });

  test('who has withdrawn the record, and that it had succeeded', async () => {
    const scene = await provedInDev();
    withdraw(scene);
    const change = { ref: BUILD, key: 'deploy-dev-cfg00001', before: 'success', after: 'failure' };
    await recordTagChange(scene.journal, change, { user: 'bob', host: 'laptop' });

    const run = await scene.deploy('aaaa1111', TO_PROD);

    expectRefused(
      run,
      /cfg00001 is recorded as failed there\. It last succeeded at \S+ by ann on test\. The record was set by hand at 2026-\S+ by bob on laptop\.$/,
    );
  });

  test('who has taken the record away', async () => {
    const scene = await provedInDev();
    await scene.artifacts.removeTag(BUILD, 'deploy-dev-cfg00001');
    const change = { ref: BUILD, key: 'deploy-dev-cfg00001', before: 'success', after: null };
    await recordTagChange(scene.journal, change, { user: 'bob', host: 'laptop' });

    const run = await scene.deploy('aaaa1111', TO_PROD);

    expectRefused(run, /The record was withdrawn by hand at 2026-\S+ by bob on laptop\.$/);
  });

  test('what the tags say, when the history does not answer', async () => {
    const scene = await provedInDev();
    scene.journal.read = async () => {
      throw new Error('no permission');
    };

    const run = await scene.deploy('aaaa1111', { ...TO_PROD, configSha: 'cfg00002' });

    expectRefused(run, /It was deployed there with configuration cfg00001; this is cfg00002\.$/);
  });
});

describe('a gate that compares contents', () => {
  async function gatedByContent() {
    const scene = await DeployScene.create();
    scene.environmentConfig('prod')['Gate'] = 'content';
    await scene.deploy('aaaa1111');
    return scene;
  }

  test('is open after an unrelated commit', async () => {
    const scene = await gatedByContent();

    const run = await scene.deploy('aaaa1111', { ...TO_PROD, configSha: 'cfg00002' });

    expect(run.error).toBeUndefined();
  });

  test('is closed when what is deployed has changed, also under the same commit', async () => {
    const scene = await gatedByContent();
    scene.environmentConfig('dev')['Memory'] = '1024';

    const run = await scene.deploy('aaaa1111', TO_PROD);

    expectRefused(
      run,
      /with configuration content\.\w{16} has not .* with configuration content\.\w{16} \(at .*\); this is content\.\w{16}\.$/,
    );
  });

  test('finds its record beside that of the commit, both written with one request', async () => {
    const scene = await DeployScene.create();

    await scene.deploy('aaaa1111');

    const writes = scene.artifactStore.requests.filter((text) => text.startsWith('setTags'));
    const { tags } = await scene.artifacts.get(BUILD);
    expect(writes).toHaveLength(1);
    expect(tags).toEqual({
      SHA: 'aaaa1111',
      'deploy-dev-cfg00001': 'success',
      [`deploy-dev-${(await recordsOf(scene, 'dev'))[0]?.contentIdentity}`]: 'success',
    });
  });

  test('is not opened by a resume with another content under the same name', async () => {
    const scene = await DeployScene.create();
    await scene.crashAt('CreateTaskSet', 'aaaa1111');
    scene.environmentConfig('dev')['Memory'] = '1024';

    const run = await scene.deploy(undefined, { mode: 'resume' });

    const { tags } = await scene.artifacts.get(BUILD);
    expect(run.error).toBeUndefined();
    expect(Object.keys(tags ?? {})).toEqual(['SHA', 'deploy-dev-cfg00001']);
  });
});

describe('a record that is withdrawn while the lock is being taken', () => {
  const withdrawAtStart = (scene: DeployScene): RunOptions => ({
    ...TO_PROD,
    onEvent: ({ type }) => {
      if (type === 'deploy.started') withdraw(scene);
    },
  });

  test('refuses the deploy, and the lock is free as it was', async () => {
    const scene = await provedInDev();
    await scene.deploy('aaaa1111', TO_PROD);
    const before = scene.lockStore.item(LOCK_KEY);

    const run = await scene.deploy('aaaa1111', withdrawAtStart(scene));

    expectRefused(
      run,
      /is recorded as failed there\..*Nothing was changed, and the lock is free\./,
    );
    const after = scene.lockStore.item(LOCK_KEY);
    expect([after['data'], after['isReleased']]).toEqual([before['data'], before['isReleased']]);
    expect(after['recordVersionNumber']).not.toEqual(before['recordVersionNumber']);
  });

  test('refuses it before any command has run', async () => {
    const scene = await provedInDev();
    Object.assign(scene.appConfig(), {
      PreDeployCommandTemplates: [{ Program: 'stop-queue', Arguments: [] }],
    });

    const run = await scene.deploy('aaaa1111', withdrawAtStart(scene));

    expectRefused(run, /is recorded as failed there/);
    expect(scene.commands).toEqual([]);
    expect(run.events.map(({ type }) => type)).not.toContain('step.failed');
  });

  test('refuses a start-over, and the deploy that was cut off can be resumed as before', async () => {
    const scene = await provedInDev();
    await scene.deploy('bbbb2222');
    // A start-over has to make what serves PRIMARY, before its first step.
    await scene.crashAt('UpdateServicePrimaryTaskSet', 'bbbb2222', TO_PROD);
    const before = scene.lockStore.item(LOCK_KEY);

    const run = await scene.deploy('aaaa1111', { ...withdrawAtStart(scene), mode: 'start-over' });

    expectRefused(run, /lock is kept for the deploy that was cut off/);
    expect(scene.lockStore.item(LOCK_KEY)['data']).toEqual(before['data']);
    expect(scene.lockStore.item(LOCK_KEY)['isReleased']).toBeUndefined();
    const resumed = await scene.deploy(undefined, { ...TO_PROD, mode: 'resume' });
    expect(resumed.serving).toMatchObject({ artifact: 'hello:v2' });
  });

  test('is asked for while the first steps read', async () => {
    const scene = await provedInDev();
    const log: string[] = [];
    const get = scene.artifactStore.get.bind(scene.artifactStore);
    scene.artifactStore.get = async (ref) => {
      const artifact = await get(ref);
      log.push('answered');
      return artifact;
    };

    await scene.deploy('aaaa1111', {
      ...TO_PROD,
      onEvent: (event) => {
        if (event.type === 'step.started') log.push(`step ${event.number}`);
      },
    });

    expect(log.slice(0, 3)).toEqual(['step 3', 'answered', 'step 5']);
  });
});

describe('a resume asks the gate again', () => {
  test('before the swap, and leaves the lock alone when it is closed by now', async () => {
    const scene = await provedInDev();
    await scene.crashAt('CreateTaskSet', 'aaaa1111', TO_PROD);
    const before = scene.lockStore.item(LOCK_KEY);
    withdraw(scene);

    const run = await scene.deploy(undefined, { ...TO_PROD, mode: 'resume' });

    expectRefused(run, /is recorded as failed there/);
    expect(scene.lockStore.item(LOCK_KEY)).toEqual(before);
  });

  test('not after the swap: what serves already is finished', async () => {
    const scene = await provedInDev();
    await scene.crashAt('SetRulePriorities', 'aaaa1111', { ...TO_PROD, isDone: true });
    withdraw(scene);

    const run = await scene.deploy(undefined, { ...TO_PROD, mode: 'resume' });

    expect(run.error).toBeUndefined();
    expect(run.serving).toMatchObject({ artifact: 'hello:v1' });
  });
});

describe('a person overrides the gate', () => {
  const OVERRIDE: RunOptions = { ...TO_PROD, gateOverride: 'outage, see INC-7' };

  test('which is said as a warning, with what it overrides, and recorded', async () => {
    const scene = await DeployScene.create();

    const run = await scene.deploy('aaaa1111', OVERRIDE);

    expect(run.error).toBeUndefined();
    expect(warnings(run)).toEqual([
      expect.stringMatching(
        /^prod takes only .* has not been deployed there\. Overridden: outage, see INC-7$/,
      ),
    ]);
    expect(await recordsOf(scene)).toMatchObject([
      { outcome: 'success', gateOverride: 'outage, see INC-7', by: { user: 'ann' } },
    ]);
  });

  test('once: whoever resumes need not', async () => {
    const scene = await DeployScene.create();
    await scene.crashAt('CreateTaskSet', 'aaaa1111', OVERRIDE);

    const run = await scene.deploy(undefined, { ...TO_PROD, mode: 'resume' });

    expect(run.error).toBeUndefined();
    expect(notes(run)).toContain(
      'The gate was overridden when this deploy began: outage, see INC-7',
    );
    expect(await recordsOf(scene)).toMatchObject([
      { mode: 'resume', gateOverride: 'outage, see INC-7' },
    ]);
  });

  test.each(['resume', 'start-over'] as const)('with -%s as well', async (mode) => {
    const scene = await provedInDev();
    await scene.crashAt('CreateTaskSet', 'aaaa1111', TO_PROD);
    withdraw(scene);

    const run = await scene.deploy(mode === 'resume' ? undefined : 'aaaa1111', {
      ...OVERRIDE,
      mode,
    });

    expect(run.error).toBeUndefined();
    expect(await recordsOf(scene)).toMatchObject([{ mode, gateOverride: 'outage, see INC-7' }]);
  });

  test('also when it is closed only while the lock is being taken', async () => {
    const scene = await provedInDev();

    const run = await scene.deploy('aaaa1111', {
      ...OVERRIDE,
      onEvent: ({ type }) => {
        if (type === 'deploy.started') withdraw(scene);
      },
    });

    expect(run.error).toBeUndefined();
    expect(warnings(run)).toEqual([expect.stringMatching(/Overridden: outage/)]);
    expect(await recordsOf(scene)).toMatchObject([{ gateOverride: 'outage, see INC-7' }]);
  });

  test('for nothing, when it is open: that is said, and not recorded', async () => {
    const scene = await provedInDev();

    const run = await scene.deploy('aaaa1111', OVERRIDE);

    expect(notes(run)).toEqual(['--override-gate was not needed: the gate is open to hello:v1.']);
    const [record] = await recordsOf(scene);
    expect(record).toMatchObject({ outcome: 'success' });
    expect(record).not.toHaveProperty('gateOverride');
  });
});

test('a deploy that failed after an override still needs one when it is started over', async () => {
  const scene = await DeployScene.create();
  Object.assign(scene.appConfig(), {
    PreDeployCommandTemplates: [{ Program: 'fails', Arguments: [] }],
  });
  scene.onCommand = () => {
    throw new CommandFailedError('fails exited with code 1.');
  };
  await scene.deploy('aaaa1111', { ...TO_PROD, gateOverride: 'outage' });

  const run = await scene.deploy('aaaa1111', { ...TO_PROD, mode: 'start-over' });

  expectRefused(run, /has not been deployed there/);
});

test('an image that is another one than the one that proved itself is let through, and told', async () => {
  const scene = await provedInDev();
  const proven = scene.imageOf('v1').split('@')[1];
  scene.retag('v1', 'v3');

  const run = await scene.deploy('aaaa1111', TO_PROD);

  expect(run.error).toBeUndefined();
  const other = scene.imageOf('v3').split('@')[1];
  expect(warnings(run)).toEqual([
    `The image hello:v1 is ${other} here, and was ${proven} when it was deployed to dev.`,
  ]);
});
