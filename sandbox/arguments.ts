import { parseArgs } from 'node:util';
import { BadInputError, parsedJson } from './wire/bad-input.ts';
import { checkedFaultRules, type FaultRule } from './wire/fault-rules.ts';
import { textOfFile } from './world-file/read.ts';

/** What `--help` prints. */
export const USAGE = `Usage: npm run sandbox -- [--world <file>] [--faults <file>] [--port <n>] [--time-scale <x>]

Serves a local AWS until it is interrupted. Prints the variables that send AWS clients to it.

  --world <file>      JSON: what the world holds at the start
  --faults <file>     JSON: what is to go wrong
  --port <n>          of the API; any free one unless given
  --time-scale <x>    how long one AWS second takes, in seconds; 0.1 unless given

Example: npm run sandbox -- --world world.json --time-scale 0.05
`;

/** What the sandbox's command line says. */
export interface Arguments {
  readonly worldFile: string | undefined;
  readonly faults: readonly FaultRule[];
  readonly port: number;
  readonly timeScale: number | undefined;
}

/**
 * Reads the command line, and the file of faults that it names.
 * @throws {BadInputError} naming the option.
 */
export function argumentsOf(argv: readonly string[]): Arguments | 'help' {
  const { values } = parsed(argv);
  if (values.help) return 'help';
  const port = numberOf(values.port ?? '0', '--port');
  if (!Number.isInteger(port) || port > 65_535) {
    throw new BadInputError(`--port: ${port} is not a port.`);
  }
  const timeScale =
    values['time-scale'] === undefined ? undefined : numberOf(values['time-scale'], '--time-scale');
  if (timeScale === 0) throw new BadInputError('--time-scale: must be above 0.');
  return { worldFile: values.world, faults: faultsIn(values.faults), port, timeScale };
}

function parsed(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        world: { type: 'string' },
        faults: { type: 'string' },
        port: { type: 'string' },
        'time-scale': { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new BadInputError((error as Error).message, { cause: error });
  }
}

function numberOf(text: string, option: string): number {
  if (!/^\d+(\.\d+)?$/.test(text)) throw new BadInputError(`${option}: ${text} is not a number.`);
  return Number(text);
}

function faultsIn(path: string | undefined): readonly FaultRule[] {
  return path === undefined ? [] : checkedFaultRules(parsedJson(textOfFile(path), path), path);
}
