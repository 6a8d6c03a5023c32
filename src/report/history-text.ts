import { type DeployRecord, SUCCESS } from '../deploy/history/deploy-record.ts';
import { EXIT } from '../errors.ts';
import { aligned, type Cell, cell, type Line } from './status-cells.ts';
import { wholeSeconds } from './wording.ts';

const INDENT: Cell = { text: '    ', tone: 'plain' };

/** Deploys for people to read: one line each, and below it what is special about it. */
export function historyLines(records: readonly DeployRecord[]): Line[] {
  const rows = aligned(records.map(rowOf));
  return records.flatMap((record, index) => [
    rows[index] ?? [],
    ...remarksOn(record).map((remark) => [INDENT, cell(remark, 'quiet')]),
  ]);
}

function rowOf(record: DeployRecord): Line {
  const { artifact, by, configSha, durationMs, endedAt, environment, outcome } = record;
  return [
    cell(endedAt.replace(/\.\d+Z$/, 'Z'), 'quiet'),
    cell(environment),
    cell(outcome, toneOf(record)),
    cell(artifact.value, 'strong'),
    cell(`config ${configSha}`),
    cell(wholeSeconds(durationMs)),
    cell(`${by.user}@${by.host}`),
  ];
}

function toneOf({ exitCode, outcome }: DeployRecord): 'bad' | 'good' | 'warn' {
  if (outcome === SUCCESS) return 'good';
  return UNHARMED.has(exitCode) ? 'warn' : 'bad';
}

/** Traffic is where it was, and nothing has to be decided but whether to go on. */
const UNHARMED: ReadonlySet<number> = new Set([EXIT.refused, EXIT.interrupted, EXIT.terminated]);

function remarksOn(record: DeployRecord): string[] {
  const { begunAt, by, gateOverride, message, mode, previous, replaced, step } = record;
  return [
    ...(mode === 'resume' ? [`resumed; begun ${begunAt ?? 'before'}`] : []),
    ...(replaced === undefined ? [] : [`started over in place of deploy ${replaced}`]),
    ...(previous?.artifact === undefined ? [] : [`before it: ${previous.artifact}`]),
    ...(gateOverride === undefined ? [] : [`gate overridden: ${gateOverride}`]),
    ...(message === undefined ? [] : [`at step ${step}: ${message}`]),
    ...(by.job === undefined ? [] : [by.job]),
  ];
}
