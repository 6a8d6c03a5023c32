import type { JsonObject } from '../config/json.ts';
import { maskSecrets } from '../templates/mask-secrets.ts';
import type { DeployPlan } from './plan.ts';
import type { Command } from './ports.ts';

/** Where the config names commands. */
export type CommandsMember = 'PostDeployCommandTemplates' | 'PreDeployCommandTemplates';

/**
 * Commands for people to read and for logs, with what may be secret as `***`.
 * @param commands all of that member, rendered
 */
export function shownCommands(
  commands: readonly Command[],
  { app, references }: Pick<DeployPlan, 'app' | 'references'>,
  member: CommandsMember,
): readonly Command[] {
  return maskSecrets(
    commands.map(({ program, arguments: args }): JsonObject => ({ program, arguments: args })),
    ['Apps', app, member],
    references,
  ) as unknown as readonly Command[];
}
