import { expect, test } from '@jest/globals';
import { encodeCheckpoint } from '../../../src/deploy/checkpoint.ts';
import { type Hold, withHold } from '../../../src/deploy/hold.ts';
import { VerifyScene } from './verify-scene.ts';

/** Whoever has the deploy lock, whom a deploy would have to wait for or decide about. */
export function lockCases(): void {
  const CUT_OFF = encodeCheckpoint({
    artifact: { buildNumber: 1, value: 'hello:v1', tags: { SHA: 'aaaa1111' } },
    configSha: 'c0ffee12',
    newTaskSetId: '',
    newActiveColor: 'green',
    done: false,
    step: 5,
  });
  const HOLD: Hold = { reason: 'a sale', by: 'ann@laptop', since: 'today', wasFree: true };

  const put = (scene: VerifyScene, leaseDuration: string, data: Uint8Array) =>
    scene.putLock({
      ownerName: { S: 'somebody' },
      leaseDuration: { S: leaseDuration },
      recordVersionNumber: { S: 'one' },
      data: { B: data },
    });

  test('a lock that nobody has is fine', async () => {
    const scene = await VerifyScene.start();

    expect(await scene.linesOf('lock')).toEqual(['✓ lock hello-dev: it is free']);
  });

  test.each([
    ['has given it up', '0s', ''],
    ['is silent', '10s', ', silent now'],
  ])('a deploy that was cut off and %s is a problem, with both ways on', async (_, lease, is) => {
    const scene = await VerifyScene.start();
    await put(scene, lease, CUT_OFF);

    const { checks, verdict } = await scene.verify();

    const [finding] = checks.find(({ name }) => name === 'lock')!.findings;
    expect(verdict).toBe('problem');
    expect(finding).toMatchObject({
      verdict: 'problem',
      message: `A deploy was cut off: hello:v1 with configuration c0ffee12 at step 5, by somebody (another tool)${is}.`,
      // What either would do is only known from AWS.
      hint: expect.stringMatching(
        /^Finish it with ecs-deploy -app hello -env dev .*-resume \(nothing of hello:v1 runs yet; .*\n.* -start-over \(nothing runs; /,
      ),
    });
  });

  test('a hold is a problem', async () => {
    const scene = await VerifyScene.start();
    await put(scene, '10s', withHold(CUT_OFF, HOLD));

    expect(await scene.linesOf('lock')).toEqual([
      '✗ lock hello-dev: Deploys of hello to dev are on hold: a sale (ann@laptop, today).',
    ]);
  });

  test('a deploy that has ended, and only has not released it, is fine', async () => {
    const scene = await VerifyScene.start();
    const done = { ...JSON.parse(new TextDecoder().decode(CUT_OFF)), Done: true };
    await put(scene, '10s', new TextEncoder().encode(JSON.stringify(done)));

    expect(await scene.linesOf('lock')).toEqual([
      expect.stringMatching(/^✓ lock hello-dev: ended, but not released: hello:v1 /),
    ]);
  });

  test('a record that no lock client has written is a problem', async () => {
    const scene = await VerifyScene.start();
    await put(scene, 'long', CUT_OFF);

    expect(await scene.linesOf('lock')).toEqual([expect.stringMatching(/^✗ lock hello-dev: /)]);
  });

  test.each([
    [
      'AccessDeniedException',
      /^\? lock hello-dev: these credentials may not call dynamodb:GetItem$/,
    ],
    ['ThrottlingException', /^\? lock hello-dev: .*ThrottlingException/],
  ])('a lock that is answered with %s is unknown', async (code, line) => {
    const scene = await VerifyScene.start();
    scene.fail('dynamodb.GetItem', code);

    expect(await scene.linesOf('lock')).toEqual([expect.stringMatching(line)]);
  });
}
