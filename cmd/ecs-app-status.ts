#!/usr/bin/env node
import { answerAtOnce } from './at-once.ts';

const name = 'ecs-app-status';

if (!answerAtOnce(name, process.argv.slice(2))) {
  const [{ main }, { statusCommand }] = await Promise.all([
    import('./main.ts'),
    import('./commands/status.ts'),
  ]);
  await main({
    name,
    addCommands: (cli, session) => statusCommand(cli, session, { isDefault: true }),
  });
}
