export type { AccessLogEntry } from './access-log.ts';
export { type Balancers, type NodeAddress, startBalancers } from './balancers.ts';
export type { Timeouts } from './timeouts.ts';
