/**
 * Goal: each check finds what is right, what is wrong, and what it may not know.
 * Method: one check at a time in the scene of the example, with one thing wrong. In one file, because
 * most of a test's time would else go to loading ten clients of the SDK again.
 */
import { describe } from '@jest/globals';
import { artifactCases } from './artifact-cases.ts';
import { containersCases } from './containers-cases.ts';
import { lockCases } from './lock-cases.ts';
import { rolesCases } from './roles-cases.ts';
import { balancingCases } from './balancing-cases.ts';
import { serviceCases } from './service-cases.ts';

describe.each([
  ['artifact', artifactCases],
  ['lock', lockCases],
  ['containers', containersCases],
  ['roles', rolesCases],
  ['network and load balancer', balancingCases],
  ['service', serviceCases],
])('%s', (_, cases) => cases());
