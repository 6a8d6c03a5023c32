import { test } from '@jest/globals';
import { assertHolds } from './suites/in-worker.ts';

const LIMIT_MS = 300_000;

test('two deploys at once: one of them acts at a time', () => assertHolds('races'), LIMIT_MS);

test(
  'after anything that people do in between a deploy harms nobody',
  () => assertHolds('random-acts'),
  LIMIT_MS,
);

test(
  'after any schedule of crashes, pauses, lost answers and signals a start-over ends well',
  () => assertHolds('random-schedules'),
  LIMIT_MS,
);
