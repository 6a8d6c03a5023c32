/**
 * Goal: whatever is wrong with a config, a deploy ends with exit code 2 and the place, never with a
 * stack, and asks AWS nothing.
 * Method: 1,000 ways to break a config in use, in JSON and in YAML, drawn from a fixed seed, through
 * the real commands. The SDK's clients are replaced by ones that can't be made.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import * as fc from 'fast-check';
import { stringify } from 'yaml';
import type { Program, run as runProgram } from '../../../cmd/main.ts';
import { captureIo } from './capture.ts';
import {
  containerOf,
  devOf,
  type Loose,
  loose,
  prodOf,
  TWO_APPS,
  twoAppsWith,
} from '../config/fixtures/two-apps.ts';

const SEED = 20_270;
const COUNT = 1_000;

/** One way to break a config. */
interface Broken {
  readonly what: string;
  readonly text: string;
  readonly isYaml: boolean;
}

/** A wrong value in the place of any value, of no kind that any key takes. */
const wrongValue = fc
  .tuple(fc.constantFrom(...pathsIn(JSON.parse(TWO_APPS))), fc.constantFrom(-0.5, [-0.5], [[null]]))
  .map(([keys, wrong]) => ({
    what: `${keys.join('.')} = ${JSON.stringify(wrong)}`,
    file: JSON.parse(replaced(keys, wrong)) as object,
  }));

function pathsIn(value: unknown, inside: (string | number)[] = []): (string | number)[][] {
  if (typeof value !== 'object' || value === null) return [inside];
  const deeper = Object.entries(value).flatMap(([key, child]: [string, unknown]) =>
    pathsIn(child, [...inside, Array.isArray(value) ? Number(key) : key]),
  );
  return inside.length === 0 ? deeper : [inside, ...deeper];
}

function replaced(keys: readonly (string | number)[], wrong: unknown): string {
  const file = JSON.parse(TWO_APPS) as Record<string | number, unknown>;
  let here = file;
  for (const key of keys.slice(0, -1)) here = here[key] as typeof here;
  here[keys.at(-1)!] = wrong;
  return JSON.stringify(file);
}

/** Texts that no artifact could be put into. */
const BAD_TEMPLATES = [
  '{{.Enviroment}}',
  '{{',
  '{{if}}x{{end}}',
  '{{if true}}x',
  'x{{end}}',
  '{{pritnf "%s" .Region}}',
  '{{printf "%d" .Region}}',
  '{{$x}}',
  '{{define "x"}}{{end}}',
  '{{.Artifact}}',
  '{{"unclosed}}',
  '{{ssm}}',
  '{{env ""}}',
];
const badTemplate = fc
  .tuple(
    fc.constantFrom(
      'image',
      'hostname',
      'environment',
      'dockerLabels',
      'command',
      'Program',
      'Pre',
    ),
    fc.constantFrom(...BAD_TEMPLATES),
    fc.string({ maxLength: 5, unit: fc.constantFrom('a', ' ', '}', '"', '\\', '\u00e9', '\n') }),
  )
  .map(([where, template, before]) => ({
    what: `${where}: ${template}`,
    file: JSON.parse(twoAppsWith((file) => putTemplate(file, where, before + template))) as object,
  }));

function putTemplate(file: Loose, where: string, text: string): void {
  const container = containerOf(file);
  const app = file['Apps']!['net-conf']!;
  if (where === 'Program') {
    app['PostDeployCommandTemplates']!['0']!['Program'] = loose(text);
  } else if (where === 'Pre') {
    app['PreDeployCommandTemplates']!['0']!['Arguments']!['1'] = loose(text);
  } else if (where === 'environment') {
    container[where] = loose([{ name: 'X', value: text }]);
  } else if (where === 'command') {
    container[where] = loose(['a', text]);
  } else if (where === 'dockerLabels') {
    container['DockerLabels'] = loose({ [text]: 'x' });
  } else {
    delete container['Image'];
    container['image'] = loose(`x`);
    container[where] = loose(text);
  }
}

/** What is right by itself, and wrong beside the rest. */
const RULES: Readonly<Record<string, (file: Loose) => void>> = {
  'one group for both': (file) => {
    devOf(file)['TargetGroupARNs']!['green'] = devOf(file)['TargetGroupARNs']!['blue']!;
  },
  'another region': (file) => (devOf(file)['Region'] = loose('eu-west-1')),
  'another account': (file) => (devOf(file)['AccountID'] = loose('999999999999')),
  'a circle': (file) => (devOf(file)['RequiresPreviousEnvDeploy'] = loose('prod')),
  'no such environment': (file) => (prodOf(file)['RequiresPreviousEnvDeploy'] = loose('dve')),
  'two ports': (file) => {
    containerOf(file)['PortMappings'] = loose([{ containerPort: 1 }, { containerPort: 2 }]);
  },
  'a name without letters': (file) => (file['Apps']![''] = file['Apps']!['creds-api']!),
  'one lock for two': (file) => {
    const environments = file['Apps']!['creds-api']!['environments']!;
    file['Apps']!['net'] = loose({
      ...file['Apps']!['creds-api'],
      environments: { 'conf-dev': environments['dev'] },
    });
  },
  'a lease too short': (file) => (file['Lock'] = loose({ LeaseSeconds: 5, HeartbeatSeconds: 2 })),
  'a reserved key': (file) => (devOf(file)['Verify'] = loose({})),
  'a slip in a key': (file) => (devOf(file)['Subntes'] = loose([])),
  'a password': (file) => {
    file['Credentials'] = loose({ Provider: 'kion', Roles: ['x'], Password: 'hunter2' });
  },
  'an unknown gate': (file) => (prodOf(file)['Gate'] = loose('contents')),
};
const brokenRule = fc.constantFrom(...Object.keys(RULES)).map((what) => ({
  what,
  file: JSON.parse(twoAppsWith(RULES[what]!)) as object,
}));

const asText = ({ what, file }: { what: string; file: object }, isYaml: boolean): Broken => {
  return { what, isYaml, text: isYaml ? stringify(file) : JSON.stringify(file, null, 1) };
};

const YAML_TWO_APPS = stringify(JSON.parse(TWO_APPS));
const cut = fc.double({ min: 0, max: 0.99, noNaN: true }).map((part): Broken => {
  const end = Math.floor(part * TWO_APPS.trimEnd().length);
  return { what: `cut at ${end}`, isYaml: false, text: TWO_APPS.slice(0, end) };
});
const TRAPS = [
  '!x 1',
  '012',
  'yes',
  '2022-10-03',
  '1e5',
  '*a',
  '{a: 1, a: 2}',
  '{<<: 1}',
  '{1: 2}',
];
const trap = fc.constantFrom(...TRAPS).map((value): Broken => {
  return { what: value, isYaml: true, text: `${YAML_TWO_APPS}\nTrap: ${value}\n` };
});

const structured = fc.oneof(
  { weight: 5, arbitrary: wrongValue },
  { weight: 4, arbitrary: badTemplate },
  { weight: 2, arbitrary: brokenRule },
);
const broken = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.tuple(structured, fc.nat(3)).map(([one, kind]) => asText(one, kind === 0)),
  },
  { weight: 1, arbitrary: cut },
  { weight: 1, arbitrary: trap },
);

const SDK = path.resolve(import.meta.dirname, '../../../src/aws/sdk');
let made = 0;
let folder: string;
let runMain: typeof runProgram;
let program: Program;

beforeAll(async () => {
  for (const file of readdirSync(SDK)) {
    const names = readFileSync(path.join(SDK, file), 'utf8').matchAll(/\b(\w+Client)\b/g);
    jest.unstable_mockModule(path.join(SDK, file), () =>
      Object.fromEntries(Array.from(names, ([name]) => [name, NoClient])),
    );
  }
  ({ run: runMain } = await import('../../../cmd/main.ts'));
  const { addCommands, COMMAND_NAMES } = await import('../../../cmd/commands/index.ts');
  program = { name: 'ecs-deploy', addCommands, commandNames: COMMAND_NAMES };
  folder = await mkdtemp(path.join(tmpdir(), 'ecs-deploy-malformed-'));
});

afterAll(() => rm(folder, { recursive: true }));

/** In the place of each of the SDK's clients: a constructor that makes none. */
function NoClient(): never {
  made += 1;
  throw new Error('No client may be made.');
}

async function run(command: string, file: string) {
  const io = Object.assign(captureIo(), { cwd: folder });
  const exitCode = await runMain(program, [...command.split(' '), '-config', file], io);
  return { exitCode, text: io.out + io.err };
}

const DEPLOY = 'deploy -app net-conf -env dev -sha a -config-sha c';
const PLACE = /deploy-config\.(?:json|yaml):\d+:\d+: \S/;

test('the trap for clients works, and the config that is broken is none', async () => {
  writeFileSync(path.join(folder, 'deploy-config.json'), TWO_APPS);

  const { exitCode, text } = await run(DEPLOY, 'deploy-config.json');

  expect({ exitCode, text }).toMatchObject({ exitCode: 70 });
  expect(text).toContain('No client may be made.');
  expect(made).toBeGreaterThan(0);
  expect(await run('config validate', 'deploy-config.json')).toMatchObject({ exitCode: 0 });
});

test('each of 1,000 broken configs is refused with the place, and AWS is asked nothing', async () => {
  const madeBefore = made;
  const wrong: object[] = [];
  for (const [index, { isYaml, text, what }] of fc
    .sample(broken, { numRuns: COUNT, seed: SEED })
    .entries()) {
    const file = isYaml ? 'deploy-config.yaml' : 'deploy-config.json';
    writeFileSync(path.join(folder, file), text);

    // Each second one is only checked: both have to see the same.
    const result = await run(index % 2 === 0 ? DEPLOY : 'config validate', file);

    const isTold = PLACE.test(result.text) && !/^\s+at |hunter2|is a bug/m.test(result.text);
    if (result.exitCode !== 2 || !isTold) wrong.push({ what, file, ...result });
  }

  expect(wrong).toEqual([]);
  expect(made).toBe(madeBefore);
}, 60_000);
