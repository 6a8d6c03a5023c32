#!/usr/bin/env node
import { answerAtOnce } from './at-once.ts';

const name = 'artifact-db';

if (!answerAtOnce(name, process.argv.slice(2))) {
  const [{ main }, { artifactDbProgram }] = await Promise.all([
    import('./main.ts'),
    import('./commands/artifact.ts'),
  ]);
  await main(artifactDbProgram);
}
