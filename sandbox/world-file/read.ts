import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { BadInputError, checked, parsedJson } from '../wire/bad-input.ts';
import { WORLD_FILE } from './schema.ts';
import type { Holdings, WorldFile } from './world-file.ts';

/**
 * Reads and checks a world file, and resolves the programs that its images name.
 * @param source The file's path, or what would stand in it; relative programs are then found from
 *   the folder that this process runs in.
 * @throws {BadInputError} with the path of every problem.
 */
export function readWorldFile(source: WorldFile | string): WorldFile {
  const isPath = typeof source === 'string';
  const what = isPath ? source : 'world file';
  const value = isPath ? parsedJson(textOfFile(source), what) : source;
  const directory = isPath ? dirname(resolve(source)) : process.cwd();
  const file = checked(WORLD_FILE, value, what);
  return {
    ...withPrograms(file, directory),
    elsewhere: file.elsewhere?.map((holdings) => withPrograms(holdings, directory)),
  };
}

/**
 * The text of a file.
 * @throws {BadInputError} if it cannot be read.
 */
export function textOfFile(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new BadInputError(`${path}: cannot be read: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

function withPrograms<T extends Holdings>(holdings: T, directory: string): T {
  return {
    ...holdings,
    repositories: holdings.repositories?.map((repository) => ({
      ...repository,
      images: repository.images?.map((image) => ({
        ...image,
        command: image.command.map((element, index) => {
          if (index === 0 && element === 'node') return process.execPath;
          return element.startsWith('./') ? resolve(directory, element) : element;
        }),
      })),
    })),
  };
}
