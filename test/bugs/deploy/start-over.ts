import type { Bug } from '../bug.ts';
import { sandbox, slice } from './caught-by.ts';

const PUT_RIGHT = 'src/deploy/put-right.ts';
const STEP_4 = 'src/deploy/steps/remove-stale-task-sets.ts';
const STEP_6 = 'src/deploy/steps/create-task-set.ts';
const COMMON = 'src/deploy/take-up/common.ts';

export const START_OVER_BUGS: readonly Bug[] = [
  {
    id: 'serving-not-primary',
    defect:
      'a start-over leaves what serves without being PRIMARY as it is, and can never go on (D1)',
    file: PUT_RIGHT,
    find: '  await makeServingPrimary(context);\n',
    replace: '',
    caughtBy: slice('crashes, then start-over'),
  },
  {
    id: 'two-versions-serve',
    defect:
      'a start-over puts its task set beside PRIMARY, and both serve after the swap (D1 in Go)',
    file: PUT_RIGHT,
    find: '  await makeServingPrimary(context);\n',
    replace: '',
    also: [
      {
        file: STEP_4,
        find: '  if (!isPrimaryOurs && primary?.',
        replace: '  if (false && primary?.',
      },
      { file: STEP_6, find: '  if (there) {', replace: '  if (there && !there) {' },
    ],
    caughtBy: slice('crashes, then start-over'),
  },
  {
    id: 'trail-lost',
    defect: 'a start-over forgets what the replaced deploy may have created (D2)',
    file: COMMON,
    find: 'leftBehind: mayHaveCreated && created ? [...earlier, created] : earlier,',
    replace: 'leftBehind: earlier,',
    caughtBy: slice('signals and stale reads, then start-over'),
  },
  {
    id: 'trail-of-one',
    defect: 'a start-over that is started over forgets what the one before had been told of (D2)',
    file: COMMON,
    find: '? [...earlier, created] : earlier,',
    replace: '? [created] : [],',
    caughtBy: slice('crash pairs of the first deploy'),
  },
  {
    id: 'nothing-to-restore',
    defect: 'a start-over leaves users with the colour on which nothing runs',
    file: PUT_RIGHT,
    find: '  await restoreService(context);\n',
    replace: '',
    caughtBy: sandbox(
      'meanwhile',
      'when somebody deletes the new task set right after the swap, so that nothing serves -start-over does not remove the only version that runs',
    ),
  },
  {
    id: 'unproven-restored',
    defect: 'a start-over sends users to a task set that nobody has ever seen healthy',
    file: PUT_RIGHT,
    find: "({ externalId = '', id }) => !unproven.includes(id) && !unproven.includes(externalId),",
    replace: "({ externalId = '', id }) => unproven.length >= 0 || externalId === id,",
    caughtBy: slice('crashes of the first deploy, then start-over'),
  },
  {
    id: 'replaced-forgotten',
    defect:
      'a start-over that is interrupted frees the lock, and the deploy that it replaced is forgotten',
    file: 'src/deploy/take-up/begin.ts',
    find: 'mayHaveChanged: true,',
    replace: 'mayHaveChanged: false,',
    also: [
      {
        file: 'src/deploy/take-up/begin.ts',
        find: '    found: { data: taken.previous.data, isHeld: true },\n',
        replace: '',
      },
    ],
    caughtBy: slice('schedules 290 to 300'),
  },
];
