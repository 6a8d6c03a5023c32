import { Front } from '../../../sandbox/wire/front.ts';
import { type FaultRule, checkedFaultRules } from '../../../sandbox/wire/fault-rules.ts';
import { Faults } from '../../../sandbox/wire/faults.ts';
import { inProcessHandler } from '../../../sandbox/wire/in-process.ts';
import { type WireResponse, textOf } from '../../../sandbox/wire/message.ts';
import { furnish } from '../../../sandbox/world-file/furnish.ts';
import { readWorldFile } from '../../../sandbox/world-file/read.ts';
import type { WorldFile } from '../../../sandbox/world-file/world-file.ts';
import type { Settings } from '../../../sandbox/world/settings.ts';
import { World } from '../../../sandbox/world/world.ts';
import { sdkClients } from '../../support/sdk.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

/** A front in process on a virtual clock. No task ever starts: what runs is not the wire's business. */
export async function startFront(
  options: { worldFile?: WorldFile; settings?: Partial<Settings>; faults?: FaultRule[] } = {},
) {
  const clock = new VirtualClock();
  const world = new World({
    clock,
    random: () => 0.5,
    runtime: { start: () => {}, signal: () => {} },
    ...(options.settings ? { settings: options.settings } : {}),
  });
  const bugs: Error[] = [];
  const front = new Front({
    world,
    faults: new Faults(checkedFaultRules(options.faults ?? [], 'faults')),
    onBug: (error) => bugs.push(error),
  });
  await furnish(front, readWorldFile(options.worldFile ?? {}));
  const handler = inProcessHandler(front);
  const clients = (config: Parameters<typeof sdkClients>[1] = {}) => sdkClients(handler, config);
  return { clock, world, front, bugs, handler, clients };
}

export const SIGNED = {
  authorization:
    'AWS4-HMAC-SHA256 Credential=AKIATEST/20260101/us-east-1/ecs/aws4_request, SignedHeaders=host, Signature=0',
};

/** Sends what no SDK would send. */
export async function send(
  front: Front,
  request: { method?: string; path?: string; headers?: Record<string, string>; body?: string },
): Promise<WireResponse & { text: string }> {
  const answer = await front.handle({
    method: request.method ?? 'POST',
    path: request.path ?? '/',
    headers: request.headers ?? {},
    body: Buffer.from(request.body ?? '', 'utf8'),
  });
  if (answer === 'drop') throw new Error('The connection was cut.');
  return { ...answer, text: textOf(answer) };
}

/** One call of the admin API, and what it answers. */
export async function admin(front: Front, method: string, page: string, input?: unknown) {
  const answer = await send(front, {
    method,
    path: `/_sandbox/${page}`,
    ...(input === undefined ? {} : { body: JSON.stringify(input) }),
  });
  return { status: answer.status, body: JSON.parse(answer.text) as Record<string, unknown> };
}

/** Waits for what needs no time, only its turn. The test's own timeout is the limit. */
export async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) {
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
}
