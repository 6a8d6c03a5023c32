import type {
  RegisterTaskDefinitionRequest,
  RegisterTaskDefinitionResponse,
} from '@aws-sdk/client-ecs';
import { operation } from '../../operation.ts';
import { normalContainers } from '../container-definitions.ts';
import { clientError } from '../errors.ts';
import { isEmpty, refuseOthers, tagShapes, tagsOf } from '../parameters.ts';
import type { TaskDefinition } from '../state.ts';
import { taskDefinitionShape } from '../task-definition-shape.ts';
import { compatibilitiesOf, taskSizeOf } from '../task-size.ts';

const FAMILY = /^[a-zA-Z0-9\-_]{1,255}$/;

/**
 * Registers a family's next revision: the highest number ever used plus one. Its roles, volumes,
 * platform and log settings are kept and shown; they have no effect on the sandbox's tasks.
 * @see RegisterTaskDefinition, Amazon ECS API Reference
 */
export const registerTaskDefinition = operation<
  RegisterTaskDefinitionRequest,
  RegisterTaskDefinitionResponse
>({
  name: 'RegisterTaskDefinition',
  accepts: [
    'family',
    'taskRoleArn',
    'executionRoleArn',
    'networkMode',
    'containerDefinitions',
    'volumes',
    'placementConstraints',
    'requiresCompatibilities',
    'cpu',
    'memory',
    'tags',
    'ephemeralStorage',
    'runtimePlatform',
  ],
  handle(input, { world, region, caller }) {
    const { family = '' } = input;
    checkFamily(family);
    input.volumes?.forEach((volume, i) => refuseOthers(`volumes[${i}]`, volume, ['name']));
    refuseOthers('', { placementConstraints: input.placementConstraints }, []);
    const size = taskSizeOf(input);
    const containers = normalContainers(input, size.memory !== undefined);
    const tags = tagsOf(input.tags);

    const revisions = region.ecs.families.get(family) ?? [];
    const revision = revisions.length + 1;
    const arn = region.arn('ecs', `task-definition/${family}:${revision}`);
    const taskDefinition: TaskDefinition = {
      arn,
      family,
      revision,
      tags,
      containers,
      status: 'ACTIVE',
      deregisteredAt: undefined,
      shape: {
        taskDefinitionArn: arn,
        containerDefinitions: containers,
        family,
        revision,
        ...kept(input),
        ...size,
        compatibilities: compatibilitiesOf(input, size),
        registeredAt: world.now(),
        registeredBy: caller.principalArn,
      },
    };
    revisions.push(taskDefinition);
    region.ecs.families.set(family, revisions);
    return {
      taskDefinition: taskDefinitionShape(taskDefinition),
      ...(tags.size > 0 && { tags: tagShapes(tags) }),
    };
  },
});

function checkFamily(family: string): void {
  if (family === '') throw clientError('Family should not be null or empty.');
  if (!FAMILY.test(family)) {
    throw clientError(`Family must match ^[a-zA-Z0-9\\-_]{1,255}$, but was ${family}`);
  }
}

/** What is only shown again; copied, so that the caller's own object may change. */
function kept(input: RegisterTaskDefinitionRequest) {
  const { taskRoleArn, executionRoleArn, networkMode, requiresCompatibilities } = input;
  const { runtimePlatform, ephemeralStorage } = input;
  return structuredClone({
    ...(!isEmpty(taskRoleArn) && { taskRoleArn }),
    ...(!isEmpty(executionRoleArn) && { executionRoleArn }),
    ...(networkMode !== undefined && { networkMode }),
    volumes: (input.volumes ?? []).map((volume) => ({ ...volume, host: {} })),
    placementConstraints: [],
    ...(!isEmpty(requiresCompatibilities) && { requiresCompatibilities }),
    ...(runtimePlatform && { runtimePlatform }),
    ...(ephemeralStorage && { ephemeralStorage }),
  });
}
