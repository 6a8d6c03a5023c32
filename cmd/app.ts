import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { ArtifactDb } from '../src/artifactdb/artifact-db.ts';
import { assertAccounts, type ExpectedAccount } from '../src/aws/accounts.ts';
import { ArtifactTable } from '../src/aws/artifact-table.ts';
import type { CallLog } from '../src/aws/call-log.ts';
import { type ClientOptions, createDynamoDbClient, createEcrClient } from '../src/aws/clients.ts';
import { JournalTable } from '../src/aws/journal-table.ts';
import { LOCK_ATTEMPT_TIMEOUT_MS, lockTable } from '../src/aws/lock-table.ts';
import { createAwsPorts } from '../src/aws/ports.ts';
import { referenceSource } from '../src/aws/reference-source.ts';
import { systemClock } from '../src/clock.ts';
import type { DeployConfig, EnvironmentConfig } from '../src/config/config.ts';
import { historyIn } from '../src/deploy/history/history.ts';
import type { ImagesPort } from '../src/deploy/ports.ts';
import type { DeployTools } from '../src/deploy/request.ts';
import { gatedCommands, MutationGate } from '../src/deploy/mutation-gate.ts';
import { memo, once } from '../src/memo.ts';
import { runCommandAsProcess } from '../src/process/run-command.ts';
import { chooseReporter } from '../src/report/choose.ts';
import type { Reporter } from '../src/report/events.ts';
import { learning, plainTexts } from '../src/report/learn-references.ts';
import type { Redactor } from '../src/report/redactor.ts';
import type { ReferenceSource } from '../src/templates/references.ts';
import { thisAuthor } from './author.ts';
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

/** Nobody shall wait for long at the end of a deploy. */
const HISTORY_PATIENCE = { maxAttempts: 2, attemptTimeoutMs: 2_000 };

type GuardedTools = Pick<
  DeployTools,
  | 'aws'
  | 'images'
  | 'history'
  | 'references'
  | 'artifacts'
  | 'lockStore'
  | 'lease'
  | 'gate'
  | 'commands'
  | 'assertAccounts'
>;

/** The lock and ArtifactDB live in the config's account, the service in the environment's. */
export async function guardedTools(
  config: DeployConfig,
  environment: EnvironmentConfig,
  around: Surroundings,
  clientOptions = clientOptionsBy(config, around),
): Promise<GuardedTools> {
  const gate = new MutationGate();
  const [home, target] = await Promise.all([
    clientOptions(homeOf(config)),
    clientOptions(environment),
  ]);
  const [lockClient, artifactClient, historyClient, aws] = await Promise.all([
    // The lock guards the other clients: nothing guards its own.
    createDynamoDbClient({ ...home, attemptTimeoutMs: LOCK_ATTEMPT_TIMEOUT_MS }),
    createDynamoDbClient({ ...home, guard: gate }),
    // Written when the lock has been given back.
    createDynamoDbClient({ ...home, ...HISTORY_PATIENCE }),
    createAwsPorts({ ...target, guard: gate }, environment),
  ]);
  return {
    aws,
    images: imagesOf(target),
    history: historyIn(
      new JournalTable(historyClient, config.artifactDbTable, systemClock),
      thisAuthor(around.env),
      (text) => around.redactor?.redact(text) ?? text,
    ),
    references: referencesOf(environment, around, target),
    gate,
    commands: gatedCommands(runCommandAsProcess, gate),
    artifacts: new ArtifactDb(new ArtifactTable(artifactClient, config.artifactDbTable)),
    lockStore: lockTable({ client: lockClient, tableName: config.lockTable }),
    lease: config.lease,
    assertAccounts: () => assertAccounts(expectedAccounts(config, environment, home, target)),
  };
}

function referencesOf(
  environment: EnvironmentConfig,
  { env, redactor }: Surroundings,
  target: ClientOptions,
): ReferenceSource {
  const source = referenceSource(env, () => Promise.resolve(target));
  return redactor ? learning(source, redactor, plainTexts(environment)) : source;
}

/** Deploys that are refused before need nothing of ECR's client. */
function imagesOf(target: ClientOptions): ImagesPort {
  const port = once(async () => {
    const { imagesPort } = await import('../src/aws/images.ts');
    return imagesPort(memo((region) => createEcrClient({ ...target, region })));
  });
  return {
    find: async (image) => (await port()).find(image),
    someTags: async (image) => (await port()).someTags(image),
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
