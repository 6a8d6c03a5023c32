/**
 * Kills the tasks of a sandbox that died without stopping them, e.g. by SIGKILL.
 *
 * Standard input is a pipe that only the sandbox holds open. Its lines say which process groups
 * run: `+<group>` and `-<group>`. When it ends, the sandbox has gone, whatever the cause, and every
 * group that still runs is killed. Plain JavaScript, because it is started by `node` itself.
 */
import { createInterface } from 'node:readline';

const groups = new Set();

// Ctrl-C reaches every process of a terminal. The guard must outlive the sandbox to be of use.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {});

for await (const line of createInterface({ input: process.stdin })) {
  const group = Number(line.slice(1));
  if (line.startsWith('+')) groups.add(group);
  else groups.delete(group);
}

for (const group of groups) {
  try {
    process.kill(-group, 'SIGKILL');
  } catch {
    // It has exited in the meantime.
  }
}
