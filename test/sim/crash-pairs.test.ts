import { test } from '@jest/globals';
import { assertHolds } from './suites/in-worker.ts';

const LIMIT_MS = 300_000;

test(
  'a deploy crashes anywhere, and whoever goes on crashes anywhere: the third ends well',
  () => assertHolds('crash-pairs'),
  LIMIT_MS,
);
