import type { Artifact, ArtifactRef, Tags } from '../artifactdb/artifact.ts';
import type { ListenerRule, Service, Target } from '../deploy/model.ts';
import type { LockStore } from '../lock/store.ts';

/**
 * One account in one Region, as a status asks about many environments in it. Reads only, each of
 * which may be asked for as often as it is wanted: what is known is not asked for again, and what
 * AWS answers together is asked for together. Every method rejects with `CallFailedError`.
 */
export interface RegionReads {
  /** Every rule of the listener but the default one, by ascending priority. */
  rules(listenerArn: string): Promise<readonly ListenerRule[]>;
  /** Undefined when there is none. */
  service(place: ServicePlace): Promise<Service | undefined>;
  /** The tags of those task sets that are still there, by id. */
  taskSetTags(
    place: ServicePlace,
    taskSetIds: readonly string[],
  ): Promise<ReadonlyMap<string, Tags>>;
  /** The registered and the draining targets. */
  targets(targetGroupArn: string): Promise<readonly Target[]>;
  /** What one task takes; undefined when the task definition doesn't say. */
  taskSize(taskDefinitionArn: string): Promise<TaskSize | undefined>;
}

export interface ServicePlace {
  readonly cluster: string;
  readonly service: string;
}

/** What one task takes. */
export interface TaskSize {
  readonly vcpu: number;
  readonly memoryGb: number;
}

/** What all apps share: their artifacts and their locks. */
export interface Home {
  readonly artifacts: {
    get(ref: ArtifactRef): Promise<Artifact>;
    latest(projectName: string, tags: Tags): Promise<Artifact | undefined>;
  };
  readonly lockStore: LockStore;
}
