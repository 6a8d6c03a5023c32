import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { readConfigFile } from '../../../src/config/find.ts';
import { ConfigError } from '../../../src/errors.ts';

let root: string;
let folder: string;

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'config-find-'));
  folder = path.join(root, 'a', 'b');
  await mkdir(folder, { recursive: true });
});

afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

test('the nearest deploy-config.json at or above the folder is read', async () => {
  await writeFile(path.join(root, 'deploy-config.json'), 'far');
  await writeFile(path.join(root, 'a', 'deploy-config.json'), 'near');

  expect(await readConfigFile({ folder })).toEqual({
    path: path.join(root, 'a', 'deploy-config.json'),
    text: 'near',
  });
});

test.each(['yaml', 'yml'])('a deploy-config.%s is found as well', async (ending) => {
  await writeFile(path.join(root, 'deploy-config.json'), 'far');
  await writeFile(path.join(root, 'a', `deploy-config.${ending}`), 'near');

  expect(await readConfigFile({ folder })).toMatchObject({ text: 'near' });
});

test('of two configs in one folder none is taken', async () => {
  const files = ['json', 'yaml'].map((ending) => path.join(folder, `deploy-config.${ending}`));
  for (const file of files) await writeFile(file, 'one of two');

  await expect(readConfigFile({ folder })).rejects.toThrow(
    `There are two configs: ${files.join(' and ')}.`,
  );
});

test('a given file is read, relative to the folder', async () => {
  await writeFile(path.join(folder, 'deploy-config.json'), 'not this');
  await writeFile(path.join(root, 'other.json'), 'this');

  expect(await readConfigFile({ folder, given: '../../other.json' })).toEqual({
    path: path.join(root, 'other.json'),
    text: 'this',
  });
});

test('where there is none, the error says where it was looked for', async () => {
  const work = readConfigFile({ folder });

  await expect(work).rejects.toThrow(ConfigError);
  await expect(work).rejects.toThrow(
    `There is no deploy-config.json, .yaml or .yml in ${folder}, ${path.join(root, 'a')}, ${root}, `,
  );
});

test('a given file that is not there is an error that names it', async () => {
  const work = readConfigFile({ folder, given: 'x.json' });

  await expect(work).rejects.toThrow(ConfigError);
  await expect(work).rejects.toThrow(path.join(folder, 'x.json'));
});

test('a folder of that name is an error, and no file above is taken for it', async () => {
  await writeFile(path.join(root, 'deploy-config.json'), 'not meant');
  await mkdir(path.join(folder, 'deploy-config.json'));

  await expect(readConfigFile({ folder })).rejects.toThrow(/can't be read: it is a folder/);
});

test('a folder in place of the file is told in plain words', async () => {
  const work = readConfigFile({ folder, given: '.' });

  await expect(work).rejects.toThrow(ConfigError);
  await expect(work).rejects.toThrow(`The config ${folder} can't be read: it is a folder`);
});
