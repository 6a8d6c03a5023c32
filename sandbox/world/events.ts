/**
 * What happened in the world, for those who show it, route by it or check it. Emitted after the
 * state has changed.
 */
export type WorldEvent =
  | { type: 'task.statusChanged'; taskArn: string; lastStatus: string; desiredStatus: string }
  | { type: 'task.stopped'; taskArn: string; stopCode: string; stoppedReason: string }
  | { type: 'taskSet.changed'; taskSetArn: string; status: string; stabilityStatus: string }
  | { type: 'taskSet.removed'; taskSetArn: string }
  | { type: 'service.event'; serviceArn: string; message: string }
  | { type: 'target.registered'; targetGroupArn: string; address: string; port: number }
  | { type: 'target.deregistering'; targetGroupArn: string; address: string; port: number }
  | { type: 'target.removed'; targetGroupArn: string; address: string; port: number }
  | {
      type: 'target.healthChanged';
      targetGroupArn: string;
      address: string;
      port: number;
      state: string;
    }
  | { type: 'rules.changed'; listenerArn: string }
  | { type: 'rules.applied'; listenerArn: string; node: number }
  | { type: 'listener.created'; listenerArn: string; port: number }
  | { type: 'listener.deleted'; listenerArn: string };
