import type { DeployerProcess } from '../engine/process.ts';
import { parseScenario, printScenario, type RunSpec, type Scenario } from '../engine/scenario.ts';
import type { Fault } from '../engine/scenario.ts';
import { run } from '../suites/plans.ts';

/** One process, of either tool. */
export interface MixedRun extends RunSpec {
  /** Whether it is the old tool. */
  readonly isOld: boolean;
}

/** As a scenario, but some of its runs are the old tool's: `v1x2: old deploy v2 > resume`. */
export interface MixedScenario extends Scenario {
  readonly stages: readonly (readonly MixedRun[])[];
}

/** Whether a process is the old tool. */
export function isOld({ spec }: DeployerProcess): boolean {
  return 'isOld' in spec && spec.isOld === true;
}

/** A run of ours, e.g. of `start-over v3`. */
export function ours(words: string, ...faults: Fault[]): MixedRun {
  return { ...run(words, ...faults), isOld: false };
}

/** A run of the old tool, which can't do without a version. */
export function old(words: string, ...faults: Fault[]): MixedRun {
  return { ...run(words, ...faults), isOld: true };
}

export function printMixed(scenario: MixedScenario): string {
  const marks = scenario.stages.flat().map(({ isOld: is }) => is);
  let index = 0;
  return printScenario(scenario).replaceAll(RUN, (_, before: string, delay = '', mode = '') => {
    return `${before}${delay}${marks[index++] ? 'old ' : ''}${mode}`;
  });
}

/** @throws {Error} saying what can't be read. */
export function parseMixed(text: string): MixedScenario {
  const marks: boolean[] = [];
  const plain = text.replaceAll(RUN, (_, before: string, delay = '', mode = '') => {
    marks.push(mode.startsWith('old '));
    return `${before}${delay}${mode.replace('old ', '')}`;
  });
  const { stages, world } = parseScenario(plain);
  let index = 0;
  return {
    world,
    stages: stages.map((stage) => stage.map((each) => ({ ...each, isOld: !!marks[index++] }))),
  };
}

/** Where a run begins: after the world, after the stage before, or beside another run. */
const RUN = /(: | > | \| )(\+\d+ )?((?:old )?(?:deploy|resume|start-over))/g;
