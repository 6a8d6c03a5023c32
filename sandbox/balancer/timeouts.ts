/**
 * How long a node waits, in milliseconds of the clock.
 * @see Load balancer attributes: Connection idle timeout, User Guide for Application Load Balancers
 */
export interface Timeouts {
  /** For a target to accept a connection; then 504. */
  readonly connectMs: number;
  /** For the next byte from either side; then 504, 408, or a cut connection. */
  readonly idleMs: number;
}

/** What AWS uses unless told otherwise. The first of them cannot be changed there. */
export const DEFAULT_TIMEOUTS: Timeouts = {
  connectMs: 10_000,
  idleMs: 60_000,
};
