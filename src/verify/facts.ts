import type { Artifact } from '../artifactdb/artifact.ts';
import type { ShaMatch } from '../artifactdb/find-by-sha.ts';
import type { AppConfig, DeployConfig, EnvironmentConfig } from '../config/config.ts';
import type { Color, ListenerRule, Service } from '../deploy/model.ts';
import type { DeployPlan } from '../deploy/plan.ts';
import { CallFailedError } from '../deploy/ports.ts';
import type { DeployRequest } from '../deploy/request.ts';
import { DeployError } from '../errors.ts';
import type { SecurityGroup, Subnet, TargetGroup, VerifyPorts } from './ports.ts';
import { NotJudgedError } from './unread.ts';

/** What is to be verified. */
export interface VerifyRequest {
  readonly config: Pick<DeployConfig, 'artifactDbTable' | 'lockTable'>;
  readonly app: AppConfig;
  readonly environment: EnvironmentConfig;
  /** Left out: see `ChosenArtifact`. */
  readonly sha?: string;
  /** The flags of a deploy of it, for messages that say what to type. */
  readonly flags: DeployRequest['flags'];
}

/** The artifact whose deploy is judged. */
export type ChosenArtifact =
  /** The one with the SHA that was given. */
  | { readonly by: 'sha'; readonly match: ShaMatch }
  /** The newest that is tagged for automated deploys. */
  | { readonly by: 'automated'; readonly artifact: Artifact }
  /** The newest of all, for want of such a one. */
  | { readonly by: 'newest'; readonly artifact: Artifact }
  | { readonly by: 'none' };

/** What several checks judge by. Each fact is read once, when it is first wanted. */
export class Facts {
  readonly request: VerifyRequest;
  readonly ports: VerifyPorts;
  readonly #known = new Map<string, Promise<unknown>>();

  constructor(request: VerifyRequest, ports: VerifyPorts) {
    this.request = request;
    this.ports = ports;
  }

  chosenArtifact(): Promise<ChosenArtifact> {
    return this.#once('chosenArtifact', () => this.#chooseArtifact());
  }

  /** @throws {NotJudgedError} when there is none to judge. */
  async artifact(): Promise<Artifact> {
    const chosen = await this.chosenArtifact();
    if (chosen.by === 'automated' || chosen.by === 'newest') return chosen.artifact;
    if (chosen.by === 'sha' && chosen.match.kind === 'found') return chosen.match.artifact;
    throw new NotJudgedError('no artifact to render the templates with');
  }

  /** The plan, or why the templates can't be rendered. */
  plan(): Promise<DeployPlan | DeployError> {
    return this.#once('plan', async () => {
      const artifact = await this.artifact();
      try {
        return await this.ports.plan(artifact);
      } catch (error) {
        if (error instanceof DeployError) return error;
        throw error;
      }
    });
  }

  /** @throws {NotJudgedError} when the templates can't be rendered: that is another check's finding. */
  async rendered(): Promise<DeployPlan> {
    const plan = await this.plan();
    if (plan instanceof DeployError) throw new NotJudgedError("the templates can't be rendered");
    return plan;
  }

  foundRules(): Promise<readonly ListenerRule[] | 'no-listener'> {
    const { listenerArn } = this.request.environment;
    return this.#once('rules', () =>
      unlessCode('ListenerNotFound', 'no-listener', this.ports.rules.describe(listenerArn)),
    );
  }

  /** @throws {NotJudgedError} when there is no listener: that is another check's finding. */
  async rules(): Promise<readonly ListenerRule[]> {
    const found = await this.foundRules();
    if (found === 'no-listener') throw new NotJudgedError('there is no listener');
    return found;
  }

  foundService(): Promise<Service | 'no-cluster' | 'no-service'> {
    return this.#once('service', async () => {
      const found = this.ports.service.describe();
      return (await unlessCode('ClusterNotFound', 'no-cluster', found)) ?? 'no-service';
    });
  }

  /** @throws {NotJudgedError} when there is none: that is another check's finding. */
  async service(): Promise<Service> {
    const found = await this.foundService();
    if (typeof found === 'string') throw new NotJudgedError('there is no service');
    return found;
  }

  targetGroup(color: Color): Promise<TargetGroup | undefined> {
    const arn = this.request.environment.targetGroupArns[color];
    return this.#once(`targetGroup ${color}`, () => this.ports.targetGroups.find(arn));
  }

  subnets(): Promise<readonly Subnet[]> {
    const { subnets } = this.request.environment;
    return this.#once('subnets', () => this.ports.network.subnets(subnets));
  }

  securityGroups(): Promise<readonly SecurityGroup[]> {
    const { securityGroups } = this.request.environment;
    return this.#once('securityGroups', () => this.ports.network.securityGroups(securityGroups));
  }

  async #chooseArtifact(): Promise<ChosenArtifact> {
    const { app, sha } = this.request;
    const { artifacts } = this.ports;
    const project = app.artifactDbProjectName;
    if (sha !== undefined) return { by: 'sha', match: await artifacts.findBySha(project, sha) };
    const [automated, newest] = await Promise.all([
      artifacts.latest(project, { ForAutomatedDeploy: 'true' }),
      artifacts.latest(project),
    ]);
    if (automated) return { by: 'automated', artifact: automated };
    return newest ? { by: 'newest', artifact: newest } : { by: 'none' };
  }

  #once<T>(name: string, read: () => Promise<T>): Promise<T> {
    const known = this.#known.get(name) as Promise<T> | undefined;
    if (known) return known;
    const fresh = read();
    this.#known.set(name, fresh);
    return fresh;
  }
}

/** An error of AWS's that is an answer here; with or without the suffix `Exception`. */
async function unlessCode<T, Answer>(
  code: string,
  answer: Answer,
  work: Promise<T>,
): Promise<Answer | T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof CallFailedError && error.code.startsWith(code)) return answer;
    throw error;
  }
}
