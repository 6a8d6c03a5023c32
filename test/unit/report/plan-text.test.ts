import { expect, test } from '@jest/globals';
import type { LookAhead } from '../../../src/plan/model.ts';
import { lookAheadLines } from '../../../src/report/plan-text.ts';
import { lineText } from '../../../src/report/status-cells.ts';

/** A deploy of v2 in place of v1; each test says only what differs. */
function ahead(changes: Partial<LookAhead> = {}): LookAhead {
  return {
    app: 'hello',
    environment: 'dev',
    mode: 'deploy',
    outcome: 'changes',
    checks: [
      { name: 'artifact', verdict: 'ok', message: 'hello:v2 (SHA bbbb2222, build 2)' },
      { name: 'lock', verdict: 'ok', message: 'it is free' },
    ],
    version: { artifact: 'hello:v2', buildNumber: 2, configSha: 'cfg2', imageDigests: {} },
    serving: {
      color: 'blue',
      taskSetId: 'ecs-svc/1',
      status: 'PRIMARY',
      taskDefinition: 'hello-dev:1',
      running: 2,
      pending: 0,
      artifact: 'hello:v1',
      configSha: 'cfg1',
    },
    differences: [],
    references: [],
    first: [],
    steps: [],
    removed: [],
    notes: [],
    warnings: [],
    unknown: [],
    ...changes,
  };
}

function text(changes: Partial<LookAhead> = {}, useColor = false): string {
  return lookAheadLines(ahead(changes))
    .map((line) => lineText(line, { useColor }))
    .join('\n');
}

test('the first lines say what it comes to, and what stands in the way comes next', () => {
  const swap = {
    from: 'blue',
    to: 'green',
    before: { blue: 11, green: 12 },
    after: { blue: 12, green: 11 },
  } as const;
  const duration = { least: 50, most: 260, deadline: 7_500, parts: [] };

  expect(text({ swap, duration, warnings: ['Something is odd.'] })).toBe(
    `→ hello in dev: a deploy would bring hello:v2 with configuration cfg2 in place of hello:v1 with cfg1.
  no difference in the task definition, traffic from blue to green, takes about 50 s to 4 min
  ! Something is odd.

May it be deployed?
  ✓ artifact     hello:v2 (SHA bbbb2222, build 2)
  ✓ lock         it is free

No difference compared with hello-dev:1, which serves

It takes about 50 s to 4 min as a rule
  Were each wait to last until its deadline: 2 h 5 min.`,
  );
});

test('differences stand by container, long ones below each other, secrets not at all', () => {
  const [before, after] = ['a'.repeat(60), 'b'.repeat(60)];

  const shown = text({
    checks: [],
    differences: [
      { kind: 'changed', container: 'hello', path: 'image', before, after },
      { kind: 'changed', path: 'cpu', before: '256', after: '512' },
      { kind: 'added', container: 'hello', path: 'environment.EMPTY', after: '' },
      { kind: 'removed', container: 'hello', path: 'environment.OLD', before: 'x ' },
      { kind: 'changed', container: 'hello', path: 'user', before: 'a\nb', after: 'a b' },
      { kind: 'changed', container: 'hello', path: 'environment.TOKEN', isSecret: true },
      { kind: 'added', container: 'proxy', path: '', after: 'proxy:1' },
    ],
  });

  expect(shown).toContain(`7 differences compared with hello-dev:1, which serves
  hello
    ~ image
        - ${before}
        + ${after}
    + environment.EMPTY  ""
    - environment.OLD  "x "
    ~ user  "a\\nb" → a b
    ~ environment.TOKEN  changed; not shown, for it may be secret
  task
    ~ cpu  256 → 512
  proxy
    + the whole container  proxy:1`);
});

test('a refusal names what refuses, and the steps are told with that reserve', () => {
  const gate = {
    name: 'gate',
    verdict: 'refused',
    message: 'It is closed.',
    hint: 'Try dev.',
  } as const;
  const steps = [
    { number: 1, name: 'a', title: 'Take the lock', state: 'ahead', details: ['it is free'] },
    { number: 2, name: 'b', title: 'Run commands', state: 'ahead', details: ['one', 'two'] },
    { number: 3, name: 'c', title: 'Read', state: 'done', details: ['it is recorded'] },
    { number: 4, name: 'd', title: 'Remove', state: 'fails', details: ['No.'] },
    { number: 5, name: 'e', title: 'Register', state: 'unreached', details: [] },
  ] as const;

  const shown = text({ outcome: 'refused', checks: [gate], steps, first: ['makes x PRIMARY'] });

  expect(shown).toMatch(/^✗ hello in dev: a deploy of hello:v2 would be refused \(gate\)\.\n/);
  expect(shown).toContain('  ✗ gate         It is closed.\n                 Try dev.\n');
  expect(shown).toContain(`Steps, were it not refused
  →  1  Take the lock    it is free
  →     Put right first  makes x PRIMARY
  →  2  Run commands     one
                         two
  ·  3  Read             it is recorded
  ✗  4  Remove           No.
     5  Register         not reached`);
});

test('no change is said in one line, and what is unknown is never called that', () => {
  expect(text({ outcome: 'no-change' }).split('\n')[0]).toBe(
    '✓ hello in dev: hello:v2 with configuration cfg2 serves already. A deploy would only replace its tasks by equal ones.',
  );
  const { differences: _none, ...unread } = ahead({
    outcome: 'unknown',
    unknown: [{ what: 'what serves', message: 'Denied.' }],
  });
  const lines = lookAheadLines(unread).map((line) => lineText(line, { useColor: false }));
  expect(lines[0]).toBe(
    '? hello in dev: it is not known what a deploy of hello:v2 with configuration cfg2 would change.',
  );
  expect(lines.join('\n')).toContain('What could not be read\n  ? what serves: Denied.');
  expect(lines.join('\n')).not.toContain('No difference');
});

test('a first deploy, a resume of what serves, and an unknown version are told as such', () => {
  const { serving: _none, differences: _nor, ...first } = ahead();
  const headline = (given: LookAhead) =>
    lineText(lookAheadLines(given)[0] ?? [], { useColor: false });

  expect(headline(first)).toContain('with configuration cfg2; nothing serves now.');
  const serving = { ...ahead().serving, artifact: 'hello:v2', configSha: 'cfg2' };
  expect(headline(ahead({ mode: 'resume', serving: serving as never }))).toBe(
    '→ hello in dev: a resume would finish the deploy of hello:v2 with configuration cfg2, which serves already.',
  );
  const { artifact: _unknown, configSha: _nor2, ...untagged } = serving;
  expect(headline(ahead({ serving: untagged as never }))).toContain(
    'in place of hello-dev:1, an unknown version.',
  );
});

test('nothing that others wrote moves the cursor, and colour comes only when asked for', () => {
  const evil = { kind: 'added', path: 'x', after: '\u001B[31mred\u001B[2J' } as const;

  expect(text({ differences: [evil] })).not.toContain('\u001B');
  expect(text({}, true)).toContain('\u001B[1m');
});
