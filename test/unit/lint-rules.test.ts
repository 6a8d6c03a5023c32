/**
 * Goal: the directions of the imports stay enforced.
 * Method: plant one violation after the other in an empty tree with our linter settings.
 */
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

const root = fileURLToPath(new URL('../../', import.meta.url));
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ecs-deploy-lint-'));
  await cp(join(root, '.oxlintrc.json'), join(folder, '.oxlintrc.json'));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

/** What the linter says about a file of this content at this place. */
async function lint(file: string, content: string): Promise<string> {
  const path = join(folder, file);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
  const oxlint = join(root, 'node_modules/oxlint/bin/oxlint');
  return new Promise((resolve) => {
    execFile(process.execPath, [oxlint, file], { cwd: folder }, (_error, stdout) =>
      resolve(stdout),
    );
  });
}

test.each([
  ['src/deploy/a.ts', "export { ECSClient } from '@aws-sdk/client-ecs';"],
  ['src/deploy/b.ts', "export { setTimeout } from 'node:timers/promises';"],
  ['src/deploy/c.ts', 'export const now = Date.now();'],
  ['src/deploy/d.ts', 'export const now = performance.now();'],
  ['src/deploy/e.ts', "export { rulesPort } from '../aws/rules.ts';"],
  ['src/deploy/f.ts', "export { execa } from 'execa';"],
  ['src/deploy/g.ts', 'export const { env } = process;'],
  ['src/deploy/steps/h.ts', "export { rulesPort } from '../../aws/rules.ts';"],
  ['src/lock/a.ts', "export { deploy } from '../deploy/deploy.ts';"],
  ['src/verify/a.ts', "export { ECSClient } from '@aws-sdk/client-ecs';"],
  ['src/status/a.ts', 'export const now = Date.now();'],
  ['src/artifactdb/a.ts', "export { parseConfig } from '../config/parse.ts';"],
  ['src/config/a.ts', "export { spawn } from 'node:child_process';"],
  ['src/aws/a.ts', "export { createApp } from '../../cmd/app.ts';"],
  ['src/process/a.ts', "export { startSandbox } from '../../sandbox/sandbox.ts';"],
  ['sandbox/wire/a.ts', "export { deploy } from '../../src/deploy/deploy.ts';"],
  ['sandbox/world/a.ts', "export { createServer } from 'node:http';"],
  ['sandbox/world/b.ts', "export { startHttpServer } from '../wire/http-server.ts';"],
  ['sandbox/world/c.ts', 'export const timer = setTimeout(() => {}, 1);'],
])('%s may not hold: %s', async (file, content) => {
  expect(await lint(file, `${content}\n`)).toMatch(/no-restricted-(globals|imports)/);
});

test.each([
  ['src/deploy/ok.ts', "export { poll } from '../poll.ts';"],
  ['src/deploy/ok2.ts', "export type { DeployEvent } from '../report/events.ts';"],
  ['sandbox/world/ok.ts', "export type { Clock } from '../../src/clock.ts';"],
  [
    'sandbox/world/ok2.ts',
    "import type { TaskSet } from '@aws-sdk/client-ecs';\nexport type Set = TaskSet;",
  ],
])('%s may hold: %s', async (file, content) => {
  expect(await lint(file, `${content}\n`)).not.toMatch(/no-restricted-(globals|imports)/);
});
