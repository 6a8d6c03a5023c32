import type { TaskSet } from '../../../sandbox/world/ecs/state.ts';
import { EXIT } from '../../../src/errors.ts';
import { dataText, isReady, type Lineage } from '../engine/facts.ts';
import { CONFIG_SHA } from '../engine/hello.ts';
import { imageOf } from '../engine/images.ts';
import type { DeployerProcess } from '../engine/process.ts';
import { type Checker, type CheckerTools, isAwsChange } from './checker.ts';

const SUCCESS_TAG = `deploy-dev-${CONFIG_SHA}`;

/** How deploys end, and what they record: invariants 9 to 12, 20, 22, 26 and 27. */
export function endingChecker({ facts, fail }: CheckerTools): Checker {
  const dataAtStart = new Map<DeployerProcess, string>();
  /** Those that found a deploy that was cut off. */
  const wasUnfinished = new Set<DeployerProcess>();
  /** Deploys whose post-deploy commands have all run. */
  const announced = new Set<string>();

  function checkSuccess({ number, spec, deployId, wasRobbed }: DeployerProcess): void {
    const lineage = facts.lineages.get(deployId);
    const created = facts.createdBy(deployId);
    const [set] = created;
    if (!lineage || !set || created.length > 1) {
      fail(10, `process ${number} ended well with ${created.length} task sets of its own`);
      return;
    }
    const wanted = spec.version;
    if (wanted !== undefined && !imageOf(set).endsWith(`:${wanted}`)) {
      fail(spec.mode === 'resume' ? 11 : 12, `${imageOf(set)} serves instead of ${wanted}`);
    }
    checkArtifact(set, deployId);
    if (!wasRobbed) checkRecord();
    // Somebody may have moved things right after the deploy had looked at them for the last time.
    if (facts.isExcused(9, deployId)) return;
    if (set.status !== 'PRIMARY' || !facts.serves(set)) {
      fail(9, `process ${number} ended well, but ${set.id} is ${set.status}`);
    }
    checkOriginal(lineage);
    const known = new Set([set.id, lineage.originalId, ...lineage.besideIds]);
    const strangers = facts.taskSets.filter(({ id }) => !known.has(id));
    if (strangers.length > 0) fail(10, `left behind: ${strangers.map(({ id }) => id).join()}`);
    facts.excuses.clear(); // It has put right whatever there was.
  }

  /** A resume is told no version: what its lineage has recorded is what must serve. */
  function checkArtifact(set: TaskSet, deployId: string): void {
    const { checkpoint } = facts;
    if (checkpoint?.X?.DeployID !== deployId) return;
    const { value } = facts.artifacts.get({ buildNumber: checkpoint.Artifact.BuildNumber }) ?? {};
    if (value === undefined || !imageOf(set).endsWith(`/${value}`)) {
      fail(11, `${imageOf(set)} serves instead of ${value}`);
    }
  }

  /** What the exit code says of traffic. */
  function checkExitCode({ deployId, ending, number }: DeployerProcess): void {
    // With a latency traffic may move after the deployer has looked.
    if (ending?.kind !== 'failed' || facts.latencyMs > 0) return;
    const { exitCode } = ending.error;
    const isServing = facts.createdBy(deployId).some((set) => facts.serves(set));
    if (exitCode === EXIT.failedBeforeSwap && isServing) {
      fail(9, `process ${number} says that traffic never moved, but its version serves`);
    }
    if (exitCode === EXIT.failedAfterSwap && !isServing) {
      fail(9, `process ${number} says that its version serves, which it does not`);
    }
  }

  function checkOriginal({ originalId, wasReady }: Lineage): void {
    if (originalId === undefined || !wasReady) return;
    const original = facts.taskSet(originalId);
    if (original?.status === 'ACTIVE' && isReady(original)) return;
    fail(9, `the original ${originalId} is not as it was: ${original?.status}`);
  }

  function checkRecord(): void {
    const { checkpoint, lock } = facts;
    if (!checkpoint?.Done || !lock.isReleased) fail(20, 'it ended well without Done and release');
    const tags = facts.artifacts.get({ buildNumber: checkpoint?.Artifact.BuildNumber ?? 0 })?.tags;
    if (tags?.[SUCCESS_TAG] !== 'success') fail(20, 'it ended well without the tag');
  }

  function checkRefusal(process: DeployerProcess): void {
    if (process.changes > 0) fail(22, `refused after ${process.changes} changes`);
    if (process.lockWrites === 0 || process.hadCompany || process.wasRobbed) return;
    const data = dataText(facts.lock.current);
    const isAsBefore = data === '' || data === dataAtStart.get(process);
    if (!facts.lock.isReleased || !isAsBefore) fail(22, `refused, and the lock has ${data}`);
  }

  /** An unfinished deploy is to be found in the lock, or has left nothing. */
  function checkFailure(process: DeployerProcess): void {
    if (process.hadCompany || process.wasRobbed) return;
    const { checkpoint, lock } = facts;
    if (process.changes === 0) {
      checkUntouched(process);
      return;
    }
    // What happens after its success does not undo it.
    const isRecorded = checkpoint?.Done && checkpoint.X?.DeployID === process.deployId;
    if (isRecorded) return;
    if (lock.isReleased || !checkpoint || checkpoint.Done) {
      fail(26, `process ${process.number} failed after changes and left the lock free`);
    }
  }

  /** Nothing came of it: whatever it found in the lock is there still. */
  function checkUntouched(process: DeployerProcess): void {
    if (process.lockWrites === 0) return;
    const { lock } = facts;
    const data = dataText(lock.current);
    const was = dataAtStart.get(process);
    if (wasUnfinished.has(process) && lock.isReleased) fail(26, `it has forgotten ${was}`);
    if (lock.isReleased && data !== '' && data !== was)
      fail(26, `it changed nothing and left ${data}`);
  }

  /** What a deploy says of traffic at its end is true at that moment. */
  function checkTruth({ ending, number }: DeployerProcess): void {
    const serving = ending?.kind === 'done' ? ending.serving : servingOf(ending);
    if (!serving) return;
    const ids = facts.liveOn(facts.servingColor).map(({ id }) => id);
    if (serving.color !== facts.servingColor || !ids.includes(serving.taskSetId)) {
      fail(9, `process ${number} says that ${serving.taskSetId} serves; it is ${ids.join()}`);
    }
  }

  return {
    started(process) {
      const { checkpoint, lock } = facts;
      dataAtStart.set(process, dataText(lock.current));
      if (checkpoint && !checkpoint.Done && !lock.isReleased) wasUnfinished.add(process);
    },
    before(effect) {
      const { deployId, input, site } = effect;
      if (site === 'cmd.announce') announced.add(deployId);
      if (site !== 'db.setTag' || input['value'] !== 'success') return;
      // It may have been true when it was sent.
      if (facts.isExcused(20, deployId) && effect.sentMs !== facts.clock.monotonicMs()) return;
      const [set] = facts.createdBy(deployId);
      const isRight = set?.status === 'PRIMARY' && facts.serves(set) && announced.has(deployId);
      if (!isRight) fail(20, 'success was recorded of what does not serve as PRIMARY');
    },
    after(effect) {
      const isPrompt = effect.sentMs === facts.clock.monotonicMs();
      if (isPrompt && isAwsChange(effect) && facts.checkpoint?.Done) {
        fail(20, `${effect.site} after Done`);
      }
    },
    ended(process) {
      const { ending } = process;
      checkTruth(process);
      checkExitCode(process);
      if (ending?.kind === 'bug') fail(0, `a bug: ${String(ending.error)}`);
      if (ending?.kind === 'done') checkSuccess(process);
      if (ending?.kind !== 'failed') return;
      const { exitCode } = ending.error;
      if (exitCode === EXIT.locked || exitCode === EXIT.refused) checkRefusal(process);
      else checkFailure(process);
    },
    finished() {
      const { checkpoint } = facts;
      if (!checkpoint?.Done) return;
      const tags = facts.artifacts.get({ buildNumber: checkpoint.Artifact.BuildNumber })?.tags;
      if (tags?.[SUCCESS_TAG] !== 'success') fail(20, 'Done without the tag');
    },
  };
}

function servingOf(ending: DeployerProcess['ending']) {
  return ending?.kind === 'failed' ? ending.error.serving : undefined;
}
