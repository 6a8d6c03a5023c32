import { type Checker, type CheckerTools, isAwsChange } from './checker.ts';
import { isPutRightFirst } from '../engine/facts.ts';

const PRE = ['cmd.migrate', 'cmd.warm_up'];
const POST = ['cmd.schedule', 'cmd.announce'];

/** When commands run: invariant 23. */
export function commandChecker({ facts, fail }: CheckerTools): Checker {
  /** How often each command of each deploy has run. */
  const runs = new Map<string, number>();

  return {
    before(effect) {
      const { deployId, site } = effect;
      if (isAwsChange(effect) && facts.lineages.has(deployId)) checkPreFirst(effect);
      if (!site.startsWith('cmd.')) return;
      const key = `${deployId} ${site}`;
      runs.set(key, (runs.get(key) ?? 0) + 1);
      checkOrder(deployId, site);
      checkNotRepeated(site);
      if (POST.includes(site)) checkAfterPrimary(deployId);
    },
    finished() {
      const { checkpoint } = facts;
      if (!checkpoint?.Done || !checkpoint.X) return;
      const deployId = checkpoint.X.DeployID;
      for (const site of [...PRE, ...POST]) {
        if (!runs.has(`${deployId} ${site}`)) fail(23, `${site} never ran`);
      }
    },
  };

  /** What a start-over puts right first is no part of its own deploy. */
  function checkPreFirst({ deployId, site }: { deployId: string; site: string }): void {
    if (isPutRightFirst(site, facts)) return;
    const missing = PRE.find((command) => !runs.has(`${deployId} ${command}`));
    if (missing) fail(23, `${site} came before ${missing}`);
  }

  function checkOrder(deployId: string, site: string): void {
    const all = [...PRE, ...POST];
    const missing = all
      .slice(0, all.indexOf(site))
      .find((each) => !runs.has(`${deployId} ${each}`));
    if (missing) fail(23, `${site} ran before ${missing}`);
  }

  function checkNotRepeated(site: string): void {
    const own = facts.checkpoint?.X;
    const [list, done] = PRE.includes(site) ? [PRE, own?.Pre ?? 0] : [POST, own?.Post ?? 0];
    if (list.indexOf(site) < done) fail(23, `${site} ran again though it was recorded as finished`);
  }

  function checkAfterPrimary(deployId: string): void {
    const [set] = facts.createdBy(deployId);
    if (facts.isExcused(23, deployId)) return;
    if (!set || set.status !== 'PRIMARY') fail(23, 'a post-deploy command ran before PRIMARY');
  }
}
