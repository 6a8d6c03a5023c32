import { Interruption } from '../src/deploy/interruption.ts';
import { EXIT } from '../src/errors.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * The first signal asks for a stop at the next safe point; the second one ends the process at once,
 * which is a crash, and survivable.
 */
export function listenForSignals(): { readonly interrupt: AbortSignal; close(): void } {
  const controller = new AbortController();
  const onSignal = (signal: (typeof SIGNALS)[number]) => {
    if (controller.signal.aborted)
      process.exit(signal === 'SIGINT' ? EXIT.interrupted : EXIT.terminated);
    controller.abort(new Interruption(signal));
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  return {
    interrupt: controller.signal,
    close() {
      for (const signal of SIGNALS) process.off(signal, onSignal);
    },
  };
}
