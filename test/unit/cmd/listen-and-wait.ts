/** Listens for signals, prints what it is interrupted by, and goes on until it is killed. */
import { listenForSignals } from '../../../cmd/signals.ts';

const signals = listenForSignals();
const { interrupt } = signals;
interrupt.addEventListener('abort', () => {
  console.log(String(interrupt.reason));
  if (process.argv[2] === 'close') signals.close();
});
setInterval(() => {}, 1000);
console.log('ready');
