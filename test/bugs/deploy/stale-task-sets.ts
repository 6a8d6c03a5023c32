import type { Bug } from '../bug.ts';
import { sandbox, slice } from './caught-by.ts';

const STEP_4 = 'src/deploy/steps/remove-stale-task-sets.ts';
const STEP_6 = 'src/deploy/steps/create-task-set.ts';

const NOT_BY_ID = {
  file: STEP_4,
  find: "id === newTaskSetId || (id === own.originalPrimaryId && status !== 'DRAINING')",
  replace: "id === newTaskSetId || (id === own.originalPrimaryId && status === '')",
};

const UNGUARDED = {
  file: STEP_4,
  find: "if (serves || taskSet?.status === 'PRIMARY') {",
  replace: 'if (serves && !serves) {',
};

export const STALE_TASK_SET_BUGS: readonly Bug[] = [
  {
    id: 'scale-down-not-awaited',
    defect: 'tasks of a stale task set are killed at once: Go throws the result of its waiter away',
    file: STEP_4,
    find: 'return tasks.length === 0\n',
    replace: 'return tasks.length >= 0\n',
    caughtBy: sandbox(
      'deploy',
      'the stale task set has stopped all its tasks before it is deleted',
    ),
  },
  {
    id: 'beside-what-drains',
    defect: 'the new task set is created beside one that is on its way out',
    file: STEP_4,
    find: 'return isGone ? { done: undefined }',
    replace: 'return isGone || !isGone ? { done: undefined }',
    also: [{ file: STEP_6, find: '  if (there) {', replace: '  if (there && !there) {' }],
    caughtBy: slice('crashes, then start-over'),
  },
  {
    id: 'draining-fails',
    defect: 'a task set that is still on its way out makes the deploy fail: Go does not wait',
    file: STEP_4,
    find: "  if (status !== 'DRAINING') {\n    await achieve",
    replace:
      "  if (status === 'DRAINING') throw new NeedsHumanError(`${id} drains.`, { hint: '' });\n  if (status !== 'DRAINING') {\n    await achieve",
    caughtBy: slice('signals with v0 left over, then resume'),
  },
  {
    id: 'stale-that-serves',
    defect: 'nobody looks again whether what was stale serves by now',
    ...UNGUARDED,
    caughtBy: slice('a swap by hand with v0 left over, then resume'),
  },
  {
    id: 'primary-is-stale',
    defect: 'what serves is removed as if it were stale',
    file: STEP_4,
    find: "      set.status !== 'PRIMARY' &&\n",
    replace: '',
    also: [
      UNGUARDED,
      NOT_BY_ID,
      {
        file: STEP_4,
        find: '(!set.targetGroupArns.includes(servingTargetGroup) ||',
        replace: '(true ||',
      },
    ],
    caughtBy: slice('crashes, then start-over'),
  },
  {
    id: 'original-is-stale',
    defect: 'a resume removes the version that users could go back to (D7)',
    file: STEP_4,
    find: "    if (await hasSwapped(context)) return 'traffic has moved already';\n",
    replace: '',
    also: [
      NOT_BY_ID,
      {
        file: STEP_4,
        find: '(!set.targetGroupArns.includes(servingTargetGroup) ||',
        replace: '(true ||',
      },
    ],
    caughtBy: slice('crashes, then resume'),
  },
  {
    id: 'own-set-is-stale',
    defect: 'a resume throws away the task set that the deploy has built, as Go does',
    file: STEP_4,
    find: '      !isKept(context, set) &&\n      !isOurs(context, set) &&\n',
    replace: '',
    caughtBy: slice('crashes, then resume'),
  },
  {
    id: 'left-behind-not-awaited',
    defect: 'a start-over does not wait for what the replaced deploy has just created to show',
    file: STEP_4,
    find: 'await Promise.all(leftBehind(context).map((name) => awaitVisible(context, name)));',
    replace: '',
    caughtBy: slice('signals and stale reads, then start-over'),
  },
];
