import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { ConfigError } from '../errors.ts';
import { reasonOf } from './problems.ts';

/** The config's name where none is given. */
const DEFAULT_CONFIG_NAME = 'deploy-config.json';

/** A config file that was read. */
export interface ConfigText {
  /** Absolute. */
  readonly path: string;
  readonly text: string;
}

/**
 * Reads the config: the file `given` (the flag -config, relative to `folder`), else the nearest
 * deploy-config.json in `folder` or above it.
 * @throws {ConfigError} that says where it looked
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
    const file = path.join(folder, DEFAULT_CONFIG_NAME);
    const text = await readIfThere(file);
    if (text !== undefined) return { path: file, text };
  }
  throw new ConfigError(`There is no ${DEFAULT_CONFIG_NAME} in ${folders.join(', ')}.`, {
    hint: 'Run this where the config is, or give its path with -config.',
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
