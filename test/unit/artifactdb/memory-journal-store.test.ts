import { describeJournalStore } from '../../support/journal-store-contract.ts';
import { MemoryJournalStore } from '../../support/memory-journal-store.ts';

describeJournalStore('a journal store in memory', () => {
  const clock = { nowMs: 1_767_225_600_000 };
  return { clock, store: new MemoryJournalStore({ wallMs: () => clock.nowMs }) };
});
