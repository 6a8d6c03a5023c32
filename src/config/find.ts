import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { ConfigError } from '../errors.ts';
import { reasonOf } from './problems.ts';

/** The config's name where none is given, and how it may end. */
const DEFAULT_NAME = 'deploy-config';
const ENDINGS = ['.json', '.yaml', '.yml'];

/** A config file that was read. */
export interface ConfigText {
  /** Absolute. */
  readonly path: string;
  readonly text: string;
}

/**
 * Reads the config: the file `given` (the flag -config, relative to `folder`), else the nearest
 * deploy-config.json, .yaml or .yml in `folder` or above it.
 * @throws {ConfigError} that says where it looked, or which two files there are in one folder
 */
export async function readConfigFile(options: {
  readonly given?: string | undefined;
  readonly folder: string;
}): Promise<ConfigText> {
  const { given, folder } = options;
  return given === undefined
    ? findUpward(path.resolve(folder))
    : readGiven(path.resolve(folder, given));
}

async function readGiven(file: string): Promise<ConfigText> {
  const text = await readIfThere(file);
  if (text !== undefined) return { path: file, text };
  throw new ConfigError(`There is no file ${file}.`, {
    hint: 'Give the path of the config with -config.',
  });
}

async function findUpward(start: string): Promise<ConfigText> {
  const folders = foldersUpward(start);
  for (const folder of folders) {
    const [found, another] = await configsIn(folder);
    if (found === undefined) continue;
    if (another === undefined) return found;
    throw new ConfigError(`There are two configs: ${found.path} and ${another.path}.`, {
      hint: 'Take one of them away, or say with -config which one is meant.',
    });
  }
  throw new ConfigError(
    `There is no ${DEFAULT_NAME}.json, .yaml or .yml in ${folders.join(', ')}.`,
    {
      hint: 'Run this where the config is, or give its path with -config.',
    },
  );
}

async function configsIn(folder: string): Promise<ConfigText[]> {
  const files = ENDINGS.map((ending) => path.join(folder, `${DEFAULT_NAME}${ending}`));
  const texts = await Promise.all(files.map(readIfThere));
  return files.flatMap((file, index) => {
    const text = texts[index];
    return text === undefined ? [] : [{ path: file, text }];
  });
}

function foldersUpward(start: string): string[] {
  const parent = path.dirname(start);
  return parent === start ? [start] : [start, ...foldersUpward(parent)];
}

/** Undefined when there is no such file. Any other obstacle is an error: no file behind it is meant. */
async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const code = (error as { code?: unknown }).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    const why = code === 'EISDIR' ? 'it is a folder' : reasonOf(error);
    throw new ConfigError(`The config ${file} can't be read: ${why}`, {
      hint: 'Give a file that can be read with -config.',
      cause: error,
    });
  }
}
