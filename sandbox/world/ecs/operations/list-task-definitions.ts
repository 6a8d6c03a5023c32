import type { ListTaskDefinitionsRequest, ListTaskDefinitionsResponse } from '@aws-sdk/client-ecs';
import { operation } from '../../operation.ts';
import { pageOf } from '../pages.ts';

/**
 * Lists revisions by family and number; `familyPrefix` is a whole family's name, whatever it is
 * called.
 * @see ListTaskDefinitions, Amazon ECS API Reference
 */
export const listTaskDefinitions = operation<
  ListTaskDefinitionsRequest,
  ListTaskDefinitionsResponse
>({
  name: 'ListTaskDefinitions',
  accepts: ['familyPrefix', 'status', 'sort', 'nextToken', 'maxResults'],
  handle(input, { region }) {
    const { familyPrefix, status = 'ACTIVE', sort = 'ASC' } = input;
    const all = region.ecs.families;
    const families = familyPrefix === undefined ? Array.from(all.keys()).sort() : [familyPrefix];
    const listed = families
      .flatMap((family) => all.get(family) ?? [])
      .filter((taskDefinition) => taskDefinition.status === status)
      .map(({ arn }) => arn);
    if (sort === 'DESC') listed.reverse();
    const { arns, nextToken } = pageOf(listed, input);
    return { taskDefinitionArns: arns, nextToken };
  },
});
