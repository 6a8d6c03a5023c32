import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Argv } from 'yargs';
import { run } from '../../../cmd/main.ts';
import type { Session } from '../../../cmd/options.ts';
import { EXIT, LockedError } from '../../../src/errors.ts';
import { captureIo } from './capture.ts';

/** A program of one default command that ends as it is told. */
const ending = (handler: (session: Session) => void | Promise<void>) => ({
  name: 'prog',
  commandNames: ['work', 'status'],
  addCommands: (cli: Argv, session: Session) =>
    cli
      .option('log-file', { type: 'string' })
      .command(['$0', 'work'], 'Work', {}, () => handler(session))
      .command('status', 'Say what is', {}, () => {}),
});

test('a program that ends well exits 0 and says nothing', async () => {
  const io = captureIo();

  expect(
    await run(
      ending(() => {}),
      [],
      io,
    ),
  ).toBe(0);
  expect(io).toMatchObject({ out: '', err: '' });
});

test('a command decides its exit code', async () => {
  const program = ending((session) => {
    session.work = async () => EXIT.rolledBack;
  });

  expect(await run(program, [], captureIo())).toBe(6);
});

test.each([
  ['thrown', () => Promise.reject(new LockedError('Locked by somebody.', { hint: 'Wait.' }))],
  [
    'thrown at once',
    () => {
      throw new LockedError('Locked by somebody.', { hint: 'Wait.' });
    },
  ],
  [
    'thrown by the work that the handler left',
    (session: Session) => {
      session.work = () =>
        Promise.reject(new LockedError('Locked by somebody.', { hint: 'Wait.' }));
    },
  ],
])('an ending that is %s exits with its code, message and hint', async (_, fail) => {
  const io = captureIo();

  expect(await run(ending(fail), [], io)).toBe(3);
  expect(io).toMatchObject({ out: '', err: 'prog: Locked by somebody.\nWait.\n' });
});

describe('help', () => {
  test.each(['--help', '-help', '-h'])(
    '%s goes to stdout, does nothing and exits 0',
    async (flag) => {
      const io = captureIo();
      let isDone = false;
      const program = ending(() => {
        isDone = true;
      });

      expect(await run(program, [flag], io)).toBe(0);
      expect(io.out).toContain('prog status  Say what is');
      expect(io.err).toBe('');
      expect(isDone).toBe(false);
    },
  );
});

describe('a mistyped command', () => {
  test('is not taken for an argument of the default one', async () => {
    const io = captureIo();

    expect(
      await run(
        ending(() => {}),
        ['stauts'],
        io,
      ),
    ).toBe(2);
    expect(io.err).toBe(
      'prog: Unknown command: stauts\nDid you mean prog status? See prog --help.\n',
    );
  });
});

describe('a bug', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ecs-deploy-main-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const broken = ending(() => Promise.reject(new TypeError('x is not a function')));

  test('exits 70 with one line and no stack', async () => {
    const io = captureIo();

    expect(await run(broken, [], io)).toBe(70);
    expect(io.err).toBe(
      'prog: this is a bug: TypeError: x is not a function\n' +
        'Please report it. ECS_DEPLOY_DEBUG=1 shows where it came from.\n',
    );
  });

  test.each([
    ['-verbose', ['-verbose'], {}],
    ['ECS_DEPLOY_DEBUG', [], { ECS_DEPLOY_DEBUG: '1' }],
  ])('shows the stack and its causes under %s', async (_, argv, env) => {
    const io = captureIo(env);
    const cause = new RangeError('inner');
    const program = ending(() => Promise.reject(new TypeError('outer', { cause })));

    await run(program, argv, io);

    expect(io.err).toMatch(/TypeError: outer\n {4}at [^]*Caused by: RangeError: inner\n {4}at /);
  });

  test('leaves the stack in the log file', async () => {
    const io = captureIo();
    const path = join(folder, 'deploy.log');

    await run(broken, ['-log-file', path], io);

    expect(io.err).toContain(`Please report it with the end of ${path}.`);
    expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({
      level: 60,
      msg: 'TypeError: x is not a function',
      stack: expect.stringContaining('main.test.ts'),
    });
  });

  test('is told also when what is thrown is no error', async () => {
    const io = captureIo();
    const program = ending(() => Promise.reject('text'));

    expect(await run(program, [], io)).toBe(70);
    expect(io.err).toContain('this is a bug: text');
  });
});
