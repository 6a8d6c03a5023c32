import type { AppConfig, EnvironmentConfig } from '../config/config.ts';
import type { EnvironmentStatus, Health } from './environment-status.ts';
import { readLatest } from './latest.ts';
import { readEnvironment, type StatusTools } from './read-environment.ts';
import { troubleOf } from './trouble.ts';

/** How all environments of some apps are. */
export interface Overview {
  /** `healthy` when every environment is, and `degraded` when one is. */
  readonly health: Health;
  /** In the order of the selection, as their environments. */
  readonly apps: readonly AppOverview[];
}

export interface AppOverview {
  readonly app: string;
  /** The value of the newest artifact for automated deploys; only where it was asked for and is. */
  readonly latest?: string;
  readonly environments: readonly EnvironmentStatus[];
}

/** What is to be looked at. */
export interface Selection {
  readonly app: AppConfig;
  /** Never empty. */
  readonly environments: readonly EnvironmentConfig[];
}

/**
 * Reads all of them at the same time. The error of one hides no other.
 * @param options.latest Whether to look for each app's newest artifact, which may take many reads.
 * @throws what is a bug of ours, and the signal's reason.
 */
export async function readOverview(
  selections: readonly Selection[],
  tools: StatusTools,
  options: {
    readonly latest: boolean;
    /** Told of each environment that has been read. */
    readonly onRead?: () => void;
  },
): Promise<Overview> {
  const read = async (app: AppConfig, environment: EnvironmentConfig) => {
    const status = await readEnvironment(app, environment, tools);
    options.onRead?.();
    return status;
  };
  const apps = await Promise.all(
    selections.map(async ({ app, environments }): Promise<AppOverview> => {
      const [latest, statuses] = await Promise.all([
        options.latest ? latestOf(app, tools) : undefined,
        Promise.all(environments.map((each) => read(app, each))),
      ]);
      return {
        app: app.name,
        ...(latest === undefined ? {} : { latest }),
        environments: statuses,
      };
    }),
  );
  return { health: worstOf(apps), apps };
}

/** It is only for showing: whether ArtifactDB can be read, the environments tell. */
async function latestOf(app: AppConfig, { home }: StatusTools): Promise<string | undefined> {
  try {
    return await readLatest(app, home);
  } catch (error) {
    if (!troubleOf(error)) throw error;
    return undefined;
  }
}

function worstOf(apps: readonly AppOverview[]): Health {
  const healths = apps.flatMap(({ environments }) => environments.map(({ health }) => health));
  return (['degraded', 'unknown'] as const).find((each) => healths.includes(each)) ?? 'healthy';
}
