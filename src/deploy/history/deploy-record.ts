import type { Author } from '../../artifactdb/tag-history.ts';
import type { Serving } from '../../report/events.ts';
import type { DeployRequest } from '../request.ts';

/** How one run of a deploy ended: what a history keeps of it. */
export interface DeployEntry {
  readonly app: string;
  readonly environment: string;
  /** One for a deploy and all its resumes. */
  readonly deployId: string;
  readonly mode: DeployRequest['mode'];
  readonly artifact: {
    readonly projectName: string;
    readonly buildNumber: number;
    readonly value: string;
    readonly sha?: string;
  };
  readonly configSha: string;
  readonly contentIdentity: string;
  /** The digest of each image that was pinned, by the name that the config gives it. */
  readonly imageDigests?: Readonly<Record<string, string>>;
  /** When this run began and ended: ISO 8601, by this machine's clock. */
  readonly startedAt: string;
  readonly endedAt: string;
  readonly durationMs: number;
  /** When the deploy that this run went on with had begun, as its checkpoint tells. */
  readonly begunAt?: string;
  /** `success`, or the code of the ending, such as `failed-before-swap`. */
  readonly outcome: string;
  readonly exitCode: number;
  /** Why it did not succeed, in a sentence or two. */
  readonly message?: string;
  /** The step that was begun last. */
  readonly step: number;
  /** What users get since; left out when it is unknown. */
  readonly serving?: Serving;
  /** What served when the deploy began, as far as its tags tell. */
  readonly previous?: { readonly artifact?: string; readonly configSha?: string };
  /** Why the gate was overridden. */
  readonly gateOverride?: string;
  /** The deploy that this one replaced. */
  readonly replaced?: string;
}

/** An entry as it is kept. */
export interface DeployRecord extends DeployEntry {
  readonly by: Author;
}

/** The code of a deploy that did what it was to do. */
export const SUCCESS = 'success';
