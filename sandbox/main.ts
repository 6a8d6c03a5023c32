import { type Arguments, argumentsOf, USAGE } from './arguments.ts';
import { type Sandbox, startSandbox } from './sandbox.ts';
import { BadInputError } from './wire/bad-input.ts';

async function serve({ worldFile, faults, port, timeScale }: Arguments): Promise<void> {
  const stopped = new Promise<void>((resolve) => {
    // Only the first one: a second signal ends the process at once, as if there were no handler.
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
  const sandbox = await startSandbox({
    faults,
    port,
    ...(worldFile === undefined ? {} : { worldFile }),
    ...(timeScale === undefined ? {} : { settings: { timeScale } }),
    onOutput: (taskArn, containerName, line) =>
      process.stderr.write(`${taskArn.split('/').at(-1)} ${containerName}: ${line}\n`),
    onBug: (error) => process.stderr.write(`The sandbox failed: ${error.stack}\n`),
  });
  process.stdout.write(introductionOf(sandbox));
  await stopped;
  await sandbox.close();
}

/** What a shell may evaluate; all but the variables is comments. */
function introductionOf(sandbox: Sandbox): string {
  const account = sandbox.world.settings.accountId;
  return [
    `# The sandbox runs as account ${account}. Interrupt it to end it.`,
    ...Object.entries(sandbox.env).map(([name, value]) => `export ${name}=${value}`),
    ...sandbox
      .balancers()
      .map(
        ({ loadBalancerArn, listenerPort, node, url }) =>
          `# ${loadBalancerArn.split('/').at(-2)}:${listenerPort}, node ${node}: ${url}`,
      ),
    '',
  ].join('\n');
}

try {
  const args = argumentsOf(process.argv.slice(2));
  if (args === 'help') process.stdout.write(USAGE);
  else await serve(args);
} catch (error) {
  const isTaken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
  if (!(error instanceof BadInputError) && !isTaken) throw error;
  process.stderr.write(`sandbox: ${(error as Error).message}\n`);
  process.exitCode = 2;
}
