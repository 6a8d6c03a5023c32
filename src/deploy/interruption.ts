/** Why `DeployTools.interrupt` was aborted. */
export class Interruption extends Error {
  readonly signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP';

  constructor(signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP') {
    super(`Interrupted by ${signal}.`);
    this.name = 'Interruption';
    this.signal = signal;
  }
}
