#!/usr/bin/env node
import { answerAtOnce } from './at-once.ts';

const name = 'ecs-deploy';

if (!answerAtOnce(name, process.argv.slice(2))) {
  const [{ main }, { addCommands, COMMAND_NAMES }] = await Promise.all([
    import('./main.ts'),
    import('./commands/index.ts'),
  ]);
  await main({ name, addCommands, commandNames: COMMAND_NAMES });
}
