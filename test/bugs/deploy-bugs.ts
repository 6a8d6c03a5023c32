import type { Bug } from './bug.ts';
import { GATE_BUGS } from './deploy/gates.ts';
import { RECORD_BUGS } from './deploy/record.ts';
import { RESUME_BUGS } from './deploy/resume.ts';
import { STALE_TASK_SET_BUGS } from './deploy/stale-task-sets.ts';
import { START_OVER_BUGS } from './deploy/start-over.ts';
import { SWAP_BUGS } from './deploy/swap.ts';
import { WHO_MAY_ACT_BUGS } from './deploy/who-may-act.ts';

/** How whole deploys have failed, or would if one thing in src/deploy were left out. */
export const DEPLOY_BUGS: readonly Bug[] = [
  ...WHO_MAY_ACT_BUGS,
  ...STALE_TASK_SET_BUGS,
  ...SWAP_BUGS,
  ...RESUME_BUGS,
  ...START_OVER_BUGS,
  ...RECORD_BUGS,
  ...GATE_BUGS,
];
