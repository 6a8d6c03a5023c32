import type { ECSClient } from '@aws-sdk/client-ecs';
import type { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { ArtifactDb } from '../../../src/artifactdb/artifact-db.ts';
import type { ArtifactStore } from '../../../src/artifactdb/store.ts';
import { rulesPort } from '../../../src/aws/rules.ts';
import { servicePort } from '../../../src/aws/service.ts';
import { targetsPort } from '../../../src/aws/targets.ts';
import { taskDefinitionsPort } from '../../../src/aws/task-definitions.ts';
import { tasksPort } from '../../../src/aws/tasks.ts';
import { gatedCommands } from '../../../src/deploy/mutation-gate.ts';
import {
  CallFailedError,
  type Command,
  CommandFailedError,
  type CommandRunner,
} from '../../../src/deploy/ports.ts';
import { type DeployPlan, type PlanInput, planDeploy } from '../../../src/deploy/plan.ts';
import type { DeployTools } from '../../../src/deploy/request.ts';
import { type LockStore, LockStoreError } from '../../../src/lock/store.ts';
import {
  connectionBroke,
  isReadOf,
  operationOf,
  sdkError,
  serviceOf,
} from '../../support/direct-client.ts';
import type { VirtualClock } from '../../support/virtual-clock.ts';
import { HELLO } from './hello.ts';
import { IMAGES } from './images.ts';
import type { DeployerProcess, OutgoingCall } from './process.ts';
import type { SimWorld } from './sim-world.ts';
import type { Artifacts, LockItem } from './stores.ts';

/** What the deployers of one run have in common. */
export interface Surroundings {
  readonly clock: VirtualClock;
  readonly world: SimWorld;
  readonly lock: LockItem;
  readonly artifacts: Artifacts;
  /** Told of each command that is run, with its variables. */
  readonly onCommand: (process: DeployerProcess, command: string, deployId: string) => void;
  readonly randomBytes: (count: number) => Uint8Array;
}

/** An attempt of a real client lasts 10 s, and less where the lease is about to end. */
const READ_PATIENCE_MS = 4_000;
const LOCK_PATIENCE_MS = 2_000;

/** The real adapters and everything else that `deploy` needs, cut at every call. */
export function toolsFor(process: DeployerProcess, around: Surroundings): DeployTools {
  const { cluster, service } = HELLO.environment;
  const client = clientFor(process, around);
  const ecs = client as unknown as ECSClient;
  const elb = client as unknown as ElasticLoadBalancingV2Client;
  return {
    aws: {
      rules: rulesPort(elb),
      targets: targetsPort(elb),
      service: servicePort(ecs, cluster, service),
      taskDefinitions: taskDefinitionsPort(ecs),
      tasks: tasksPort(ecs, cluster),
    },
    images: IMAGES,
    artifacts: new ArtifactDb(artifactStoreFor(process, around)),
    lockStore: lockStoreFor(process, around),
    commands: gatedCommands(commandsFor(process, around), process.gate),
    gate: process.gate,
    assertAccounts: () => Promise.resolve(),
    clock: process.machine.clock(around.clock),
    randomBytes: around.randomBytes,
    report: (event) => process.events.push(event),
    interrupt: process.interrupt.signal,
    machine: { host: `host${process.number}`, pid: process.number },
    planDeploy: planOnce,
  };
}

const plans = new Map<string, DeployPlan>();

/** The same artifact always gives the same plan: only the first simulated deploy has to render it. */
function planOnce(input: PlanInput): DeployPlan {
  const key = `${input.artifact.buildNumber} ${input.configSha} ${input.skipCommands}`;
  let plan = plans.get(key);
  if (!plan) {
    plan = renderedOnce(planDeploy(input));
    plans.set(key, plan);
  }
  // Tags come and go, and are part of the checkpoint.
  return { ...plan, artifact: input.artifact };
}

function renderedOnce(plan: DeployPlan): DeployPlan {
  const commands = new Map<string, readonly Command[]>();
  return {
    ...plan,
    postDeployCommands(taskDefinition) {
      let rendered = commands.get(taskDefinition);
      if (!rendered) {
        rendered = plan.postDeployCommands(taskDefinition);
        commands.set(taskDefinition, rendered);
      }
      return rendered;
    },
  };
}

function clientFor(process: DeployerProcess, { world }: Surroundings) {
  const changePatienceMs = () => process.gate.mutationDeadlineMs();
  return {
    send(command: { readonly input: object }): Promise<unknown> {
      const operation = operationOf(command);
      const isChange = !isRead(operation);
      const { input } = command;
      return process.call({
        site: siteOf(operation),
        input,
        isChange,
        isGuarded: isChange,
        patienceMs: isChange ? changePatienceMs : readPatienceMs,
        effect: () => world.perform(operation, input),
        failure: awsFailure,
      });
    },
  };
}

const readPatienceMs = () => READ_PATIENCE_MS;
const lockPatienceMs = () => LOCK_PATIENCE_MS;

function awsFailure(how: Parameters<OutgoingCall['failure']>[0]): Error {
  if (how === 'timeout') return connectionBroke();
  return how === 'throttled'
    ? sdkError('ThrottlingException', 'Rate exceeded', 400)
    : sdkError('InternalServerError', 'We encountered an internal error.', 500);
}

const sites = new Map<string, string>();

function siteOf(operation: string): string {
  let site = sites.get(operation);
  if (site === undefined) {
    site = `${serviceOf(operation)}.${operation}`;
    sites.set(operation, site);
  }
  return site;
}

const reads = new Map<string, boolean>();

function isRead(operation: string): boolean {
  let is = reads.get(operation);
  if (is === undefined) {
    is = isReadOf(operation);
    reads.set(operation, is);
  }
  return is;
}

function lockStoreFor(process: DeployerProcess, { lock }: Surroundings): LockStore {
  return {
    read: (key) =>
      process.call({
        site: 'lock.read',
        input: { key },
        isChange: false,
        isGuarded: false,
        patienceMs: lockPatienceMs,
        effect: () => lock.current,
        failure: lockFailure,
      }),
    update: (key, update) =>
      process.call({
        site: 'lock.update',
        input: update,
        isChange: true,
        isGuarded: false,
        patienceMs: lockPatienceMs,
        effect: () => lock.update(key, update),
        failure: lockFailure,
      }),
  };
}

function lockFailure(how: Parameters<OutgoingCall['failure']>[0]): Error {
  return how === 'throttled'
    ? new LockStoreError('throttled', 'Rate exceeded')
    : new LockStoreError('unknown', 'No answer from the lock table.');
}

function artifactStoreFor(process: DeployerProcess, { artifacts }: Surroundings): ArtifactStore {
  const make = <T>(operation: string, input: object, isChange: boolean, effect: () => T) =>
    process.call({
      site: `db.${operation}`,
      input,
      isChange,
      isGuarded: isChange,
      patienceMs: readPatienceMs,
      effect,
      failure: artifactFailure,
    });
  return {
    readPage: (_, request) =>
      make('readPage', request, false, () => ({
        artifacts: artifacts.newestFirst(),
        olderThan: null,
      })),
    get: (ref) => make('get', ref, false, () => artifacts.get(ref)),
    setTags: (ref, tags) =>
      // The invariants ask what was recorded, and every tag of one call says the same.
      make('setTag', { ...ref, value: Object.values(tags)[0] }, true, () =>
        artifacts.setTags(ref, tags),
      ),
    create: notSimulated,
    removeTag: notSimulated,
  };
}

function artifactFailure(how: Parameters<OutgoingCall['failure']>[0]): Error {
  return new CallFailedError({
    operation: 'dynamodb:UpdateItem',
    code: how,
    message: 'ArtifactDB did not answer.',
    isTransient: true,
    isOutcomeUnknown: how !== 'throttled',
  });
}

function notSimulated(): never {
  throw new Error('A deploy neither registers artifacts nor removes tags.');
}

function commandsFor(process: DeployerProcess, { onCommand }: Surroundings): CommandRunner {
  return {
    run: ({ program }, { environment, signal, timeoutMs }) => {
      signal.throwIfAborted();
      return process.call({
        site: `cmd.${program.replace(/\W/g, '_')}`,
        input: { program },
        isChange: true,
        isGuarded: true,
        patienceMs: () => timeoutMs,
        effect: () => onCommand(process, program, environment['ECS_DEPLOY_ID'] ?? ''),
        failure: (how) => new CommandFailedError(`${program} failed: ${how}.`),
      });
    },
  };
}
