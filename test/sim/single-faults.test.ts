import { test } from '@jest/globals';
import { assertHolds } from './suites/in-worker.ts';

const LIMIT_MS = 300_000;

/** Every fault at every call, with each way to go on afterwards. */
test(
  'no single fault breaks an invariant: v1 serves',
  () => assertHolds('single-faults-v1'),
  LIMIT_MS,
);

test(
  'no single fault breaks an invariant: v1 serves, and what was before it is still there',
  () => assertHolds('single-faults-v1-v0'),
  LIMIT_MS,
);

test(
  'no single fault breaks an invariant: nothing was ever deployed',
  () => assertHolds('single-faults-empty'),
  LIMIT_MS,
);

test(
  'no single fault breaks an invariant: calls take their time, or reads lag behind',
  () => assertHolds('single-faults-slow'),
  LIMIT_MS,
);

test(
  'no single fault breaks an invariant: a start-over puts right what a person has moved',
  () => assertHolds('single-faults-start-over'),
  LIMIT_MS,
);
