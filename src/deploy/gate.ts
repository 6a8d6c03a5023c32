import {
  type Artifact,
  type ArtifactRef,
  deployTag,
  type Outcome,
  outcomeIn,
} from '../artifactdb/artifact.ts';
import type { AppConfig, EnvironmentConfig, GateIdentity } from '../config/config.ts';
import { contentIdentity, isContentIdentity } from '../config/content-identity.ts';

/** What an environment asks before it takes an artifact. */
export interface Gate {
  /** The environment behind the gate. */
  readonly environment: string;
  /** Where the artifact must have been deployed to. */
  readonly previous: string;
  readonly kind: GateIdentity;
  /** What the configuration is called that it must have been deployed with. */
  readonly identity: string;
}

/** What an artifact's tags answer. */
export interface GateVerdict {
  readonly isOpen: boolean;
  /** Undefined: nothing is recorded. */
  readonly outcome: Outcome | undefined;
  /** Other configurations, of the same kind of name, with which the artifact succeeded there. */
  readonly succeededWith: readonly string[];
}

/** The gate in front of an environment; undefined when there is none. */
export function gateOf(
  app: AppConfig,
  environment: EnvironmentConfig,
  configSha: string,
): Gate | undefined {
  const { gate: kind, name, requiresPreviousEnvDeploy: previous } = environment;
  if (previous === undefined) return undefined;
  const identity = kind === 'content' ? contentIdentity(app) : configSha;
  return { environment: name, previous, kind, identity };
}

/** The tag that has to be `success`. */
export function gateTag({ identity, previous }: Gate): string {
  return deployTag(previous, identity);
}

/** Whether the gate is open to the artifact, by the tags that it has. */
export function askGate(gate: Gate, artifact: Artifact, app: AppConfig): GateVerdict {
  const outcome = outcomeIn(artifact, gate.previous, gate.identity);
  return {
    isOpen: outcome === 'success',
    outcome,
    succeededWith: outcome === 'success' ? [] : succeededWith(gate, artifact, app),
  };
}

/** Names of environments may begin with one another: `deploy-dev-eu-1` may be of `dev-eu`. */
function succeededWith(gate: Gate, { tags }: Artifact, { environments }: AppConfig): string[] {
  const start = deployTag(gate.previous, '');
  const otherStarts = [...environments.keys()]
    .map((name) => deployTag(name, ''))
    .filter((other) => other.length > start.length && other.startsWith(start));
  return Object.entries(tags ?? {})
    .filter(([key, value]) => key.startsWith(start) && value === 'success')
    .filter(([key]) => !otherStarts.some((other) => key.startsWith(other)))
    .map(([key]) => key.slice(start.length))
    .filter((identity) => isContentIdentity(identity) === (gate.kind === 'content'));
}

/** The build of an app that the gate is asked about. */
export function refOf(app: AppConfig, buildNumber: number): ArtifactRef {
  return { projectName: app.artifactDbProjectName, buildNumber };
}
