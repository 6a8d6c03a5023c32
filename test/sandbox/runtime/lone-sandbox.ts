/** A sandbox's process with one stubborn task, for tests that kill it. Prints what it started. */
import { startProcessRuntime } from '../../../sandbox/runtime/process-runtime.ts';

const [fixture = '', address = ''] = process.argv.slice(2);

const runtime = startProcessRuntime({
  onOutput: (_taskArn, _container, line) => {
    const tasks = runtime.processes().map(({ pid }) => pid);
    console.log(JSON.stringify({ line, tasks, guard: runtime.guardPid }));
  },
});
runtime.start(
  {
    taskArn: 'task',
    address,
    containers: [
      {
        name: 'app',
        image: 'fixture:1',
        command: ['node', fixture],
        environment: { IGNORE_SIGTERM: '1', SPAWN_CHILD: '1' },
        ports: [8080],
      },
    ],
  },
  () => {},
);
