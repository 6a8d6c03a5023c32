/** Listens for signals, prints what it is interrupted by, and goes on until it is killed. */
import { listenForSignals } from '../../../cmd/signals.ts';

const signals = listenForSignals();
signals.interrupt.addEventListener('abort', () => {
  if (process.argv[2] === 'close') signals.close();
  console.log(String(signals.interrupt.reason));
});
setInterval(() => {}, 1000);
console.log('ready');
