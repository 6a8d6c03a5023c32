import type { Color, Target } from '../deploy/model.ts';
import type { TargetCounts } from './environment-status.ts';
import type { Version } from './versions.ts';

/**
 * The colours whose targets have to be asked about. Who serves always is. Of the others ECS's word is
 * enough: it calls a task set steady only while every target of it is healthy, and of all calls those
 * to the load balancer are the scarcest.
 * @see TaskSet, Amazon ECS API Reference: stabilityStatus
 */
export function colorsToAskAbout(
  running: readonly Version[],
  activeColor: Color | undefined,
): Color[] {
  const colors: readonly Color[] = ['blue', 'green'];
  return colors.filter((color) => {
    const there = running.filter((version) => version.color === color);
    const isSteady = there.every(({ taskSet }) => taskSet.isSteady);
    return there.length > 0 && (color === activeColor || !isSteady);
  });
}

/**
 * Counts targets by state. Those that drain are on their way out, and nobody's concern.
 * @see Target group health, User Guide for Application Load Balancers
 */
export function countTargets(targets: readonly Target[]): TargetCounts {
  const counted = targets.filter(({ state }) => state !== 'draining');
  const isSick = ({ state }: Target) => state.startsWith('unhealthy');
  const countOf = (...states: string[]) =>
    counted.filter(({ state }) => states.includes(state)).length;
  const telling = counted.find(isSick) ?? counted.find(({ state }) => state !== 'healthy');
  return {
    healthy: countOf('healthy'),
    unhealthy: counted.filter(isSick).length,
    initial: countOf('initial'),
    unchecked: countOf('unavailable', 'unused'),
    ...(telling?.description === undefined ? {} : { reason: telling.description }),
  };
}
