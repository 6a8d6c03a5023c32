import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Logger } from 'pino';

/** How often the event loop is looked at, in milliseconds. */
const RESOLUTION_MS = 20;

/**
 * Measures for how long this process was kept from running: one that is loses its lock, and the log
 * must tell such a loss from an outage.
 * @returns what ends the measurement, and logs the longest delay and the 99th percentile.
 */
export function watchEventLoop(log: Logger): () => void {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  return () => {
    delay.disable();
    const toMs = (ns: number) => Math.round(ns / 1e5) / 10;
    log.info({ maxMs: toMs(delay.max), p99Ms: toMs(delay.percentile(99)) }, 'event loop delay');
  };
}
