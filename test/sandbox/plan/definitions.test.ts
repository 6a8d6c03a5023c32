/**
 * Goal: what a deploy registers and what ECS shows of it have no difference, and a change is one.
 * Method: ECS is the sandbox's, through the deploy's own adapters, for arbitrary definitions.
 */
import { expect, test } from '@jest/globals';
import type { ECSClient } from '@aws-sdk/client-ecs';
import fc from 'fast-check';
import { planReads } from '../../../src/aws/plan-reads.ts';
import { taskDefinitionsPort } from '../../../src/aws/task-definitions.ts';
import type { JsonObject } from '../../../src/config/json.ts';
import { compareDefinitions } from '../../../src/plan/compare.ts';
import { definitionOf } from '../../../src/plan/definition.ts';
import { DirectClient } from '../../support/direct-client.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { createWorld } from '../../support/world.ts';
import { planOf } from '../../unit/plan/plans.ts';
import { containers, size } from './arbitrary-containers.ts';

const ecs = new DirectClient(
  createWorld({ clock: new VirtualClock() }),
  'us-east-1',
) as unknown as ECSClient;

/** Registers what the plan says as a deploy does, and returns what ECS shows of it. */
async function registered(plan: ReturnType<typeof planOf>): Promise<JsonObject> {
  const arn = await taskDefinitionsPort(ecs).register({ ...plan, tags: { a: 'b' } });
  const found = await planReads(ecs, { cluster: 'c', service: 's' }).taskDefinition(arn);
  if (!found) throw new Error('It was registered just now.');
  return found.definition;
}

test('a definition has no difference to what ECS shows of it', async () => {
  await fc.assert(
    fc.asyncProperty(containers, size, async (containerDefinitions, { cpu, memory }) => {
      const plan = planOf({ containerDefinitions, cpu, memory });

      expect(compareDefinitions(await registered(plan), definitionOf(plan), plan)).toEqual([]);
    }),
    { numRuns: 200 },
  );
});

test('one value that is changed is one difference, whatever stands around it', async () => {
  await fc.assert(
    fc.asyncProperty(
      containers,
      fc.string(),
      fc.string(),
      async (containerDefinitions, before, after) => {
        fc.pre(before !== after);
        const withValue = (value: string) =>
          planOf({
            containerDefinitions: containerDefinitions.map((each, at) =>
              at === 0 ? { ...each, environment: [{ name: 'X', value }] } : each,
            ),
          });
        const plan = withValue(after);
        const found = compareDefinitions(
          await registered(withValue(before)),
          definitionOf(plan),
          plan,
        );

        expect(found).toEqual([
          expect.objectContaining({
            kind: 'changed',
            container: containerDefinitions[0]?.['name'],
            path: 'environment.X',
          }),
        ]);
      },
    ),
    { numRuns: 100 },
  );
});
