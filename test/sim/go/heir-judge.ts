import { type Facts, isReady } from '../engine/facts.ts';
import { CONFIG_SHA } from '../engine/hello.ts';
import { imageOf } from '../engine/images.ts';
import type { DeployerProcess, OutgoingCall } from '../engine/process.ts';
import { isAwsChange } from '../invariants/checker.ts';
import { isOld } from './plan.ts';

const PRE = ['cmd.migrate', 'cmd.warm_up'];
const POST = ['cmd.schedule', 'cmd.announce'];

/**
 * Follows deploys from one tool to the other and judges those who go on with what the other one has
 * begun. The old tool's task sets carry no external id, so this goes by artifact and by place.
 */
export class HeirJudge {
  readonly #facts: Facts;
  readonly #fail: (invariant: number, text: string) => void;
  /** The deploy that has the lock, by the name under which `facts.lineages` knows it. */
  #lineage = '';
  /** Deploys of ours that the old tool has begun, or has gone on with. */
  readonly #inherited = new Set<string>();
  /** Processes of ours that have taken over a checkpoint without our part, and not yet written it. */
  readonly #newcomers = new Set<DeployerProcess>();
  /** How a resume of the old tool has to end that nothing disturbs. */
  readonly #promised = new Map<DeployerProcess, string>();
  /** Commands that have run for the deploy that has the lock, by whichever tool. */
  #commands = new Set<string>();

  constructor(facts: Facts, fail: (invariant: number, text: string) => void) {
    this.#facts = facts;
    this.#fail = fail;
  }

  /** Without a process: whether the deploy that the lock tells of is one that was handed over. */
  isHeirOrEnd(process: DeployerProcess | undefined): boolean {
    if (!process) return this.#inherited.has(this.#facts.checkpoint?.X?.DeployID ?? '');
    return this.#newcomers.has(process) || this.#inherited.has(process.deployId);
  }

  /** The old tool begins: what there is to resume decides how a resume has to end. */
  noteOldStart(process: DeployerProcess): void {
    const { checkpoint } = this.#facts;
    const promised = checkpoint?.Done ? 'succeeded before' : 'success';
    this.#promised.set(process, checkpoint ? promised : 'no checkpoint');
  }

  /** The old tool finds in our checkpoint what it needs, and ends as it would after itself. */
  atOldEnd(process: DeployerProcess, ending: string): void {
    const { faults, mode } = process.spec;
    if (process.hadCompany || !this.#facts.excuses.isEmpty) return;
    if (ending === 'success') this.assertCanonical(process);
    // It gives up at once when ECS does not show yet what it has just created.
    const isStale = this.#facts.world.world.settings.staleReadSeconds > 0;
    if (mode !== 'resume' || faults.length > 0 || isStale) return;
    const promised = this.#promised.get(process);
    const isDraining = this.#facts.taskSets.some(({ status }) => status === 'DRAINING');
    if (ending === promised || (ending === 'still draining' && isDraining)) return;
    this.#fail(
      11,
      `the old tool, process ${process.number}, ended with "${ending}" instead of "${promised}"`,
    );
  }

  /** The old tool has taken the lock: only a resume goes on with the deploy that had it. */
  noteOldOwner(process: DeployerProcess): void {
    if (process.spec.mode === 'resume' && this.#lineage !== '') this.#inherited.add(this.#lineage);
    else this.#begin(`old${process.number}`);
    this.#facts.noteLineage(this.#lineage);
    process.deployId = this.#lineage;
  }

  /** A process of ours has written the lock. */
  noteOwner(process: DeployerProcess): void {
    const written = this.#facts.checkpoint?.X?.DeployID;
    if (written === undefined) this.#newcomers.add(process);
    else if (this.#newcomers.has(process)) this.#inherit(process, written);
    else if (process.deployId !== this.#lineage) this.#begin(process.deployId);
  }

  beforeEffect(process: DeployerProcess, call: OutgoingCall): void {
    const { site } = call;
    const isJudged = this.#isOursAndHeir(process) && this.#facts.excuses.isEmpty;
    if (isJudged && isAwsChange(call)) this.#assertHaveRun(PRE, site);
    if (isJudged && POST.includes(site)) this.#assertServes(process, site);
    if (isJudged && site === 'db.setTag') {
      this.#assertHaveRun(POST, site);
      this.#assertServes(process, site);
    }
    if (site.startsWith('cmd.')) this.#commands.add(site);
  }

  /** A deploy of either tool that has ended well has ended where one tool alone would have. */
  assertCanonical(process: DeployerProcess): void {
    if (!this.#facts.excuses.isEmpty || process.wasRobbed) return;
    const problem = this.#problemOf(process);
    if (problem) this.#fail(11, `process ${process.number} ended well, but ${problem}`);
  }

  #problemOf(process: DeployerProcess): string | undefined {
    const { checkpoint, lock } = this.#facts;
    const { primary } = this.#facts;
    if (!primary || !this.#facts.serves(primary)) return `PRIMARY ${primary?.id} does not serve`;
    if (!imageOf(primary).endsWith(`:${this.#wanted(process)}`))
      return `${imageOf(primary)} serves`;
    const originalId = this.#facts.lineages.get(this.#lineage)?.originalId;
    const original = this.#facts.taskSet(originalId ?? '');
    if (originalId !== undefined && !(original?.status === 'ACTIVE' && isReady(original))) {
      return `the original ${originalId} is not as it was: ${original?.status}`;
    }
    const strangers = this.#facts.taskSets.filter(
      ({ id }) => id !== primary.id && id !== originalId,
    );
    if (strangers.length > 0) return `it left behind ${strangers.map(({ id }) => id).join()}`;
    if (!checkpoint?.Done || !lock.isReleased) return 'without Done and release';
    const { BuildNumber: buildNumber } = checkpoint.Artifact;
    const tag = this.#facts.artifacts.get({ buildNumber })?.tags?.[`deploy-dev-${CONFIG_SHA}`];
    return tag === 'success' ? undefined : 'without the tag';
  }

  #begin(lineage: string): void {
    this.#lineage = lineage;
    this.#commands = new Set();
  }

  /** The first checkpoint with our part in it: from here on the deploy has a name. */
  #inherit(process: DeployerProcess, deployId: string): void {
    const { lineages } = this.#facts;
    const known = lineages.get(this.#lineage);
    if (known) lineages.set(deployId, { ...known, deployId });
    this.#newcomers.delete(process);
    this.#inherited.add(deployId);
    this.#lineage = deployId;
    process.deployId = deployId;
  }

  #isOursAndHeir(process: DeployerProcess): boolean {
    return !isOld(process) && this.isHeirOrEnd(process);
  }

  #assertHaveRun(commands: readonly string[], site: string): void {
    const missing = commands.find((command) => !this.#commands.has(command));
    if (missing) this.#fail(23, `${site} came before ${missing}`);
  }

  #assertServes(process: DeployerProcess, site: string): void {
    const { primary } = this.#facts;
    const isRight =
      primary &&
      this.#facts.serves(primary) &&
      imageOf(primary).endsWith(`:${this.#wanted(process)}`);
    if (!isRight) this.#fail(20, `${site}, and PRIMARY is ${primary?.id}`);
  }

  /** The version that a process deploys; a resume may leave it to the lock. */
  #wanted({ spec }: DeployerProcess): string {
    return spec.version ?? `v${this.#facts.checkpoint?.Artifact.BuildNumber}`;
  }
}
