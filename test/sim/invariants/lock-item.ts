import { ATTRIBUTE, type RawItem, RELEASED } from '../../../src/lock/item.ts';
import { itemText } from '../engine/facts.ts';
import { SECRET } from '../engine/hello.ts';
import type { Checker, CheckerTools, Effect } from './checker.ts';

/** A duration as Go prints it. */
const GO_DURATION = /^(0|(\d+(\.\d+)?(ns|us|µs|μs|ms|s|m|h))+)$/;

/** What `DeployStatus` of the original tool has, always. */
const SIX_KEYS = ['Artifact', 'ConfigSHA', 'NewTaskSetID', 'NewActiveColor', 'Done', 'Step'];

/** The lock's item: invariants 18, 19, 24 and 28. */
export function lockItemChecker({ facts, fail }: CheckerTools): Checker {
  const versions = new Set<string>();
  let before: RawItem | undefined;
  let ownerBefore: string | undefined;
  let checked: Uint8Array | undefined;
  /** In which order the writes were sent. */
  const sentAs = new WeakMap<object, number>();
  let sent = 0;
  let lastSentAs = 0;

  function checkWrite({ process, input }: Effect, item: RawItem): void {
    const version = item[ATTRIBUTE.recordVersionNumber]?.S ?? '';
    if (versions.has(version)) fail(18, `the version ${version} was written twice`);
    versions.add(version);

    const owner = item[ATTRIBUTE.owner]?.S;
    const isTaken = owner !== ownerBefore;
    const wasReleased = before?.[ATTRIBUTE.isReleased] !== undefined;
    if (wasReleased && !isTaken) fail(24, `process ${process.number} wrote after its release`);
    // A write that arrives late must not undo a later one of the same owner.
    const order = sentAs.get(input) ?? 0;
    if (!isTaken && order < lastSentAs)
      fail(18, `an older write of ${owner} came after a newer one`);
    lastSentAs = order;
    checkReadable(item);
    ownerBefore = owner;
  }

  /** As dynamolock for Go v1.4.0 and the original's status command read it. */
  function checkReadable(item: RawItem): void {
    for (const name of [ATTRIBUTE.owner, ATTRIBUTE.leaseDuration, ATTRIBUTE.recordVersionNumber]) {
      if (!item[name]?.S) fail(19, `${name} is not a string that says something`);
    }
    const lease = item[ATTRIBUTE.leaseDuration]?.S ?? '';
    if (!GO_DURATION.test(lease)) fail(19, `Go can't read a lease of ${lease}`);
    const mark = item[ATTRIBUTE.isReleased];
    if (mark && mark.S !== RELEASED) fail(19, 'isReleased is not the string 1');
    const data = item[ATTRIBUTE.data]?.B;
    if (!data) {
      fail(19, 'data is not binary');
      return;
    }
    if (data.length === 0) return;
    if (data === checked) return;
    checked = data;
    const { checkpoint } = facts;
    if (checkpoint?.text.includes(SECRET)) fail(28, 'the checkpoint holds a secret');
    const missing = SIX_KEYS.find((key) => checkpoint && !Object.hasOwn(checkpoint, key));
    if (missing) fail(19, `the checkpoint lacks ${missing}: ${itemText(item)}`);
  }

  return {
    sent({ input, site }) {
      if (site === 'lock.update') sentAs.set(input, ++sent);
    },
    before(effect) {
      if (effect.site === 'lock.update') before = facts.lock.current;
    },
    after(effect) {
      const item = facts.lock.current;
      if (effect.site === 'lock.update' && item && item !== before) checkWrite(effect, item);
    },
  };
}
