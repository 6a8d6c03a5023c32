import type { StoppedTask } from './model.ts';

/** So many stops for the same reason are no accident. */
const CONVINCING = 2;

/** Stops that say nothing about the version: somebody or a scale-in wanted them. */
const INNOCENT = new Set(['UserInitiated', 'SpotInterruption', 'TerminationNotice']);

/** Collects why tasks of the new task set have stopped. */
export class FailureEvidence {
  readonly #seen = new Set<string>();
  readonly #byReason = new Map<string, { count: number; last: StoppedTask }>();

  /** Counts none of these, now or later. */
  ignore(stopped: readonly StoppedTask[]): void {
    for (const task of stopped) this.#seen.add(task.arn);
  }

  /** Counts each task once, however often it is given. */
  add(stopped: readonly StoppedTask[]): void {
    for (const task of stopped) {
      if (this.#seen.has(task.arn)) continue;
      this.#seen.add(task.arn);
      if (INNOCENT.has(task.stopCode) || task.stoppedReason.startsWith('Scaling activity'))
        continue;
      const reason = reasonOf(task);
      this.#byReason.set(reason, {
        count: (this.#byReason.get(reason)?.count ?? 0) + 1,
        last: task,
      });
    }
  }

  /** Why the rollout will not succeed; undefined while that is open. */
  verdict(): string | undefined {
    for (const [reason, { count, last }] of this.#byReason) {
      if (count >= CONVINCING) {
        return `${count} tasks stopped, the last one ${shortId(last.arn)}: ${reason}`;
      }
    }
    return undefined;
  }

  /** To be appended to what is being waited for; empty when nothing has stopped. */
  summary(): string {
    const [first] = this.#byReason.entries();
    return first ? `; task ${shortId(first[1].last.arn)} stopped: ${first[0]}` : '';
  }
}

/** Equal for stops of the same kind: stop code, reason, and how each container ended. */
function reasonOf(task: StoppedTask): string {
  const containers = task.containers
    .filter(({ exitCode, reason }) => exitCode !== undefined || reason !== undefined)
    .map(({ name, exitCode, reason }) =>
      [`container ${name}`, exitCode === undefined ? '' : `exit code ${exitCode}`, reason ?? '']
        .filter(Boolean)
        .join(' '),
    );
  return [`${task.stoppedReason} (${task.stopCode})`, ...containers].join('; ');
}

function shortId(taskArn: string): string {
  return taskArn.slice(taskArn.lastIndexOf('/') + 1).slice(0, 8);
}
