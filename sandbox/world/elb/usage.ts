import type { Region } from '../region.ts';
import type { World } from '../world.ts';
import type { Action, Rule, TargetGroup } from './state.ts';
import { announceHealth, resetHealth } from './targets.ts';

/**
 * Gives a rule its action and keeps the target groups' record of who uses them. A group that comes
 * into use has its targets checked as if they were new; one that falls out of use shows them unused.
 */
export function setAction(world: World, region: Region, rule: Rule, action: Action): void {
  const before = groupsOf(region, rule.action);
  const after = groupsOf(region, action);
  rule.action = action;
  for (const group of after) use(world, group, rule);
  for (const group of before) {
    if (!after.includes(group)) release(world, group, rule);
  }
}

/** Ends a vanishing rule's hold on its target groups. */
export function releaseGroups(world: World, region: Region, rule: Rule): void {
  for (const group of groupsOf(region, rule.action)) release(world, group, rule);
}

function groupsOf(region: Region, action: Action): TargetGroup[] {
  if (action.type !== 'forward') return [];
  return action.tuples.flatMap((tuple) => region.elb.targetGroups.get(tuple.targetGroupArn) ?? []);
}

function use(world: World, group: TargetGroup, rule: Rule): void {
  const isFirst = group.usedBy.size === 0;
  group.usedBy.add(rule);
  if (!isFirst) return;
  resetHealth(group);
  announceAll(world, group);
}

function release(world: World, group: TargetGroup, rule: Rule): void {
  group.usedBy.delete(rule);
  if (group.usedBy.size === 0) announceAll(world, group);
}

function announceAll(world: World, group: TargetGroup): void {
  for (const target of group.targets.values()) announceHealth(world, group, target);
}
