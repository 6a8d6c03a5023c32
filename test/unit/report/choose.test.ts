import { describe, expect, test } from '@jest/globals';
import { chooseReporter } from '../../../src/report/choose.ts';
import type { DeployEvent } from '../../../src/report/events.ts';
import { createRedactor } from '../../../src/report/redactor.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { fakeStream, NEW, ROLLOUT } from './scenes.ts';

function show(
  events: readonly DeployEvent[],
  options: {
    output?: 'text' | 'json';
    isTTY?: boolean;
    env?: Record<string, string>;
    secrets?: string[];
  } = {},
): string {
  const stream = fakeStream({ isTTY: options.isTTY ?? false, columns: 80 });
  const reporter = chooseReporter({
    output: options.output ?? 'text',
    stream,
    env: options.env ?? {},
    clock: new VirtualClock(),
    redactor: createRedactor(...(options.secrets ?? [])),
  });
  for (const event of events) reporter.event(event);
  reporter.close();
  return stream.text;
}

describe('the form', () => {
  const done: DeployEvent = { type: 'step.finished', ...ROLLOUT, durationMs: 500 };
  const redrawn = '\u001B[32m✓\u001B[39m  7 Wait for the rollout  \u001B[2m0.5 s\u001B[22m\n';
  const plain = '[7] Done in 0.5 s\n';

  test.each([
    ['a terminal', { isTTY: true }, redrawn],
    ['no terminal', { isTTY: false }, plain],
    ['a terminal of a CI job', { isTTY: true, env: { CI: 'true' } }, plain],
    ['a terminal where CI is switched off', { isTTY: true, env: { CI: 'false' } }, redrawn],
    ['a dumb terminal', { isTTY: true, env: { TERM: 'dumb' } }, plain],
    ['NO_COLOR', { isTTY: true, env: { NO_COLOR: '1' } }, '✓  7 Wait for the rollout  0.5 s\n'],
    ['an empty NO_COLOR', { isTTY: true, env: { NO_COLOR: '' } }, redrawn],
  ])('for %s', (_, options, expected) => {
    expect(show([done], options)).toBe(expected);
  });

  test('for programs: one object a line, with version and time, also in a terminal', () => {
    const finished: DeployEvent = { type: 'deploy.finished', serving: NEW, durationMs: 1 };

    const lines = show([done, finished], { output: 'json', isTTY: true });

    expect(lines).toBe(
      '{"schemaVersion":1,"time":"2026-01-01T00:00:00.000Z","type":"step.finished","number":7,' +
        '"name":"await-steady-state","title":"Wait for the rollout","durationMs":500}\n' +
        '{"schemaVersion":1,"time":"2026-01-01T00:00:00.000Z","type":"deploy.finished","serving":' +
        '{"color":"green","artifact":"hello:abcd1234","configSha":"1a2b3c4d",' +
        '"taskDefinition":"hello-dev:17","taskSetId":"ecs-svc/0017","runningCount":2},' +
        '"durationMs":1}\n',
    );
  });
});

describe('text from outside', () => {
  const output = (line: string): DeployEvent => ({ type: 'command.output', program: 'p', line });

  test.each([
    ['colours', '\u001B[31mred\u001B[0m', 'red'],
    ['a cleared screen', '\u001B[2J\u001B[Hgone', 'gone'],
    ['a title', '\u001B]0;title\u0007text', 'text'],
    ['a link', '\u001B]8;;http://x\u001B\\text\u001B]8;;\u001B\\', 'text'],
    ['8-bit escapes', '\u009B31mred', 'red'],
    ['a progress bar', '10 %\r50 %\r100 %', '100 %'],
    ['bells and nulls', 'a\u0007\u0000b', 'ab'],
    ['a tab', 'a\tb', 'a  b'],
    ['text that runs backwards', 'a\u202Eb', 'ab'],
    ['another line', 'a\n[7] Done', 'a [7] Done'],
    ['other line breaks', 'a\u2028b\u0085c', 'abc'],
  ])('loses %s', (_, line, shown) => {
    expect(show([output(line)])).toBe(`[p] ${shown}\n`);
  });

  test('is washed wherever it stands, in every form', () => {
    const event: DeployEvent = {
      type: 'command.started',
      program: 'p\u001B[1m',
      arguments: ['a\u001B[1m b'],
    };

    expect(show([event])).toBe("$ p 'a b'\n");
    expect(show([event], { output: 'json' })).not.toContain('u001b');
  });

  test('keeps the lines of messages', () => {
    expect(show([{ type: 'note', message: 'one\r\ntwo\n' }])).toBe('Note: one\n  two\n');
  });
});

describe('secrets', () => {
  const secret = 'pa$$w0rd/+"x"';
  const forms = [
    secret,
    `say ${secret}!`,
    JSON.stringify({ secret }),
    encodeURIComponent(secret),
    Buffer.from(secret).toString('base64'),
    'pa$$\u001B[1mw0rd/+"x"',
  ];

  test.each(forms)('are masked as %j', (text) => {
    for (const output of ['text', 'json'] as const) {
      const shown = show(
        [
          { type: 'command.output', program: 'p', line: text },
          { type: 'warning', message: text },
          { type: 'command.started', program: 'p', arguments: [text] },
        ],
        { output, secrets: [secret] },
      );

      expect(shown).toContain('***');
      expect(shown).not.toMatch(/w0rd/);
    }
  });

  test('of several lines are masked line by line', () => {
    const key = '-----BEGIN KEY-----\nMIIEabcdef\n-----END KEY-----';

    const shown = show([{ type: 'command.output', program: 'p', line: 'MIIEabcdef' }], {
      secrets: [key],
    });

    expect(shown).toBe('[p] ***\n');
  });

  test('that become known later are masked from then on', () => {
    const redactor = createRedactor();
    expect(redactor.redact('token tok-123456')).toBe('token tok-123456');

    redactor.add('tok-123456', 'tok-123456789');

    expect(redactor.redact('tok-123456789 and tok-123456')).toBe('*** and ***');
  });

  test('that look like the type of an event leave it as programs know it', () => {
    const shown = show([{ type: 'command.output', program: 'p', line: 'command' }], {
      output: 'json',
      secrets: ['command'],
    });

    expect(JSON.parse(shown)).toMatchObject({ type: 'command.output', line: '***' });
  });

  test('too short to be told from other text are left alone', () => {
    expect(createRedactor('', '1', 'dev').redact('deploy 1 to dev')).toBe('deploy 1 to dev');
  });
});
