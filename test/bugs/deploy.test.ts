/**
 * Goal: the simulation's suites tell a deployer that works from the ways in which deployers fail.
 * Method: bring each defect back into a copy of the sources, alone, and see a small part of the
 * suites violate an invariant; or, where the suites can't see it, a test of a single deploy fail.
 */
import { DEPLOY_BUGS } from './deploy-bugs.ts';
import { testBank } from './test-bank.ts';

testBank(DEPLOY_BUGS);
