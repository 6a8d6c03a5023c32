/**
 * Goal: task sets come up, stay up and go away as those of AWS do.
 * Method: a world on a virtual clock whose containers do what a script says; the scheduler ticks
 * every 10 s, a task takes 25 s to start and 10 s to be deprovisioned.
 */
import { describe, expect, test } from '@jest/globals';
import { addTargetGroup, createScene, type Scene, webContainer } from './ecs-scene.ts';

const RUNNING_AFTER = 40; // One tick, 25 s of start, and the tick that looks at it.

function statuses({ events }: Scene, taskArn: string | undefined): string[] {
  return events.flatMap((event) =>
    event.type === 'task.statusChanged' && event.taskArn === taskArn ? [event.lastStatus] : [],
  );
}

describe('a task set', () => {
  test('is steady once as many tasks run as it should have', () => {
    const scene = createScene();

    const created = scene.createTaskSet();
    scene.pass(10);
    const starting = scene.taskSet(created.id);
    scene.pass(RUNNING_AFTER - 10);
    const steady = scene.taskSet(created.id);

    expect(created).toMatchObject({ computedDesiredCount: 2, stabilityStatus: 'STABILIZING' });
    expect(starting).toMatchObject({
      pendingCount: 2,
      runningCount: 0,
      stabilityStatus: 'STABILIZING',
    });
    expect(steady).toMatchObject({
      pendingCount: 0,
      runningCount: 2,
      stabilityStatus: 'STEADY_STATE',
    });
    expect(steady!.stabilityStatusAt!.getTime()).toBeGreaterThan(created.createdAt!.getTime());
    expect(scene.service()).toMatchObject({ runningCount: 2, pendingCount: 0 });
  });

  test('tells what it does in the service events, newest first', () => {
    const scene = createScene();

    const { id } = scene.createTaskSet();
    scene.pass(RUNNING_AFTER);

    const [first, second] = scene.tasks(id).map((task) => task.taskArn!.split('/').at(-1));
    expect(scene.messages()).toEqual([
      `(service s) updated computedDesiredCount for taskSet ${id} to 2.`,
      `(service s, taskSet ${id}) has started 2 tasks: (task ${first}) (task ${second}).`,
      `(service s, taskSet ${id}) updated state to STEADY_STATE.`,
      '(service s) has reached a steady state.',
    ]);
  });

  test('keeps the newest 100 service events', () => {
    const scene = createScene();
    const { id } = scene.createTaskSet();

    for (let i = 0; i < 150; i++) {
      scene.ecs('UpdateService', { cluster: 'c', service: 's', desiredCount: i + 3 });
    }

    expect(scene.service().events).toHaveLength(100);
    expect(scene.service().events![0]!.message).toBe(
      `(service s) updated computedDesiredCount for taskSet ${id} to 152.`,
    );
  });

  test('is not steady before its targets are healthy', () => {
    const scene = createScene();
    const { loadBalancers, sick, targetState } = addTargetGroup(scene);
    sick.add('127.16.0.1');

    const { id } = scene.createTaskSet({ loadBalancers });
    scene.pass(40);
    const [task] = scene.tasks(id);

    expect(scene.taskSet(id)).toMatchObject({ runningCount: 2, stabilityStatus: 'STABILIZING' });
    expect(targetState(task!.containers![0]!.networkInterfaces![0]!.privateIpv4Address!)).not.toBe(
      'healthy',
    );
    sick.clear();
    scene.pass(60);
    expect(scene.taskSet(id)).toMatchObject({ runningCount: 2, stabilityStatus: 'STEADY_STATE' });
  });

  test.each([
    { desired: 3, percent: 1, computed: 1 },
    { desired: 100, percent: 7, computed: 7 },
    { desired: 250, percent: 64.4, computed: 161 },
    { desired: 3, percent: 50, computed: 2 },
    { desired: 3, percent: 0, computed: 0 },
    { desired: 0, percent: 100, computed: 0 },
  ])('of $desired at $percent % wants $computed tasks', ({ desired, percent, computed }) => {
    const scene = createScene();
    scene.ecs('UpdateService', { cluster: 'c', service: 's', desiredCount: desired });

    const taskSet = scene.createTaskSet({ scale: { value: percent, unit: 'PERCENT' } });

    expect(taskSet.computedDesiredCount).toBe(computed);
  });

  test('with no tasks to run is steady on the next tick', () => {
    const scene = createScene();
    scene.ecs('UpdateService', { cluster: 'c', service: 's', desiredCount: 0 });

    const { id } = scene.createTaskSet();
    scene.pass(10);

    expect(scene.taskSet(id)).toMatchObject({ runningCount: 0, stabilityStatus: 'STEADY_STATE' });
  });

  test('shows the old steady state for a while after a change of scale, even over a tick', () => {
    const scene = createScene({ staleSteadySeconds: 15 });
    const { id } = scene.createTaskSet();
    scene.pass(RUNNING_AFTER);

    scene.ecs('UpdateService', { cluster: 'c', service: 's', desiredCount: 3 });
    scene.pass(14);
    const before = scene.taskSet(id);
    scene.pass(2);
    const after = scene.taskSet(id);

    expect(before).toMatchObject({ computedDesiredCount: 3, stabilityStatus: 'STEADY_STATE' });
    expect(after).toMatchObject({ computedDesiredCount: 3, stabilityStatus: 'STABILIZING' });
  });

  test('scaled to 0 stops its tasks and stays', () => {
    const scene = createScene();
    const { id } = scene.createTaskSet();
    scene.pass(RUNNING_AFTER);

    scene.ecs('UpdateTaskSet', {
      cluster: 'c',
      service: 's',
      taskSet: id,
      scale: { value: 0, unit: 'PERCENT' },
    });
    scene.pass(30);

    expect(scene.taskSet(id)).toMatchObject({ runningCount: 0, stabilityStatus: 'STEADY_STATE' });
    expect(scene.tasks(id)).toMatchObject([
      {
        lastStatus: 'STOPPED',
        stopCode: 'ServiceSchedulerInitiated',
        stoppedReason: `Scaling activity initiated by (deployment ${id})`,
        containers: [{ exitCode: 143 }],
      },
      { lastStatus: 'STOPPED' },
    ]);
  });

  test('is not steady while a task too many is on its way', () => {
    const scene = createScene();
    const { id } = scene.createTaskSet();
    scene.pass(RUNNING_AFTER);
    scene.ecs('UpdateService', { cluster: 'c', service: 's', desiredCount: 3 });
    scene.pass(10);

    scene.ecs('UpdateTaskSet', {
      cluster: 'c',
      service: 's',
      taskSet: id,
      scale: { value: 66, unit: 'PERCENT' },
    });

    expect(scene.taskSet(id)).toMatchObject({
      computedDesiredCount: 2,
      runningCount: 2,
      pendingCount: 1,
      stabilityStatus: 'STABILIZING',
    });
  });

  test('scales in what does not run yet first', () => {
    const scene = createScene();
    const { id } = scene.createTaskSet();
    scene.pass(RUNNING_AFTER);
    scene.ecs('UpdateService', { cluster: 'c', service: 's', desiredCount: 3 });
    scene.pass(10);

    scene.ecs('UpdateService', { cluster: 'c', service: 's', desiredCount: 2 });
    scene.pass(20);

    const stopped = scene.tasks(id).filter(({ desiredStatus }) => desiredStatus === 'STOPPED');
    expect(stopped).toHaveLength(1);
    expect(stopped[0]!.startedAt).toBeUndefined();
    expect(scene.taskSet(id)).toMatchObject({ runningCount: 2 });
  });

  test('goes on with a deregistered task definition', () => {
    const scene = createScene();
    const taskDefinition = scene.register();
    const { id } = scene.createTaskSet({ taskDefinition });

    scene.ecs('DeregisterTaskDefinition', { taskDefinition });
    scene.pass(RUNNING_AFTER);

    expect(scene.taskSet(id)).toMatchObject({ runningCount: 2, stabilityStatus: 'STEADY_STATE' });
  });
});

describe('a deleted task set', () => {
  test('is DRAINING until its last task has stopped, then gone', () => {
    const scene = createScene();
    const { loadBalancers } = addTargetGroup(scene, { delaySeconds: 60 });
    const { id } = scene.createTaskSet({ loadBalancers });
    scene.pass(60);

    scene.ecs('DeleteTaskSet', { cluster: 'c', service: 's', taskSet: id, force: true });
    scene.pass(15);
    const draining = scene.taskSet(id);
    const deactivating = scene.tasks(id);
    scene.pass(80);

    expect(draining).toMatchObject({ status: 'DRAINING', computedDesiredCount: 0 });
    expect(deactivating).toMatchObject([
      { lastStatus: 'DEACTIVATING' },
      { lastStatus: 'DEACTIVATING' },
    ]);
    expect(scene.taskSet(id)).toBeUndefined();
    expect(scene.events).toContainEqual({
      type: 'taskSet.removed',
      taskSetArn: draining!.taskSetArn,
    });
    expect(scene.service().taskSets).toEqual([]);
  });

  test('leaves its load balancer before its containers get SIGTERM', () => {
    const scene = createScene();
    const { loadBalancers, targetGroupArn } = addTargetGroup(scene, { delaySeconds: 60 });
    const { id } = scene.createTaskSet({ loadBalancers });
    scene.pass(60);
    const [task] = scene.tasks(id);
    const address = task!.containers![0]!.networkInterfaces![0]!.privateIpv4Address!;

    scene.ecs('DeleteTaskSet', { cluster: 'c', service: 's', taskSet: id, force: true });
    scene.pass(100);

    expect(statuses(scene, task!.taskArn)).toEqual([
      'PROVISIONING',
      'PENDING',
      'ACTIVATING',
      'RUNNING',
      'DEACTIVATING',
      'STOPPING',
      'DEPROVISIONING',
      'STOPPED',
    ]);
    const removed = scene.events.findIndex(
      (event) => event.type === 'target.removed' && event.address === address,
    );
    const stopping = scene.events.findIndex(
      (event) =>
        event.type === 'task.statusChanged' &&
        event.taskArn === task!.taskArn &&
        event.lastStatus === 'STOPPING',
    );
    expect(removed).toBeGreaterThan(-1);
    expect(stopping).toBeGreaterThan(removed);
    expect(scene.messages()).toEqual(
      expect.arrayContaining([
        `(service s) deregistered 2 targets in (target-group ${targetGroupArn})`,
        `(service s, taskSet ${id}) has begun draining connections on 2 tasks.`,
      ]),
    );
  });

  test('stops its containers as soon as draining is over, not on the next tick', () => {
    const scene = createScene();
    const { loadBalancers } = addTargetGroup(scene, { delaySeconds: 33 });
    const { id } = scene.createTaskSet({ loadBalancers });
    scene.pass(60);

    scene.ecs('DeleteTaskSet', { cluster: 'c', service: 's', taskSet: id, force: true });
    scene.pass(10 + 32);
    const before = scene.runtime.running();
    scene.pass(1);

    expect(before).toHaveLength(2);
    expect(scene.runtime.running()).toEqual([]);
  });

  test('waits for no target of a task whose program ends while it drains', () => {
    const scene = createScene();
    const { loadBalancers } = addTargetGroup(scene, { delaySeconds: 3600 });
    const { id } = scene.createTaskSet({ loadBalancers });
    scene.pass(60);
    scene.ecs('DeleteTaskSet', { cluster: 'c', service: 's', taskSet: id, force: true });
    scene.pass(15);

    for (const { taskArn } of scene.runtime.running()) {
      scene.runtime.exit(taskArn, 'web', { exitCode: 0 });
    }
    scene.pass(20);

    expect(scene.taskSet(id)).toBeUndefined();
    expect(scene.tasks(id)).toMatchObject([
      { stopCode: 'ServiceSchedulerInitiated', containers: [{ exitCode: 0 }] },
      { stopCode: 'ServiceSchedulerInitiated', containers: [{ exitCode: 0 }] },
    ]);
  });

  test('is gone too when its target group was deleted while it drained', () => {
    const scene = createScene();
    const { loadBalancers, targetGroupArn } = addTargetGroup(scene, { delaySeconds: 3600 });
    const { id } = scene.createTaskSet({ loadBalancers });
    scene.pass(60);
    scene.ecs('DeleteTaskSet', { cluster: 'c', service: 's', taskSet: id, force: true });
    scene.pass(15);

    scene.region.elb.targetGroups.delete(targetGroupArn);
    scene.pass(40);

    expect(scene.taskSet(id)).toBeUndefined();
  });
});

describe('a container', () => {
  test('that ignores SIGTERM is killed after its stop timeout', () => {
    const scene = createScene();
    scene.runtime.script({ command: 'web' }, { onSigterm: 'ignore' });
    const taskDefinition = scene.register([webContainer({ stopTimeout: 50 })]);
    const { id } = scene.createTaskSet({ taskDefinition });
    scene.pass(RUNNING_AFTER);
    const [task] = scene.tasks(id);

    scene.ecs('StopTask', { cluster: 'c', task: task!.taskArn });
    scene.pass(49);
    const before = scene.tasks(id).find(({ taskArn }) => taskArn === task!.taskArn);
    scene.pass(12);
    const after = scene.tasks(id).find(({ taskArn }) => taskArn === task!.taskArn);

    expect(before).toMatchObject({
      lastStatus: 'STOPPING',
      containers: [{ lastStatus: 'RUNNING' }],
    });
    expect(after).toMatchObject({
      lastStatus: 'STOPPED',
      stopCode: 'UserInitiated',
      stoppedReason: 'Task stopped by user',
      containers: [{ exitCode: 137 }],
    });
  });

  test('that finishes its work after SIGTERM in time is not killed', () => {
    const scene = createScene();
    scene.runtime.script({}, { onSigterm: { exitsAfterMs: 20_000, exitCode: 0 } });
    const { id } = scene.createTaskSet();
    scene.pass(RUNNING_AFTER);

    scene.ecs('StopTask', { cluster: 'c', task: scene.tasks(id)[0]!.taskArn });
    scene.pass(19);
    const before = scene.tasks(id).at(-1);
    scene.pass(20);
    const after = scene.tasks(id).at(-1);

    expect(before).toMatchObject({ lastStatus: 'STOPPING' });
    expect(after).toMatchObject({ lastStatus: 'STOPPED', containers: [{ exitCode: 0 }] });
  });

  test('is killed after 30 s when its definition does not say', () => {
    const scene = createScene();
    scene.runtime.script({}, { onSigterm: 'ignore' });
    const { id } = scene.createTaskSet();
    scene.pass(RUNNING_AFTER);

    scene.ecs('StopTask', { cluster: 'c', task: scene.tasks(id)[0]!.taskArn });
    scene.pass(29);
    expect(scene.runtime.running()).toHaveLength(2);
    scene.pass(1);
    expect(scene.runtime.running()).toHaveLength(1);
  });

  test('that is not essential may exit while its task goes on', () => {
    const scene = createScene();
    scene.runtime.script({ command: 'sidecar' }, { exits: { afterMs: 1000, exitCode: 3 } });
    const sidecar = { name: 'sidecar', image: webContainer().image, command: ['sidecar'] };
    const taskDefinition = scene.register([webContainer(), { ...sidecar, essential: false }]);

    const { id } = scene.createTaskSet({ taskDefinition });
    scene.pass(60);

    expect(scene.tasks(id)).toHaveLength(2);
    expect(scene.tasks(id)[0]).toMatchObject({
      lastStatus: 'RUNNING',
      containers: [{ lastStatus: 'RUNNING' }, { lastStatus: 'STOPPED', exitCode: 3 }],
    });
  });

  test('that is essential takes the others with it', () => {
    const scene = createScene();
    scene.runtime.script({ command: 'sidecar' }, { exits: { afterMs: 1000, exitCode: 3 } });
    const sidecar = { name: 'sidecar', image: webContainer().image, command: ['sidecar'] };
    const taskDefinition = scene.register([webContainer(), sidecar]);

    const { id } = scene.createTaskSet({ taskDefinition });
    scene.pass(50);

    expect(scene.tasks(id).at(-1)).toMatchObject({
      lastStatus: 'STOPPED',
      stopCode: 'EssentialContainerExited',
      stoppedReason: 'Essential container in task exited',
      containers: [{ exitCode: 143 }, { exitCode: 3 }],
    });
  });

  test('is told its command and its variables: the image’s, the definition’s, then secrets', () => {
    const scene = createScene();
    scene.region.ssm.parameters.set('/token', {
      name: '/token',
      type: 'SecureString',
      versions: [{ version: 1, value: 'secret', lastModified: new Date(0) }],
    });
    const taskDefinition = scene.register([
      webContainer({
        entryPoint: ['node'],
        command: ['server.js'],
        environment: [{ name: 'A', value: '1' }],
        secrets: [{ name: 'TOKEN', valueFrom: '/token' }],
      }),
    ]);

    scene.createTaskSet({ taskDefinition });
    scene.pass(RUNNING_AFTER);

    expect(scene.runtime.running().map(({ address }) => address)).toEqual([
      '127.16.0.1',
      '127.16.0.2',
    ]);
    expect(scene.runtime.running()[0]!.containers).toEqual([
      {
        name: 'web',
        image: webContainer().image,
        command: ['node', 'server.js'],
        environment: { A: '1', TOKEN: 'secret' },
        ports: [8080],
      },
    ]);
  });
});

describe('a task that cannot start', () => {
  const missing = webContainer({ image: webContainer().image!.replace(':v1', ':nope') });

  function stoppedTimes(scene: Scene, id: string | undefined): number[] {
    const startMs = Date.UTC(2026, 0, 1);
    return scene
      .tasks(id)
      .filter(({ stopCode }) => stopCode === 'TaskFailedToStart')
      .map(({ createdAt }) => (createdAt!.getTime() - startMs) / 1000);
  }

  test('says which image is missing and has no exit code', () => {
    const scene = createScene();

    const { id } = scene.createTaskSet({ taskDefinition: scene.register([missing]) });
    scene.pass(50);

    const reason = `CannotPullContainerError: pull image manifest has been retried 5 time(s): failed to resolve ref ${missing.image}: ${missing.image}: not found`;
    const stopped = scene.tasks(id).find(({ lastStatus }) => lastStatus === 'STOPPED');
    expect(stopped).toMatchObject({
      stopCode: 'TaskFailedToStart',
      stoppedReason: reason,
      containers: [{ reason, lastStatus: 'STOPPED', exitCode: undefined }],
    });
    expect(stopped!.startedAt).toBeUndefined();
    expect(scene.taskSet(id)).toMatchObject({ stabilityStatus: 'STABILIZING', runningCount: 0 });
  });

  test('is retried ever more slowly', () => {
    const scene = createScene({ startThrottleSeconds: 20 });
    scene.ecs('UpdateService', { cluster: 'c', service: 's', desiredCount: 1 });

    const { id } = scene.createTaskSet({ taskDefinition: scene.register([missing]) });
    scene.pass(600);

    // Each attempt fails after 25 s; then 20, 40, 80 and 160 s go by until the next tick.
    expect(stoppedTimes(scene, id)).toEqual([10, 60, 130, 240, 430]);
    const message = '(service s) is unable to consistently start tasks successfully.';
    expect(scene.messages().filter((m) => m === message)).toHaveLength(1);
  });

  test('is never retried more rarely than every 27 minutes', () => {
    const scene = createScene({ startThrottleSeconds: 1000 });
    scene.ecs('UpdateService', { cluster: 'c', service: 's', desiredCount: 1 });
    let created = 0;
    scene.world.subscribe((event) => {
      if (event.type === 'task.statusChanged' && event.lastStatus === 'PROVISIONING') created++;
    });

    scene.createTaskSet({ taskDefinition: scene.register([missing]) });
    scene.pass(10 + 1030 + 27 * 60 * 10 + 10 * 50);

    expect(created).toBe(12);
  });

  test('counts tasks that fail together as one failure', () => {
    const scene = createScene({ startThrottleSeconds: 20 });

    const { id } = scene.createTaskSet({ taskDefinition: scene.register([missing]) });
    scene.pass(100);

    expect(stoppedTimes(scene, id)).toEqual([10, 10, 60, 60]);
  });

  test('starts at full speed again once one has run', () => {
    const scene = createScene({ startThrottleSeconds: 200 });
    scene.ecs('UpdateService', { cluster: 'c', service: 's', desiredCount: 1 });
    const { id } = scene.createTaskSet({ taskDefinition: scene.register([missing]) });
    scene.pass(100);

    scene.pushImage('nope', ['web']);
    scene.pass(200);

    expect(scene.taskSet(id)).toMatchObject({ runningCount: 1, stabilityStatus: 'STEADY_STATE' });
    scene.ecs('UpdateService', { cluster: 'c', service: 's', desiredCount: 2 });
    scene.pass(RUNNING_AFTER);
    expect(scene.taskSet(id)).toMatchObject({ runningCount: 2, stabilityStatus: 'STEADY_STATE' });
  });

  test('is throttled from the start again once one has run', () => {
    const scene = createScene({ startThrottleSeconds: 20 });
    scene.ecs('UpdateService', { cluster: 'c', service: 's', desiredCount: 1 });
    const { id } = scene.createTaskSet({ taskDefinition: scene.register([missing]) });
    scene.pass(220); // Failed attempts at 10, 60 and 130 s.
    scene.pushImage('nope', ['web']);
    scene.pass(80); // Runs from 265 s on, now it is 300 s.
    scene.region.ecr.repositories.get('web')!.tags.delete('nope');

    scene.ecs('UpdateService', { cluster: 'c', service: 's', desiredCount: 2 });
    scene.pass(100);

    expect(stoppedTimes(scene, id)).toEqual([10, 60, 130, 310, 360]);
  });

  test('says which secret is missing', () => {
    const scene = createScene();
    const secrets = [{ name: 'TOKEN', valueFrom: '/nope' }];

    const { id } = scene.createTaskSet({
      taskDefinition: scene.register([webContainer({ secrets })]),
    });
    scene.pass(50);

    expect(scene.tasks(id).at(-1)).toMatchObject({ stopCode: 'TaskFailedToStart' });
    expect(scene.tasks(id).at(-1)!.stoppedReason).toMatch(
      /^ResourceInitializationError: unable to pull secrets or registry auth: .*\/nope/,
    );
  });

  test('because its program cannot be run has no exit code either', () => {
    const scene = createScene();
    const reason = 'CannotStartContainerError: no such file or directory';
    scene.runtime.script({}, { exits: { afterMs: 0, exitCode: 127, reason } });

    const { id } = scene.createTaskSet();
    scene.pass(50);

    expect(scene.tasks(id).at(-1)).toMatchObject({
      stopCode: 'TaskFailedToStart',
      stoppedReason: reason,
      containers: [{ exitCode: undefined, reason }],
    });
  });

  test('stops without ever running when it is stopped before', () => {
    const scene = createScene();
    const { id } = scene.createTaskSet();
    scene.pass(15);
    const [task] = scene.tasks(id);

    scene.ecs('StopTask', { cluster: 'c', task: task!.taskArn, reason: 'enough' });
    scene.pass(20);

    expect(statuses(scene, task!.taskArn)).toEqual([
      'PROVISIONING',
      'PENDING',
      'DEPROVISIONING',
      'STOPPED',
    ]);
    expect(scene.tasks(id).at(-1)).toMatchObject({
      stopCode: 'UserInitiated',
      stoppedReason: 'enough',
    });
  });
});

describe('a task that fails later', () => {
  test('is replaced on every tick while it crashes after it ran', () => {
    const scene = createScene();
    scene.ecs('UpdateService', { cluster: 'c', service: 's', desiredCount: 1 });
    scene.runtime.script({}, { exits: { afterMs: 1000, exitCode: 1 } });

    const { id } = scene.createTaskSet();
    scene.pass(310);

    const crashed = scene.tasks(id).filter(({ stopCode }) => stopCode !== undefined);
    // Ten rounds of 30 s: 26 s until the crash, and the next tick. No round is longer.
    expect(crashed).toHaveLength(10);
    expect(crashed[0]).toMatchObject({
      stopCode: 'EssentialContainerExited',
      stoppedReason: 'Essential container in task exited',
      containers: [{ exitCode: 1 }],
    });
  });

  test('keeps its target until the next tick', () => {
    const scene = createScene();
    const { loadBalancers, targetState } = addTargetGroup(scene);
    const { id } = scene.createTaskSet({ loadBalancers });
    scene.pass(60);
    const [task] = scene.tasks(id);
    const address = task!.containers![0]!.networkInterfaces![0]!.privateIpv4Address!;

    scene.pass(1);
    scene.runtime.exit(task!.taskArn!, 'web', { exitCode: 139 });
    const atOnce = targetState(address);
    const counts = scene.taskSet(id);
    scene.pass(9);

    expect(atOnce).toBe('healthy');
    expect(counts).toMatchObject({ runningCount: 1, stabilityStatus: 'STEADY_STATE' });
    expect(targetState(address)).toBe('draining');
    expect(scene.taskSet(id)).toMatchObject({ stabilityStatus: 'STABILIZING', pendingCount: 1 });
  });

  test('is stopped for failing health checks only when its replacement serves', () => {
    const scene = createScene();
    const { loadBalancers, sick, targetGroupArn } = addTargetGroup(scene);
    scene.ecs('UpdateService', { cluster: 'c', service: 's', desiredCount: 1 });
    const { id } = scene.createTaskSet({ loadBalancers });
    scene.pass(60);

    sick.add('127.16.0.1');
    scene.pass(20);
    const both = scene.tasks(id);
    scene.pass(50);

    expect(both).toMatchObject([
      { lastStatus: 'RUNNING', desiredStatus: 'RUNNING' },
      { lastStatus: 'PROVISIONING', desiredStatus: 'RUNNING' },
    ]);
    const [replacement, old] = scene.tasks(id);
    expect(old).toMatchObject({
      lastStatus: 'DEACTIVATING',
      stopCode: 'ServiceSchedulerInitiated',
      stoppedReason: `Task failed ELB health checks in (target-group ${targetGroupArn})`,
    });
    expect(replacement).toMatchObject({ lastStatus: 'RUNNING' });
    const oldId = old!.taskArn!.split('/').at(-1);
    expect(scene.messages()).toContain(
      `(service s, taskSet ${id}) (task ${oldId}) (port 8080) is unhealthy in (target-group blue-ip) due to (reason Health checks failed with these codes: [500])`,
    );
  });

  test('never piles up: sick tasks make room for their replacements, sick or not', () => {
    const scene = createScene();
    const { loadBalancers, sick } = addTargetGroup(scene, { delaySeconds: 0 });
    for (let i = 1; i < 100; i++) sick.add(`127.16.0.${i}`);
    const { id } = scene.createTaskSet({ loadBalancers });
    let most = 0;

    for (let i = 0; i < 60; i++) {
      scene.pass(10);
      const live = scene.tasks(id).filter(({ desiredStatus }) => desiredStatus === 'RUNNING');
      most = Math.max(most, live.length);
    }

    expect(most).toBe(4);
    const failed = scene.tasks(id).filter(({ stoppedReason }) => stoppedReason?.includes('ELB'));
    expect(failed.length).toBeGreaterThan(6);
  });

  test('is left alone during the grace period', () => {
    const scene = createScene();
    const { loadBalancers, sick } = addTargetGroup(scene);
    sick.add('127.16.0.1').add('127.16.0.2');
    scene.ecs('UpdateService', {
      cluster: 'c',
      service: 's',
      healthCheckGracePeriodSeconds: 300,
    });

    const { id } = scene.createTaskSet({ loadBalancers });
    scene.pass(300);
    const during = scene.tasks(id);
    scene.pass(60);

    expect(during).toHaveLength(2);
    expect(scene.tasks(id).length).toBeGreaterThan(2);
  });
});

describe('the scheduler', () => {
  test('leaves no timer behind when the last service is gone', () => {
    const scene = createScene();
    scene.createTaskSet();
    scene.pass(RUNNING_AFTER);

    scene.ecs('DeleteService', { cluster: 'c', service: 's', force: true });
    const draining = scene.service().status;
    scene.pass(30); // Less than the stop timeout: its timers have been called off.

    expect(draining).toBe('DRAINING');
    expect(scene.service()).toMatchObject({ status: 'INACTIVE', taskSets: [] });
    expect(scene.clock.pending).toBe(0);
  });

  test('forgets a stopped task after an hour', () => {
    const scene = createScene();
    const { id } = scene.createTaskSet();
    scene.pass(RUNNING_AFTER);
    scene.ecs('StopTask', { cluster: 'c', task: scene.tasks(id)[0]!.taskArn });

    scene.pass(3605);
    const before = scene.tasks(id);
    scene.pass(10);

    expect(before).toHaveLength(3);
    expect(scene.region.ecs.clusters.get('c')!.tasks.size).toBe(2);
    expect(scene.tasks(id)).toHaveLength(2);
  });
});
