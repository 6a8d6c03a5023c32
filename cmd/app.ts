import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { ArtifactDb } from '../src/artifactdb/artifact-db.ts';
import { assertAccounts, type ExpectedAccount } from '../src/aws/accounts.ts';
import { ArtifactTable } from '../src/aws/artifact-table.ts';
import type { CallLog } from '../src/aws/call-log.ts';
import { type ClientOptions, createDynamoDbClient } from '../src/aws/clients.ts';
import { LOCK_ATTEMPT_TIMEOUT_MS, lockTable } from '../src/aws/lock-table.ts';
import { createAwsPorts } from '../src/aws/ports.ts';
import { systemClock } from '../src/clock.ts';
import type { DeployConfig, EnvironmentConfig } from '../src/config/config.ts';
import type { DeployTools } from '../src/deploy/request.ts';
import { gatedCommands, MutationGate } from '../src/deploy/mutation-gate.ts';
import { runCommandAsProcess } from '../src/process/run-command.ts';
import { chooseReporter } from '../src/report/choose.ts';
import type { Reporter } from '../src/report/events.ts';
import type { Redactor } from '../src/report/redactor.ts';
import { clientOptionsBy, homeOf, type Surroundings } from './client-options.ts';
import { thisMachine } from './machine.ts';
import { redactorFor } from './masked.ts';
import type { CommandIo, OutputFormat } from './options.ts';
import { listenForSignals } from './signals.ts';

/** What a command works with. Disposing of it leaves the terminal tidy and the log closed. */
export interface App extends AsyncDisposable {
  readonly reporter: Reporter;
  deployTools(config: DeployConfig, environment: EnvironmentConfig): Promise<DeployTools>;
}

/** The one place where things are built: clock, AWS adapters, reporter and log. */
export async function createApp(
  options: { readonly output: OutputFormat; readonly logFile?: string },
  io: CommandIo,
): Promise<App> {
  const { redactor = redactorFor(io.env) } = io;
  const shown = chooseReporter({
    output: options.output,
    stream: io.stdout,
    env: io.env,
    clock: systemClock,
    redactor,
  });
  const { reporter, callLog, closeLog } = await withLog(shown, options, io, redactor);
  const signals = listenForSignals();
  return {
    reporter,
    deployTools: async (config, environment) => ({
      ...(await guardedTools(config, environment, {
        env: io.env,
        redactor,
        note: (message) => reporter.event({ type: 'note', message }),
        log: callLog,
      })),
      clock: systemClock,
      randomBytes: (count) => randomBytes(count),
      report: (event) => reporter.event(event),
      interrupt: signals.interrupt,
      machine: thisMachine(io.env),
    }),
    async [Symbol.asyncDispose]() {
      signals.close();
      reporter.close();
      closeLog();
    },
  };
}

async function withLog(
  reporter: Reporter,
  { logFile }: { readonly logFile?: string },
  io: CommandIo,
  redactor: Redactor,
): Promise<{ reporter: Reporter; callLog?: CallLog; closeLog: () => void }> {
  if (logFile === undefined) return { reporter, closeLog: () => {} };
  const [{ createCallLog, logEvents, openPostMortem }, { watchEventLoop }] = await Promise.all([
    import('../src/report/post-mortem.ts'),
    import('../src/report/event-loop.ts'),
  ]);
  const path = resolve(io.cwd, logFile);
  const postMortem = openPostMortem({ path, clock: systemClock, redactor });
  const stopWatching = watchEventLoop(postMortem.log);
  return {
    reporter: logEvents(reporter, postMortem.log),
    callLog: createCallLog(postMortem.log),
    closeLog: () => {
      stopWatching();
      postMortem.close();
    },
  };
}

type GuardedTools = Pick<
  DeployTools,
  'aws' | 'artifacts' | 'lockStore' | 'lease' | 'gate' | 'commands' | 'assertAccounts'
>;

/** The lock and ArtifactDB live in the config's account, the service in the environment's. */
async function guardedTools(
  config: DeployConfig,
  environment: EnvironmentConfig,
  around: Surroundings,
): Promise<GuardedTools> {
  const gate = new MutationGate();
  const clientOptions = clientOptionsBy(config, around);
  const [home, target] = await Promise.all([
    clientOptions(homeOf(config)),
    clientOptions(environment),
  ]);
  const [lockClient, artifactClient, aws] = await Promise.all([
    // The lock guards the other clients: nothing guards its own.
    createDynamoDbClient({ ...home, attemptTimeoutMs: LOCK_ATTEMPT_TIMEOUT_MS }),
    createDynamoDbClient({ ...home, guard: gate }),
    createAwsPorts({ ...target, guard: gate }, environment),
  ]);
  return {
    aws,
    gate,
    commands: gatedCommands(runCommandAsProcess, gate),
    artifacts: new ArtifactDb(new ArtifactTable(artifactClient, config.artifactDbTable)),
    lockStore: lockTable({ client: lockClient, tableName: config.lockTable }),
    lease: config.lease,
    assertAccounts: () => assertAccounts(expectedAccounts(config, environment, home, target)),
  };
}

function expectedAccounts(
  config: DeployConfig,
  environment: EnvironmentConfig,
  home: ClientOptions,
  target: ClientOptions,
): ExpectedAccount[] {
  const { accountId, name } = environment;
  const configAccount = {
    accountId: config.configAccountId,
    setting: 'ConfigAccountID',
    client: home,
  };
  const targetAccount = { accountId, setting: `AccountID of environment ${name}`, client: target };
  const areSame =
    accountId === config.configAccountId && environment.region === config.configRegion;
  return areSame ? [targetAccount] : [configAccount, targetAccount];
}
