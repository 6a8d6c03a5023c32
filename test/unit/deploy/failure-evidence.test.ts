import { describe, expect, test } from '@jest/globals';
import { FailureEvidence } from '../../../src/deploy/failure-evidence.ts';
import type { StoppedTask } from '../../../src/deploy/model.ts';

let tasks = 0;
/** A task that ran out of memory, unless a test says otherwise. */
function stopped(more: Partial<StoppedTask> = {}): StoppedTask {
  const id = String(++tasks).padStart(32, '0').split('').reverse().join('');
  return {
    arn: `arn:aws:ecs:us-east-1:111111111111:task/shop/${id}`,
    stopCode: 'EssentialContainerExited',
    stoppedReason: 'Essential container in task exited',
    stoppedAtMs: 0,
    containers: [{ name: 'web', exitCode: 137, reason: 'OutOfMemoryError' }, { name: 'proxy' }],
    ...more,
  };
}

function verdictOn(...given: StoppedTask[]): string | undefined {
  const evidence = new FailureEvidence();
  evidence.add(given);
  return evidence.verdict();
}

test('nothing stopped is no evidence', () => {
  const evidence = new FailureEvidence();
  evidence.add([]);

  expect(evidence.verdict()).toBeUndefined();
  expect(evidence.summary()).toBe('');
});

test('one stop is told, but convinces nobody', () => {
  const evidence = new FailureEvidence();
  evidence.add([stopped()]);

  expect(evidence.verdict()).toBeUndefined();
  expect(evidence.summary()).toMatch(
    /^; task [0-9]{8} stopped: Essential container in task exited \(EssentialContainerExited\); container web exit code 137 OutOfMemoryError$/,
  );
});

test('two stops for the same reason convince, and the verdict says why', () => {
  const [first, second] = [stopped(), stopped()];

  expect(verdictOn(first, second)).toBe(
    `2 tasks stopped, the last one ${second.arn.split('/').at(-1)?.slice(0, 8)}: ` +
      'Essential container in task exited (EssentialContainerExited); ' +
      'container web exit code 137 OutOfMemoryError',
  );
});

test('a task counts once, however often it is given', () => {
  const evidence = new FailureEvidence();
  const task = stopped();

  evidence.add([task, task]);
  evidence.add([task]);

  expect(evidence.verdict()).toBeUndefined();
});

test('what stopped before does not count, now or later', () => {
  const evidence = new FailureEvidence();
  const old = [stopped(), stopped(), stopped()];

  evidence.ignore(old);
  evidence.add([...old, stopped()]);

  expect(evidence.verdict()).toBeUndefined();
  evidence.add([...old, stopped()]);
  expect(evidence.verdict()).toContain('2 tasks stopped');
});

describe('stops are of different kinds', () => {
  test.each<[string, Partial<StoppedTask>]>([
    ['with another exit code', { containers: [{ name: 'web', exitCode: 1 }] }],
    ['of another container', { containers: [{ name: 'proxy', exitCode: 137 }] }],
    ['with another reason', { stoppedReason: 'Task failed container health checks' }],
    ['with another stop code', { stopCode: 'TaskFailedToStart' }],
  ])('%s', (_, more) => {
    expect(verdictOn(stopped(), stopped(more))).toBeUndefined();
    expect(verdictOn(stopped(), stopped(more), stopped(more))).toContain('2 tasks stopped');
  });
});

describe('stops are of the same kind though their reasons name different', () => {
  test.each([
    [
      'requests and sessions',
      (n: number) =>
        `ResourceInitializationError: unable to pull secrets: service call has been retried ${n} time(s): AccessDeniedException: User: arn:aws:sts::1:assumed-role/r/${String(n).repeat(32)} is not authorized, request id: ${String(n).repeat(8)}-1111-2222-3333-444444444444`,
    ],
    ['addresses', (n: number) => `CannotPullContainerError: dial tcp 10.0.${n}.7:443: i/o timeout`],
  ])('%s', (_, reasonOf) => {
    const [first, second] = [3, 4].map((n) =>
      stopped({ stopCode: 'TaskFailedToStart', stoppedReason: reasonOf(n), containers: [] }),
    );

    const verdict = verdictOn(first ?? stopped(), second ?? stopped());

    // As AWS wrote it, for whoever has to ask AWS about it.
    expect(verdict).toContain(`2 tasks stopped`);
    expect(verdict).toContain(reasonOf(4));
  });
});

describe('stops that say nothing about the version do not count', () => {
  test.each<[string, Partial<StoppedTask>]>([
    ['a person stopped it', { stopCode: 'UserInitiated', stoppedReason: 'Task stopped by user' }],
    ['its capacity was taken away', { stopCode: 'SpotInterruption' }],
    ['its machine is retired', { stopCode: 'TerminationNotice' }],
    [
      'it was scaled in',
      {
        stopCode: 'ServiceSchedulerInitiated',
        stoppedReason: 'Scaling activity initiated by (deployment ecs-svc/1)',
      },
    ],
  ])('%s', (_, more) => {
    expect(verdictOn(stopped(more), stopped(more), stopped(more))).toBeUndefined();
  });

  test('but failed health checks do', () => {
    const sick = {
      stopCode: 'ServiceSchedulerInitiated',
      stoppedReason: 'Task failed ELB health checks in (target-group arn)',
    };

    expect(verdictOn(stopped(sick), stopped(sick))).toContain('failed ELB health checks');
  });
});
