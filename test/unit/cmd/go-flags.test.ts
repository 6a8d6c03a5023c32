import { describe, expect, test } from '@jest/globals';
import { run } from '../../../cmd/main.ts';
import { captureIo } from './capture.ts';

/** Reads a command line as the programs do. */
async function parse(...argv: string[]) {
  const io = captureIo();
  let seen: Record<string, unknown> = {};
  const exitCode = await run(
    {
      name: 'prog',
      addCommands: (cli) =>
        cli.command(
          ['$0', 'go'],
          'Go',
          (command) =>
            command.options({
              app: { type: 'string', alias: 'a' },
              'config-sha': { type: 'string' },
              resume: { type: 'boolean', alias: 'r' },
              'start-over': { type: 'boolean' },
              count: { type: 'number' },
              tag: { type: 'string', array: true },
            }),
          (args) => {
            seen = args;
          },
        ),
    },
    argv,
    io,
  );
  return { seen, exitCode, err: io.err };
}

describe('values', () => {
  test.each([
    ['-app x', ['-app', 'x']],
    ['-app=x', ['-app=x']],
    ['--app x', ['--app', 'x']],
    ['--app=x', ['--app=x']],
    ['an alias', ['-a', 'x']],
  ])('%s is read', async (_, argv) => {
    const { seen, exitCode } = await parse(...argv);

    expect(exitCode).toBe(0);
    expect(seen).toMatchObject({ app: 'x' });
  });

  test('the last duplicate wins', async () => {
    expect((await parse('-app', 'x', '-app=y')).seen).toMatchObject({ app: 'y' });
  });

  test('what looks like a number stays the text that was typed', async () => {
    const { seen } = await parse('-config-sha', '00123e10', '-app', '007');

    expect(seen).toMatchObject({ configSha: '00123e10', app: '007' });
  });

  test('a value may contain equals signs, dots and dashes', async () => {
    expect((await parse('-app=a=b.c--d')).seen).toMatchObject({ app: 'a=b.c--d' });
  });

  test('a value that begins with a dash is given behind an equals sign', async () => {
    expect((await parse('-app=-x')).seen).toMatchObject({ app: '-x' });
  });

  test.each([
    ['nothing behind the flag', ['-app'], '-app needs a value'],
    ['another flag behind the flag', ['-app', '-resume'], '-app needs a value'],
    ['an empty value', ['-app', ''], '-app has an empty value'],
    ['an empty value behind the equals sign', ['--app='], '-app has an empty value'],
    ['an empty value in a list', ['-tag', 'x', ''], '-tag has an empty value'],
    ['a word for a number', ['-count', 'many'], '-count is a number, not "many"'],
  ])('%s is refused', async (_, argv, message) => {
    const { exitCode, err } = await parse(...argv);

    expect(exitCode).toBe(2);
    expect(err).toContain(message);
  });

  test('a negative number is a value', async () => {
    expect((await parse('-count', '-3')).seen).toMatchObject({ count: -3 });
  });
});

describe('booleans', () => {
  test.each([
    ['-resume', true],
    ['--resume', true],
    ['-resume=true', true],
    ['-resume=T', true],
    ['-resume=1', true],
    ['-resume=false', false],
    ['-resume=0', false],
    ['-r=F', false],
    ['-start-over=1', true],
  ])('%s means %s', async (flag, expected) => {
    const { seen } = await parse(flag);

    const name = flag.includes('start') ? 'startOver' : 'resume';
    expect(seen[name]).toBe(expected);
  });

  test('a separate value is refused: Go would take "-resume false" for true', async () => {
    const { exitCode, err } = await parse('-resume', 'false', '-app', 'x');

    expect(exitCode).toBe(2);
    expect(err).toBe(
      'prog: -resume takes no separate value: "false"\n' +
        'Write -resume=false. See prog --help.\n',
    );
  });

  test('any other value is refused', async () => {
    expect(await parse('-resume=yes')).toMatchObject({
      exitCode: 2,
      err: expect.stringContaining('-resume is true or false, not "yes"'),
    });
  });
});

describe('unknown flags', () => {
  test.each([
    ['-apq', 'Did you mean -app?'],
    ['--confg-sha=x', 'Did you mean -config-sha?'],
    ['-start', 'Did you mean -start-over?'],
    ['-no-resume', ''],
    ['-configSha', ''],
    ['-rs', ''],
  ])('%s exits 2 (%s)', async (flag, hint) => {
    const { exitCode, err } = await parse(flag, 'x');

    expect(exitCode).toBe(2);
    expect(err).toMatch(/^prog: Unknown flag: -\S+\n/);
    if (hint) expect(err).toContain(hint);
  });

  test('are reported before what is missing or conflicting', async () => {
    expect((await parse('-resume=yes', '-zzz')).err).toContain('-resume is true or false');
    expect((await parse('-zzz', '-resume=yes')).err).toContain('Unknown flag: -zzz');
  });

  test('arguments without a flag are refused', async () => {
    const { exitCode, err } = await parse('-app', 'x', 'stray');

    expect(exitCode).toBe(2);
    expect(err).toContain('Unknown argument: stray');
  });
});
