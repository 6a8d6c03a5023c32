/**
 * Goal: a swap of two healthy colours costs no request, whatever connections the clients hold.
 * Method: real apps, steady traffic over kept connections through both nodes, and after the swap
 * the old colour is drained and stopped as ECS does it.
 */
import { expect, test } from '@jest/globals';
import { fileURLToPath } from 'node:url';
import { startTraffic } from '../../../examples/hello/traffic.ts';
import { startProcessRuntime } from '../../../sandbox/runtime/index.ts';
import { until } from '../runtime/processes.ts';
import { type Color, LoadBalancer } from './load-balancer.ts';

const HELLO = fileURLToPath(new URL('../../../examples/hello/server.mjs', import.meta.url));

test('a swap under load fails no request and ends with the new version only', async () => {
  const lb = new LoadBalancer({ propagationSeconds: { min: 0.2, max: 10 } });
  const runtime = startProcessRuntime();
  const exitCodes: number[] = [];
  const startApp = (color: Color, version: string, index: number) => {
    const address = `127.13.0.${index}`;
    const app = { name: 'app', image: 'hello', command: ['node', HELLO], ports: [8080] };
    runtime.start(
      {
        taskArn: version + index,
        address,
        containers: [{ ...app, environment: { VERSION: version } }],
      },
      ({ exitCode }) => exitCodes.push(exitCode),
    );
    const endpoint = runtime.resolve(address, 8080);
    return { taskArn: version + index, ...lb.addTarget(color, version, endpoint) };
  };
  try {
    const blue = [startApp('blue', 'v1', 1), startApp('blue', 'v1', 2)];
    const green = [startApp('green', 'v2', 3), startApp('green', 'v2', 4)];
    for (const target of blue) await lb.untilState('blue', target, 'healthy');
    for (const target of green) await lb.untilState('green', target, 'healthy');
    const applied = new Set<number>();
    lb.world.subscribe((event) => {
      if (event.type === 'rules.applied') applied.add(event.node);
    });
    const traffic = startTraffic({ urls: await lb.urls(), requestsPerSecond: 300 });
    await until(() => traffic.report().total > 50);

    lb.swapTo('green');
    await until(() => applied.size === 2);
    const settledMs = lb.world.clock.wallMs();
    for (const target of blue) lb.deregister('blue', target);
    for (const target of blue) await lb.untilState('blue', target, 'unused');
    for (const { taskArn } of blue) runtime.signal(taskArn, 'app', 'SIGTERM');
    await until(() => exitCodes.length === 2);
    const totalAtExit = traffic.report().total;
    await until(() => traffic.report().total > totalAtExit + 50);
    const report = await traffic.stop();

    expect(report.failed).toEqual([]);
    expect(report.total).toBeGreaterThan(100);
    expect(exitCodes).toEqual([0, 0]);
    const versions = report.versions.flatMap((counts) => Object.keys(counts));
    expect([...new Set(versions)].sort()).toEqual(['v1', 'v2']);
    const late = lb.balancers.accessLog.entries().filter(({ timeMs }) => timeMs > settledMs);
    expect(late.length).toBeGreaterThan(50);
    expect(new Set(late.map(({ taskSetId }) => taskSetId))).toEqual(new Set(['set/v2']));
  } finally {
    await lb.close();
    await runtime.close();
  }
});
