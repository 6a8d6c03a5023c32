import type { DeployContext, Step } from './step.ts';
import { steadily } from './waiting.ts';

/**
 * Runs the steps in order, from the first whose postcondition does not hold. Only goes forward: what
 * a failure means is decided in deploy.ts.
 */
export async function runSteps(steps: readonly Step[], context: DeployContext): Promise<void> {
  for (const step of steps) {
    context.signal.throwIfAborted();
    await runStep(step, context);
  }
}

async function runStep(step: Step, context: DeployContext): Promise<void> {
  const { clock, report } = context;
  const { number, name, title } = step;
  const why = await steadily(context, () => step.isDone(context));
  if (why !== undefined) {
    report({ type: 'step.skipped', number, name, title, why });
    return;
  }
  if (step.changes.length > 0) await context.admitted;

  const startedMs = clock.monotonicMs();
  const durationMs = () => clock.monotonicMs() - startedMs;
  report({ type: 'step.started', number, name, title });
  try {
    const begun = context.checkpoint.begin(step);
    // Written before the effect, so that a crash leaves a trace. Reads need not wait for it.
    const [detail] =
      step.changes.length > 0
        ? [await begun.then(() => step.run(context))]
        : await Promise.all([step.run(context), begun]);
    report({
      type: 'step.finished',
      number,
      name,
      title,
      durationMs: durationMs(),
      ...(detail === undefined ? {} : { detail }),
    });
  } catch (error) {
    const type = context.signal.aborted ? 'step.interrupted' : 'step.failed';
    report({ type, number, name, title, durationMs: durationMs() });
    throw error;
  }
}
