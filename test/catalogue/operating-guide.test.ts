/**
 * Goal: docs/operating.md says what the program says. Somebody searches it for a printed line at night.
 * Method: every quoted message (`> …`, with … for what differs) is made of texts of the source, and
 * every command of ours in it is understood by the real command line.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { deployCommand } from '../../cmd/commands/deploy.ts';
import { lockCommand } from '../../cmd/commands/lock.ts';
import { statusCommand } from '../../cmd/commands/status.ts';
import { run } from '../../cmd/main.ts';
import { EXIT } from '../../src/errors.ts';
import { captureIo } from '../unit/cmd/capture.ts';

const ROOT = new URL('../../', import.meta.url);
const GUIDE = readFileSync(new URL('docs/operating.md', ROOT), 'utf8');
const SOURCE = ['src/', 'cmd/'].map(sourceUnder).join('\n');

function sourceUnder(folder: string): string {
  return readdirSync(new URL(folder, ROOT), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(new URL(folder + file, ROOT), 'utf8').replaceAll("\\'", "'"))
    .join('\n');
}

const MESSAGES = GUIDE.split('\n').flatMap((line) =>
  line.startsWith('> ') ? [line.slice(2)] : [],
);

test.each(MESSAGES)('is printed: %s', (message) => {
  const texts = message
    .split(/…|; needed/) // What is needed is appended to several complaints.
    .map((text) => text.replace(/^[^\p{L}]+|[^\p{L}\d]+$/gu, ''))
    .filter((text) => text.length > 1);

  expect(Math.max(...texts.map((text) => text.length))).toBeGreaterThan(8);
  expect(texts.filter((text) => !SOURCE.includes(text))).toEqual([]);
});

/** What stands in a console, and every command in running text that has arguments. */
const COMMANDS = [
  ...GUIDE.matchAll(/^\$ (ecs-deploy .*)$/gm),
  ...GUIDE.matchAll(/`(ecs-deploy [^`]*-[^`]*)`/g),
].map(([, command]) => command ?? '');

test.each([...new Set(COMMANDS)])('is understood: %s', async (command) => {
  const io = captureIo();
  let isUnderstood = false;
  const understand = async () => {
    isUnderstood = true;
    return EXIT.ok;
  };

  const exitCode = await run(
    {
      name: 'ecs-deploy',
      addCommands: (cli, session) => {
        deployCommand(cli, session, understand);
        statusCommand(cli, session, { runStatus: understand });
        lockCommand(cli, session, understand);
      },
    },
    command.split(' ').slice(1),
    io,
  );

  expect({ err: io.err, exitCode, isUnderstood }).toEqual({
    err: '',
    exitCode: EXIT.ok,
    isUnderstood: true,
  });
});

test('quotes messages and commands at all', () => {
  expect(MESSAGES.length).toBeGreaterThan(20);
  expect(COMMANDS.length).toBeGreaterThan(5);
});

test('leads only to headings and pages that there are', () => {
  const headings = [...GUIDE.matchAll(/^#+ (.*)$/gm)].map(([, heading]) => anchorOf(heading ?? ''));
  const links = [...GUIDE.matchAll(/\]\(([^)]+)\)/g)].map(([, link]) => link ?? '');
  const pages = readdirSync(new URL('docs/', ROOT));

  const broken = links.filter((link) => {
    const [page, anchor] = link.split('#');
    return page === '' ? !headings.includes(anchor ?? '') : !pages.includes(page ?? '');
  });
  expect(broken).toEqual([]);
});

/** As GitHub makes them. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\d -]/gu, '')
    .replaceAll(' ', '-');
}
