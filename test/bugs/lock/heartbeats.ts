import type { Bug } from '../bug.ts';

const IN_DEFECTS = 'test/unit/lock/known-defects.test.ts';
const IN_END = 'test/unit/lock/lease-end.test.ts';
const IN_HEARTBEAT = 'test/unit/lock/lease-heartbeat.test.ts';
const IN_LOSS = 'test/unit/lock/lease-loss.test.ts';

/** How heartbeats, checkpoints and releases go together. */
export const HEARTBEAT_BUGS: readonly Bug[] = [
  {
    id: 'heartbeats-outlive-release',
    defect: 'heartbeats go on after the release (dynamodb-lock-client issue 22)',
    file: 'src/lock/lease.ts',
    find: 'this.#final = state;\n    this.#cancelHeartbeat();',
    replace: 'this.#final = state;',
    caughtBy: {
      file: IN_END,
      test: 'the end after releaseLock no timer is left and nothing is sent',
    },
  },
  {
    id: 'heartbeats-outlive-loss',
    defect: 'heartbeats go on after the lease was lost (dynamolock issue 560)',
    file: 'src/lock/lease.ts',
    find: 'if (this.#final || this.#writes > 0) return;',
    replace: 'if (this.#writes > 0) return;',
    caughtBy: {
      file: IN_LOSS,
      test: 'the lease is lost for good and stays lost when the store answers again',
    },
  },
  {
    id: 'heartbeat-not-restarted',
    defect:
      'there are no heartbeats any more after a failed write (dynamolock issue 14; tristanls)',
    file: 'src/lock/lease.ts',
    find: 'this.#awaitHeartbeat(heartbeatFromMs ?? this.#clock.monotonicMs());',
    replace: 'if (heartbeatFromMs !== undefined) this.#awaitHeartbeat(heartbeatFromMs);',
    caughtBy: {
      file: IN_HEARTBEAT,
      test: 'a checkpoint that the store refuses for good is rejected, and heartbeats go on',
    },
  },
  {
    id: 'failed-heartbeat-is-final',
    defect: 'a single heartbeat that fails is not tried again (dynamodb-lock-client, Iceberg)',
    file: 'src/lock/lease-writer.ts',
    find: "if (failure === 'invalid') throw error;",
    replace: 'throw error;',
    caughtBy: {
      file: IN_HEARTBEAT,
      test: 'a lost answer of a heartbeat (its request) costs one request and nothing else',
    },
  },
  {
    id: 'failed-heartbeat-kills-process',
    defect: 'a failed heartbeat is an unhandled rejection, and ends the process (@deliveryhero)',
    file: 'src/lock/lease.ts',
    find: "this.#write({ kind: 'renew' }).catch(() => {});",
    replace: "void this.#write({ kind: 'renew' });",
    caughtBy: {
      file: IN_LOSS,
      test: 'the lease is lost for good when somebody released it',
      by: /^LeaseLostError: .* was released by somebody else/,
    },
  },
  {
    id: 'writes-race',
    defect: 'a release races the writes before it (dynamodb-lock-client issue 1)',
    file: 'src/lock/lease-writer.ts',
    find: 'this.#queue.then(() => this.#repeat(write));',
    replace: 'this.#repeat(write);',
    caughtBy: {
      file: IN_HEARTBEAT,
      test: 'heartbeats are not sent between checkpoints that wait for one another',
    },
  },
  {
    id: 'hung-write-blocks',
    defect: 'a heartbeat that hangs holds up the next checkpoint for good (dynamolock v1.4.0)',
    file: 'src/lock/lease-writer.ts',
    find: 'limitMs: times.attemptLimitMs,',
    replace: 'limitMs: times.leaseDurationMs,',
    caughtBy: {
      file: IN_DEFECTS,
      test: 'a heartbeat that hangs holds up the next checkpoint for 2 s at the most',
      by: /^LeaseLostError: .* no write to it was confirmed for a whole lease/,
    },
  },
  {
    id: 'released-before-the-call',
    defect: 'a release counts as done before it is made, so it can not be repeated (dynamolock)',
    file: 'src/lock/lease.ts',
    find: 'await this.#write(write);\n      this.#close(state);',
    replace: 'this.#close(state);\n      await this.#write(write);',
    caughtBy: {
      file: IN_END,
      test: 'the end that the store refuses for good leaves the lease alive, to be ended otherwise',
    },
  },
  {
    id: 'released-lock-resurrected',
    defect: 'a heartbeat goes on with a lock that was released under it (Java, pull request 116)',
    file: 'src/lock/lease-writer.ts',
    find: "if (current.isReleased && write.kind !== 'release') throw this.#lost('released', current);",
    replace: '',
    caughtBy: { file: IN_LOSS, test: 'the lease is lost for good when somebody released it' },
  },
];
