/**
 * Runs a shell script as a command, and prints its lines. Exits at the first one with `at-once`, and
 * otherwise when nothing holds it any more.
 */
import { commandRunner } from '../../../src/process/run-command.ts';

const [, , script = '', when] = process.argv;

await commandRunner({ outputGraceMs: 100 }).run(
  { program: 'sh', arguments: ['-c', script] },
  {
    timeoutMs: 20_000,
    signal: new AbortController().signal,
    environment: {},
    onLine: (line) => {
      console.log(line);
      if (when === 'at-once') process.exit(0);
    },
  },
);
