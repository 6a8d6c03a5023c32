#!/usr/bin/env node
import { answerAtOnce } from './at-once.ts';

const name = 'ecs-app-status';

if (!answerAtOnce(name, process.argv.slice(2))) {
  const [{ main }, { appStatusCommand }] = await Promise.all([
    import('./main.ts'),
    import('./commands/app-status.ts'),
  ]);
  await main({ name, addCommands: (cli, session) => appStatusCommand(cli, session) });
}
