import type { At } from './at.ts';
import { rescale } from './scaling.ts';
import { emitTaskSet } from './stability.ts';
import type { TaskSet } from './state.ts';
import { keepStaleView } from './task-set-shape.ts';

/** Makes a set DRAINING: the scheduler stops its tasks and then removes it. */
export function drainTaskSet(at: At, taskSet: TaskSet): void {
  if (taskSet.status === 'DRAINING') return;
  keepStaleView(at, taskSet);
  taskSet.status = 'DRAINING';
  taskSet.updatedAt = at.world.now();
  rescale(at, taskSet);
  emitTaskSet(at, taskSet);
}
