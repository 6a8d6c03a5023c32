import { expect, test } from '@jest/globals';
import { DeleteTaskSetCommand, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { VerifyScene } from './verify-scene.ts';

/** The service, and whether what runs in it is what the last deploy left. */
export function serviceCases(): void {
  const SERVICE = 'service hello-dev in cluster hello-dev';

  test('a service that takes task sets is fine', async () => {
    const scene = await VerifyScene.start();

    expect(await scene.linesOf('service')).toEqual([
      `✓ ${SERVICE}: is ACTIVE, with the controller EXTERNAL and 2 tasks desired`,
      '✓ room for a task set: 0 of 5 are in use',
    ]);
  });

  test('a service or a cluster that is not there is a problem, told once', async () => {
    const scene = await VerifyScene.start();
    scene.environment['Service'] = 'other';
    expect(await scene.linesOf('service')).toEqual([
      '✗ service other in cluster hello-dev: does not exist',
    ]);

    scene.environment['Cluster'] = 'nowhere';
    expect(await scene.linesOf('service')).toEqual(['✗ cluster nowhere: does not exist']);
    expect(await scene.linesOf('drift')).toEqual(['? task sets: there is no service']);
  });

  test('a service scaled to nothing is a problem', async () => {
    const scene = await VerifyScene.start();
    await scene.ecs.send(
      new UpdateServiceCommand({ cluster: 'hello-dev', service: 'hello-dev', desiredCount: 0 }),
    );

    expect((await scene.linesOf('service'))[0]).toBe(
      `✗ ${SERVICE}: has a desired count of 0: a new version would be healthy with no task`,
    );
  });

  test('a service that may not be described is unknown, and so is its drift', async () => {
    const scene = (await VerifyScene.start()).deny('ecs.DescribeServices');
    const why = 'these credentials may not call ecs:DescribeServices';

    expect(await scene.linesOf('service')).toEqual([`? ${SERVICE}: ${why}`]);
    expect(await scene.linesOf('drift')).toEqual([`? task sets: ${why}`]);
  });

  test('five task sets leave no room, unless the next deploy removes one', async () => {
    const scene = await VerifyScene.start();
    await scene.runTaskSet('blue', { isPrimary: true });
    for (let count = 0; count < 4; count++) await scene.runTaskSet('green');

    expect((await scene.linesOf('service'))[1]).toMatch(
      /^! room for a task set: all 5 that a service may have are in use: ecs-svc/,
    );

    // Of those of other target groups no deploy takes any away.
    const groups = scene.environment['TargetGroupARNs'] as { green: string };
    groups.green = `${groups.green}0`;
    expect((await scene.linesOf('service'))[1]).toMatch(/^✗ room for a task set/);
  });

  test('one task set that serves and is PRIMARY is no drift, with one more on the idle colour', async () => {
    const scene = await VerifyScene.start();
    const serving = await scene.runTaskSet('blue', { isPrimary: true });
    expect(await scene.linesOf('drift')).toEqual([
      `✓ task sets: ${serving} (PRIMARY) serves and is PRIMARY; the idle colour has none`,
    ]);

    const idle = await scene.runTaskSet('green');
    expect(await scene.linesOf('drift')).toEqual([
      `✓ task sets: ${serving} (PRIMARY) serves and is PRIMARY; the idle colour has ${idle}`,
    ]);
  });

  test('PRIMARY on the idle colour is a problem', async () => {
    const scene = await VerifyScene.start();
    await scene.runTaskSet('blue');
    const primary = await scene.runTaskSet('green', { isPrimary: true });

    expect(await scene.linesOf('drift')).toEqual([
      `✗ PRIMARY: is ${primary}, which is not on blue, the active colour`,
    ]);
  });

  test('two task sets on what serves are a problem, and on the idle colour a warning', async () => {
    const scene = await VerifyScene.start();
    await scene.runTaskSet('blue', { isPrimary: true });
    const other = await scene.runTaskSet('blue');
    for (let count = 0; count < 2; count++) await scene.runTaskSet('green');

    expect(await scene.linesOf('drift')).toEqual([
      expect.stringMatching(/^✗ blue: serves with 2 task sets: /),
      expect.stringMatching(/^! green: is idle, and has 2 task sets: /),
    ]);

    // What is draining is on its way out, and nobody's drift.
    await scene.ecs.send(
      new DeleteTaskSetCommand({
        cluster: 'hello-dev',
        service: 'hello-dev',
        taskSet: other,
        force: true,
      }),
    );
    expect(await scene.linesOf('drift')).toEqual([expect.stringMatching(/^! green: /)]);
  });

  test('a task set on neither colour is a warning, and so is a service without PRIMARY', async () => {
    const scene = await VerifyScene.start();
    await scene.runTaskSet('blue');
    const other = scene.environment['TargetGroupARNs'] as { green: string };
    const stray = await scene.runTaskSet('green', {
      targetGroupArn: other.green.replace('dev', 'prod').replace(/[^/]*$/, '09966783158cda59'),
    });

    expect(await scene.linesOf('drift')).toEqual([
      '! PRIMARY: is no task set',
      `! task sets: on neither target group: ${stray} (ACTIVE)`,
    ]);
  });

  test('rules that tell no active colour leave the drift unknown', async () => {
    const scene = await VerifyScene.start();
    const groups = scene.environment['TargetGroupARNs'] as { green: string };
    groups.green = `${groups.green}0`;

    expect(await scene.linesOf('drift')).toEqual(["? task sets: the rules don't tell who serves"]);
  });
}
