import type { Bug } from './bug.ts';
import { GUARD_BUGS } from './lock/guard.ts';
import { HEARTBEAT_BUGS } from './lock/heartbeats.ts';
import { LEASE_BUGS } from './lock/lease.ts';
import { LOST_ANSWER_BUGS } from './lock/lost-answers.ts';
import { RECORD_BUGS } from './lock/record.ts';
import { TABLE_BUGS } from './lock/table.ts';
import { WAITING_BUGS } from './lock/waiting.ts';

/** How locks in DynamoDB are known to have failed: in other clients, or in tools that use them. */
export const LOCK_BUGS: readonly Bug[] = [
  ...LOST_ANSWER_BUGS,
  ...RECORD_BUGS,
  ...HEARTBEAT_BUGS,
  ...LEASE_BUGS,
  ...WAITING_BUGS,
  ...TABLE_BUGS,
  ...GUARD_BUGS,
];
