import type { Command } from '../ports.ts';
import { CommandFailedError } from '../ports.ts';
import { type CommandsMember, shownCommands } from '../shown-commands.ts';
import { type DeployContext, StepFailedError } from '../step.ts';

/**
 * Runs commands one after the other, recording each that has finished: a resume runs the one that
 * was cut off again (at least once), and none of those before it. What may be secret is told nobody.
 */
export async function runCommands(
  context: DeployContext,
  commands: readonly Command[],
  progress: {
    readonly member: CommandsMember;
    readonly done: number;
    readonly record: (done: number) => Promise<void>;
  },
): Promise<string> {
  const shown = shownCommands(commands, context.plan, progress.member);
  for (const [index, command] of commands.entries()) {
    if (index < progress.done) continue;
    context.signal.throwIfAborted();
    await runCommand(context, command, shown[index]?.arguments ?? []);
    await progress.record(index + 1);
  }
  return commands.length === 1 ? '1 command' : `${commands.length} commands`;
}

async function runCommand(
  context: DeployContext,
  command: Command,
  shownArguments: readonly string[],
): Promise<void> {
  const { clock, commands, plan, report, signal } = context;
  const { program } = command;
  const { own } = context.checkpoint.current;
  report({ type: 'command.started', program, arguments: shownArguments });
  const startedMs = clock.monotonicMs();
  try {
    await commands.run(command, {
      timeoutMs: plan.timeouts.commandMs,
      signal,
      // With these a command can tell a repetition from another deploy.
      environment: { ECS_DEPLOY_ID: own.deployId, ECS_DEPLOY_ATTEMPT: String(own.attempt) },
      onLine: (line) => report({ type: 'command.output', program, line }),
    });
  } catch (error) {
    if (!(error instanceof CommandFailedError)) throw error;
    throw new StepFailedError(error.message, { cause: error });
  }
  report({ type: 'command.finished', program, durationMs: clock.monotonicMs() - startedMs });
}
