/** Runs a shell script as a command, prints its first line, and exits without waiting for its end. */
import { runCommandAsProcess } from '../../../src/process/run-command.ts';

await runCommandAsProcess.run(
  { program: 'sh', arguments: ['-c', process.argv[2] ?? ''] },
  {
    timeoutMs: 20_000,
    signal: new AbortController().signal,
    environment: {},
    onLine: (line) => {
      console.log(line);
      process.exit(0);
    },
  },
);
