import { describe, expect, test } from '@jest/globals';
import { MalformedJournalError } from '../../../src/artifactdb/errors.ts';
import type { Json } from '../../../src/artifactdb/journal.ts';
import type { DeployEntry } from '../../../src/deploy/history/deploy-record.ts';
import { historyIn, readDeploys } from '../../../src/deploy/history/history.ts';
import { MemoryJournalStore } from '../../support/memory-journal-store.ts';

const BY = { user: 'ann', host: 'runner-7', job: 'https://ci.example/7' };
const DEV = { app: 'hello', environment: 'dev' };
const ENTRY: DeployEntry = {
  ...DEV,
  deployId: 'd1',
  mode: 'resume',
  artifact: { projectName: 'hello', buildNumber: 2, value: 'hello:v2', sha: 'bbbb2222' },
  configSha: 'cfg00001',
  contentIdentity: 'content.0',
  startedAt: '2026-01-01T00:00:00.000Z',
  endedAt: '2026-01-01T00:03:05.250Z',
  durationMs: 185_250.5,
  begunAt: 'unknown (step 9 of another tool)',
  outcome: 'failed-after-swap',
  exitCode: 5,
  message: 'no',
  step: 12,
  serving: { color: 'blue', taskDefinition: 'hello:7', taskSetId: 'ecs-svc/1', runningCount: 2 },
  previous: { artifact: 'hello:v1' },
  gateOverride: 'outage',
  replaced: 'd0',
};

let nowMs = 0;
const journal = () => new MemoryJournalStore({ wallMs: () => ++nowMs });

describe('a record', () => {
  test('reads as it was written, with its author', async () => {
    const history = historyIn(journal(), BY);

    await history.record(ENTRY);

    expect(await history.deploysTo(DEV, 10)).toEqual({
      records: [{ ...ENTRY, by: BY }],
      isWhole: true,
    });
  });

  test('does not keep more of a text than its beginning', async () => {
    const history = historyIn(journal(), BY);

    await history.record({ ...ENTRY, message: 'x'.repeat(500_000) });

    const { records } = await history.deploysTo(DEV, 10);
    expect(records[0]?.message).toBe(`${'x'.repeat(2_000)}…`);
  });

  test('keeps no secret that a message or a reason repeats', async () => {
    const history = historyIn(journal(), BY, (text) => text.replaceAll('hunter2', '***'));

    await history.record({ ...ENTRY, message: 'no: hunter2', gateOverride: 'it is hunter2' });

    const { records } = await history.deploysTo(DEV, 1);
    expect(records).toMatchObject([{ message: 'no: ***', gateOverride: 'it is ***' }]);
  });

  test('of a later version is read as far as it is understood', async () => {
    const store = journal();
    await store.append('deploys of hello/dev', { ...plain(ENTRY), by: BY, added: { later: [1] } });

    expect((await readDeploys(store, DEV, 1)).records).toEqual([{ ...ENTRY, by: BY }]);
  });

  test.each<[string, Json]>([
    ['no object', 'x'],
    ['one without an author', plain(ENTRY)],
    ['one with a text for a number', { ...plain(ENTRY), by: BY, step: '12' }],
  ])('that is %s is named', async (_, record) => {
    const store = journal();
    await store.append('deploys of hello/dev', record);

    await expect(readDeploys(store, DEV, 1)).rejects.toThrow(MalformedJournalError);
    await expect(readDeploys(store, DEV, 1)).rejects.toThrow('"deploys of hello/dev"');
  });
});

test('each environment has its own history, newest first, up to the limit', async () => {
  const history = historyIn(journal(), BY);
  for (const [deployId, environment] of [
    ['d1', 'dev'],
    ['p1', 'prod'],
    ['d2', 'dev'],
    ['d3', 'dev'],
  ] as const) {
    await history.record({ ...ENTRY, deployId, environment });
  }

  const { isWhole, records } = await history.deploysTo(DEV, 2);

  expect(records.map(({ deployId }) => deployId)).toEqual(['d3', 'd2']);
  expect(isWhole).toBe(false);
  expect(await history.deploysTo({ ...DEV, environment: 'prod' }, 9)).toMatchObject({
    records: [{ deployId: 'p1' }],
    isWhole: true,
  });
});

function plain(entry: DeployEntry): { readonly [key: string]: Json } {
  return JSON.parse(JSON.stringify(entry)) as { [key: string]: Json };
}
