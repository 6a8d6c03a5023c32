import { randomBytes } from 'node:crypto';
import { createEcsClient, createElbClient } from '../src/aws/clients.ts';
import { planReads } from '../src/aws/plan-reads.ts';
import { targetGroupsPort } from '../src/aws/target-groups.ts';
import { systemClock } from '../src/clock.ts';
import { asEnding } from '../src/deploy/lock-endings.ts';
import { EXIT, type ExitCode } from '../src/errors.ts';
import { once } from '../src/memo.ts';
import { lookAhead } from '../src/plan/look-ahead.ts';
import type { LookAhead, Outcome } from '../src/plan/model.ts';
import { canColor } from '../src/report/choose.ts';
import { lookAheadLines } from '../src/report/plan-text.ts';
import { lineText } from '../src/report/status-cells.ts';
import { unlessAborted } from '../src/unless-aborted.ts';
import { guardedTools } from './app.ts';
import { clientOptionsBy } from './client-options.ts';
import { readRequest } from './deploy-app.ts';
import { thisMachine } from './machine.ts';
import { redactorFor } from './masked.ts';
import type { CommandIo, PlanOptions } from './options.ts';
import { listenForSignals } from './signals.ts';

/** Counts up when a reader of the JSON would have to change. */
const JSON_VERSION = 1;

const EXIT_CODES: Readonly<Record<Outcome, ExitCode>> = {
  'no-change': EXIT.ok,
  changes: EXIT.changes,
  refused: EXIT.refused,
  unknown: EXIT.failedBeforeSwap,
};

/** `ecs-deploy plan`: looks, prints, changes nothing. */
export async function runPlan(options: PlanOptions, io: CommandIo): Promise<ExitCode> {
  const { config, request, warnings } = await readRequest(options, io);
  const { redactor = redactorFor(io.env) } = io;
  const note = (message: string) => io.stderr.write(`${message}\n`);
  for (const warning of warnings) note(`Warning: ${warning}`);
  const around = { env: io.env, redactor, note };
  const signals = listenForSignals();
  try {
    const { environment } = request;
    const clientOptions = clientOptionsBy(config, around);
    const target = await clientOptions(environment);
    const [tools, ecs] = await Promise.all([
      // The gate in front of all changes is never opened.
      guardedTools(config, environment, around, clientOptions),
      createEcsClient(target),
    ]);
    const looking = lookAhead(
      request,
      {
        ...tools,
        clock: systemClock,
        randomBytes: (count) => randomBytes(count),
        report: () => {},
        interrupt: signals.interrupt,
        machine: thisMachine(io.env),
      },
      {
        ...planReads(ecs, environment),
        targetGroups: targetGroupsPort(once(() => createElbClient(target))),
      },
    );
    const ahead = await unlessAborted(looking, signals.interrupt);
    io.stdout.write(redactor.redact(textOf(ahead, options, io)));
    return EXIT_CODES[ahead.outcome];
  } catch (error) {
    throw asEnding(error, signals.interrupt);
  } finally {
    signals.close();
  }
}

function textOf(ahead: LookAhead, { output }: PlanOptions, { stdout, env }: CommandIo): string {
  if (output === 'json') return `${JSON.stringify({ schemaVersion: JSON_VERSION, ...ahead })}\n`;
  const useColor = canColor(stdout, env);
  return lookAheadLines(ahead)
    .map((line) => `${lineText(line, { useColor })}\n`)
    .join('');
}
