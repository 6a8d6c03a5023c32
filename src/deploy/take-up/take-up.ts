import { asEnding } from '../lock-endings.ts';
import type { DeployRequest, DeployTools, TakenUp } from '../request.ts';
import { begin } from './begin.ts';
import { resume } from './resume.ts';
import { startOver } from './start-over.ts';

/**
 * Step 1: takes the lock, in the way that the request's mode allows. Whatever can be refused is
 * refused before the lock is touched.
 * @throws {LockedError} when somebody has it, {RefusedError} when there is nothing to resume.
 */
export async function takeUp(request: DeployRequest, tools: DeployTools): Promise<TakenUp> {
  const waitUntilMs = tools.clock.monotonicMs() + (request.lockWaitMs ?? 0);
  try {
    return await MODES[request.mode](request, {
      ...tools,
      report: startedOnce(tools),
      waitUntilMs,
    });
  } catch (error) {
    throw asEnding(error, tools.interrupt);
  }
}

const MODES = { deploy: begin, resume, 'start-over': startOver } as const;

/** A lock that comes free during the wait lets the deploy begin anew, which is no news. */
function startedOnce({ report }: DeployTools): DeployTools['report'] {
  let isStarted = false;
  return (event) => {
    if (event.type === 'deploy.started') {
      if (isStarted) return;
      isStarted = true;
    }
    report(event);
  };
}
