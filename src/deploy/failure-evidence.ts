import type { StoppedTask } from './model.ts';

/** So many stops for the same reason are no accident. */
const CONVINCING = 2;

/** Stops that say nothing about the version: somebody or a scale-in wanted them. */
const INNOCENT = new Set(['UserInitiated', 'SpotInterruption', 'TerminationNotice']);

/** Collects why tasks of the new task set have stopped. */
export class FailureEvidence {
  readonly #seen = new Set<string>();
  readonly #byKind = new Map<string, { count: number; last: StoppedTask }>();

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
      const kind = withoutIds(reasonOf(task));
      this.#byKind.set(kind, { count: (this.#byKind.get(kind)?.count ?? 0) + 1, last: task });
    }
  }

  /** Why the rollout will not succeed; undefined while that is open. */
  verdict(): string | undefined {
    for (const { count, last } of this.#byKind.values()) {
      if (count >= CONVINCING) {
        return `${count} tasks stopped, the last one ${shortId(last.arn)}: ${reasonOf(last)}`;
      }
    }
    return undefined;
  }

  /** To be appended to what is being waited for; empty when nothing has stopped. */
  summary(): string {
    const [first] = this.#byKind.values();
    return first ? `; task ${shortId(first.last.arn)} stopped: ${reasonOf(first.last)}` : '';
  }
}

/** Stop code, reason, and how each container ended. */
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

/**
 * Equal for stops of the same kind. AWS puts into its reasons what is different every time: the ids of
 * requests and tasks, addresses, and how often it has tried.
 */
function withoutIds(reason: string): string {
  return reason
    .replace(/[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|[0-9a-f]{32}/gi, '<id>')
    .replace(/\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b/g, '<address>')
    .replace(/retried \d+ time/g, 'retried <n> time');
}

function shortId(taskArn: string): string {
  return taskArn.slice(taskArn.lastIndexOf('/') + 1).slice(0, 8);
}
