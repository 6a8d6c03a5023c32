/**
 * Goal: the tests of the lock tell a lock that works from the known ways in which locks have failed.
 * Method: bring each defect back into a copy of the sources, alone, and see its test fail.
 */
import { LOCK_BUGS } from './lock-bugs.ts';
import { testBank } from './test-bank.ts';

testBank(LOCK_BUGS);
