import type { Argv } from 'yargs';
import type { Session } from '../options.ts';
import { artifactCommands } from './artifact.ts';
import { configCommand } from './config.ts';
import { deployCommand } from './deploy.ts';
import { historyCommand } from './history.ts';
import { initCommand } from './init.ts';
import { lockCommand } from './lock.ts';
import { planCommand } from './plan.ts';
import { statusCommand } from './status.ts';
import { verifyCommand } from './verify.ts';

/** Adding a command loads its description only; what it does is loaded when it runs. */
type AddCommand = (cli: Argv, session: Session) => Argv;

/** What `ecs-deploy` can do, in the order of its help. */
const COMMANDS: Readonly<Record<string, AddCommand>> = {
  deploy: (cli, session) => deployCommand(cli, session),
  plan: (cli, session) => planCommand(cli, session),
  status: (cli, session) => statusCommand(cli, session),
  history: (cli, session) => historyCommand(cli, session),
  verify: (cli, session) => verifyCommand(cli, session),
  lock: (cli, session) => lockCommand(cli, session),
  artifact: (cli, session) =>
    cli.command('artifact', 'Register artifacts, look them up and tag them', (command) =>
      artifactCommands(command, session),
    ),
  config: (cli, session) => configCommand(cli, session),
  init: (cli, session) => initCommand(cli, session),
};

export const COMMAND_NAMES: readonly string[] = Object.keys(COMMANDS);

/** Adds all commands of `ecs-deploy`. */
export function addCommands(cli: Argv, session: Session): void {
  for (const add of Object.values(COMMANDS)) add(cli, session);
}
