import { randomBytes } from 'node:crypto';
import { assertAccounts } from '../src/aws/accounts.ts';
import { createDynamoDbClient } from '../src/aws/clients.ts';
import { LOCK_ATTEMPT_TIMEOUT_MS, lockTable } from '../src/aws/lock-table.ts';
import { systemClock } from '../src/clock.ts';
import { readConfigFile } from '../src/config/find.ts';
import { parseConfigFile } from '../src/config/parse.ts';
import { selectEnvironment } from '../src/config/select.ts';
import { listenMs, lockKeyOf, reportListening } from '../src/deploy/held-lock.ts';
import {
  afterBreaking,
  breakLock,
  holdDeploys,
  type LockTools,
  releaseHold,
} from '../src/deploy/lock-by-hand.ts';
import { lockCommandEnding } from '../src/deploy/lock-endings.ts';
import { nextCommands, withSha } from '../src/deploy/next-commands.ts';
import type { LockTarget } from '../src/deploy/request.ts';
import { EXIT, type ExitCode } from '../src/errors.ts';
import { chooseReporter } from '../src/report/choose.ts';
import { printableLine } from '../src/report/printable.ts';
import { lockStatusLines } from '../src/report/lock-status-text.ts';
import { type LockStatus, readLockStatus } from '../src/status/lock-status.ts';
import { clientOptionsBy, homeOf } from './client-options.ts';
import { thisUser } from './machine.ts';
import { redactorFor } from './masked.ts';
import type { CommandIo, LockOptions } from './options.ts';
import { listenForSignals } from './signals.ts';

/** Counts up when a reader of the JSON would have to change. */
const JSON_VERSION = 1;

/** `ecs-deploy lock …`: does what was asked, and tells how the lock is now. */
export async function runLock(options: LockOptions, io: CommandIo): Promise<ExitCode> {
  const { target, tools, assertAccount, close } = await openLock(options, io);
  try {
    // Another account may have a table of that name, too.
    if (options.action.kind !== 'show') await assertAccount();
    const told = await ACTIONS[options.action.kind](options.action as never, target, tools);
    const lines =
      options.output === 'json'
        ? [
            JSON.stringify({
              schemaVersion: JSON_VERSION,
              ...(await statusAfter(options, target, tools)),
            }),
          ]
        : (told ?? lockStatusLines(await readStatus(target, tools), systemClock.wallMs()));
    io.stdout.write(`${lines.map(printableLine).join('\n')}\n`);
    return EXIT.ok;
  } catch (error) {
    throw lockCommandEnding(error, target, tools.interrupt);
  } finally {
    close();
  }
}

function readStatus(target: LockTarget, tools: LockTools): Promise<LockStatus> {
  return readLockStatus(lockKeyOf(target), {
    ...tools,
    listenMs: listenMs(tools),
    signal: tools.interrupt,
    onWait: reportListening(tools),
  });
}

/** What was done is done: a look at the result that fails must not look like a failure of it. */
async function statusAfter(
  { action }: LockOptions,
  target: LockTarget,
  tools: LockTools,
): Promise<LockStatus | { lock: string; state: 'unknown' }> {
  if (action.kind === 'show') return readStatus(target, tools);
  return readStatus(target, tools).catch(() => ({ lock: lockKeyOf(target), state: 'unknown' }));
}

type Action = LockOptions['action'];
type ActionOf<Kind extends Action['kind']> = Extract<Action, { kind: Kind }>;

/** What each action does; it returns what to tell people, or undefined for the lock's status. */
const ACTIONS: {
  readonly [Kind in Action['kind']]: (
    action: ActionOf<Kind>,
    target: LockTarget,
    tools: LockTools,
  ) => Promise<string[] | undefined>;
} = {
  show: async () => undefined,
  hold: async ({ reason }, target, tools) => {
    await holdDeploys(target, reason, tools);
    return [`Deploys of ${nameOf(target)} are on hold now: ${reason}`];
  },
  release: async (_action, target, tools) => {
    const unfinished = await releaseHold(target, tools);
    return unfinished
      ? [
          `The hold is lifted. The deploy of ${unfinished.artifact.value} that was cut off at step ${unfinished.step} waits for a decision.`,
          ...nextCommands(withSha(target, unfinished), unfinished).split('\n'),
        ]
      : [`The hold is lifted: ${nameOf(target)} can be deployed.`];
  },
  break: async ({ evenIfLive }, target, tools) => {
    const holder = await breakLock(target, { evenIfLive }, tools);
    return holder
      ? [`The lock of ${nameOf(target)} is free now.`, ...afterBreaking(target, holder)]
      : [`The lock of ${nameOf(target)} was free already.`];
  },
};

function nameOf({ app, environment }: LockTarget): string {
  return `${app.name} to ${environment.name}`;
}

async function openLock(options: LockOptions, io: CommandIo) {
  const file = await readConfigFile({ given: options.config, folder: io.cwd });
  const { config } = await parseConfigFile(file);
  const target: LockTarget = {
    ...selectEnvironment(config, options.app, options.env),
    flags: options.config === undefined ? [] : ['-config', options.config],
  };
  const { redactor = redactorFor(io.env) } = io;
  const home = await clientOptionsBy(config, { env: io.env, redactor })(homeOf(config));
  const client = await createDynamoDbClient({
    ...home,
    attemptTimeoutMs: LOCK_ATTEMPT_TIMEOUT_MS,
  });
  const signals = listenForSignals();
  // Beside the result, which scripts read.
  const progress = chooseReporter({
    output: 'text',
    stream: io.stderr,
    env: io.env,
    clock: systemClock,
    redactor,
  });
  const tools: LockTools = {
    lockStore: lockTable({ client, tableName: config.lockTable }),
    clock: systemClock,
    randomBytes: (count) => randomBytes(count),
    lease: config.lease,
    report: (event) => progress.event(event),
    interrupt: signals.interrupt,
    user: thisUser(),
  };
  const { configAccountId: accountId } = config;
  return {
    target,
    tools,
    assertAccount: () => assertAccounts([{ accountId, setting: 'ConfigAccountID', client: home }]),
    close: () => {
      signals.close();
      progress.close();
      client.destroy();
    },
  };
}
