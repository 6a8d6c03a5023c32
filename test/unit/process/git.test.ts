import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { git } from '../../../src/process/git.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ecs-deploy-git-'));
});
afterEach(() => rm(folder, { recursive: true }));

test('answers what git prints, without the last line’s end', async () => {
  expect(await git(['init', '--quiet'], folder)).toEqual({ exitCode: 0, stdout: '', stderr: '' });

  const { exitCode, stdout } = await git(['rev-parse', '--is-inside-work-tree'], folder);

  expect([exitCode, stdout]).toEqual([0, 'true']);
});

test('answers what git complains about, and with which code', async () => {
  const { exitCode, stderr } = await git(['rev-parse', 'HEAD'], folder);

  expect(exitCode).toBe(128);
  expect(stderr).toContain('not a git repository');
});

test('passes arguments as they are: there is no shell', async () => {
  await git(['init', '--quiet'], folder);

  const { exitCode, stdout } = await git(['rev-parse', '--sq-quote', '$HOME; id', 'a  b'], folder);

  expect([exitCode, stdout.trim()]).toEqual([0, `'$HOME; id' 'a  b'`]);
});

test('a folder that is not there, so that git can’t be started, counts as code 127', async () => {
  const { exitCode, stderr } = await git(['status'], join(folder, 'nothing'));

  expect(exitCode).toBe(127);
  expect(stderr).not.toBe('');
});

test('a git that is not installed counts as code 127', async () => {
  const path = process.env['PATH'];
  process.env['PATH'] = folder;
  try {
    expect(await git(['status'], folder)).toMatchObject({
      exitCode: 127,
      stderr: expect.stringContaining('ENOENT'),
    });
  } finally {
    process.env['PATH'] = path;
  }
});
