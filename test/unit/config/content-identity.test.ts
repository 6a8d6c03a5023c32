/**
 * Goal: the content hash changes with what a deploy of the app is made of, and with nothing else.
 * Method: write a config in use down in many ways that mean the same, and change each thing in it.
 */
import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { stringify } from 'yaml';
import type { EnvironmentConfig } from '../../../src/config/config.ts';
import { contentIdentity } from '../../../src/config/content-identity.ts';
import { parseConfig, parseConfigFile } from '../../../src/config/parse.ts';
import {
  containerOf,
  devOf,
  type Loose,
  loose,
  prodOf,
  TWO_APPS,
  twoAppsWith,
} from './fixtures/two-apps.ts';

function identityIn(text: string, app = 'net-conf'): string {
  return contentIdentity(parseConfig(text, 'f').config.apps.get(app)!);
}

const IDENTITY = identityIn(TWO_APPS);

test('it is fit for a tag, and no commit of git', () => {
  expect(IDENTITY).toMatch(/^content\.[0-9a-f]{16}$/);
  expect(IDENTITY).not.toMatch(/^[0-9a-f]+$/);
});

test('it is this one for this config: a change of the method closes every gate', () => {
  expect(IDENTITY).toBe('content.d87b6ad9edfe8739');
});

test('each app has its own', () => {
  expect(identityIn(TWO_APPS, 'creds-api')).not.toBe(IDENTITY);
});

/** Keys that are data: their case means something. */
const DATA = /^(?:net-conf|creds-api|dev|prod|blue|green|awslogs-.*|Mixed-Case-Option|Com\..*)$/;

/** The same file with its keys in another order and another case. */
function shuffled(value: unknown, random: () => number): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => shuffled(item, random));
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).map(([key, inner]: [string, unknown]) => {
    const name = DATA.test(key)
      ? key
      : Array.from(key, (letter) =>
          random() < 0.5 ? letter.toLowerCase() : letter.toUpperCase(),
        ).join('');
    return { at: random(), member: [name, shuffled(inner, random)] as const };
  });
  return Object.fromEntries(members.sort((a, b) => a.at - b.at).map(({ member }) => member));
}

test('order and case of keys, white space, and JSON or YAML make no difference', async () => {
  const numbers = fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true }));
  await fc.assert(
    fc.asyncProperty(numbers, fc.nat(4), fc.boolean(), async (stream, indent, isYaml) => {
      const file = shuffled(JSON.parse(TWO_APPS), () => stream.next().value as number);
      const text = isYaml
        ? `# a comment\n${stringify(file, { indent: indent + 1 })}`
        : JSON.stringify(file, null, indent);
      const { config } = await parseConfigFile({ path: isYaml ? 'f.yaml' : 'f.json', text });

      expect(contentIdentity(config.apps.get('net-conf')!)).toBe(IDENTITY);
    }),
    { numRuns: 40 },
  );
});

type Change = (file: Loose) => void;
const NOT_DEPLOYED: readonly (readonly [string, Change])[] = [
  ['another app', (file) => (file['Apps']!['creds-api']!['ArtifactDBProjectName'] = loose('x'))],
  ['an app more', (file) => (file['Apps']!['new'] = file['Apps']!['creds-api']!)],
  ['the lock table', (file) => (file['LockTable'] = loose('Locks'))],
  ['where credentials come from', (file) => (file['Credentials'] = loose({ Provider: 'default' }))],
  ['an unknown key', (file) => (file['Comment'] = loose('ours'))],
  ['a deadline', (file) => (devOf(file)['Timeouts'] = loose({ RolloutSeconds: 60 }))],
  ['a bake time', (file) => (devOf(file)['Monitor'] = loose({ BakeSeconds: 60 }))],
  ['the kind of gate', (file) => (prodOf(file)['Gate'] = loose('content'))],
  ['subnets of prod', (file) => (prodOf(file)['Subnets'] = loose(['subnet-1']))],
  ['memory of prod', (file) => (prodOf(file)['Memory'] = loose('2048'))],
  ['a number in quotes', (file) => (containerOf(file)['StopTimeout'] = loose('120'))],
  ['CPU without quotes', (file) => (devOf(file)['CPU'] = loose(512))],
  ['a default spelt out', (file) => (devOf(file)['Service'] = loose('net-conf-dev'))],
  ['a null', (file) => (containerOf(file)['hostname'] = loose(null))],
];

test.each(NOT_DEPLOYED)('%s makes no difference', (_what, change) => {
  expect(identityIn(twoAppsWith(change))).toBe(IDENTITY);
});

const commandsOf = (file: Loose) => file['Apps']!['net-conf']!['PostDeployCommandTemplates']!;
const DEPLOYED: readonly (readonly [string, Change])[] = [
  ['the image', (file) => (containerOf(file)['Image'] = loose('x'))],
  ['a variable', (file) => (containerOf(file)['environment']!['0']!['value'] = loose('x'))],
  ['a label', (file) => (containerOf(file)['DockerLabels'] = loose({ a: '' }))],
  ["a label's case", (file) => (containerOf(file)['DockerLabels'] = loose({ A: '' }))],
  ['the order of containers', ({ Apps }) => reverse(Apps!, 'ContainerDefinitionTemplates')],
  ['a key of ECS that is not known', (file) => (containerOf(file)['New'] = loose('x'))],
  ['a program', (file) => (commandsOf(file)['0']!['Program'] = loose('x'))],
  ['an argument', (file) => (commandsOf(file)['0']!['Arguments']!['0'] = loose('x'))],
  [
    'a command less',
    (file) => (file['Apps']!['net-conf']!['PreDeployCommandTemplates'] = loose([])),
  ],
  ['memory of dev', (file) => (devOf(file)['Memory'] = loose('2048'))],
  ['subnets of dev', (file) => (devOf(file)['Subnets'] = loose(['subnet-1']))],
  ['a role of dev', (file) => delete devOf(file)['TaskRoleARN']],
  ['no gate', (file) => delete prodOf(file)['RequiresPreviousEnvDeploy']],
];

function reverse(apps: Loose, key: string): void {
  (apps['net-conf']![key] as unknown as unknown[])[0] = {
    name: 'x',
    image: 'y',
    portMappings: [{ containerPort: 1 }],
  };
}

test.each(DEPLOYED)('%s makes another one', (_what, change) => {
  expect(identityIn(twoAppsWith(change))).not.toBe(IDENTITY);
});

test('no two changes are taken for one another', () => {
  const identities = DEPLOYED.map(([, change]) => identityIn(twoAppsWith(change)));

  expect(new Set(identities).size).toBe(DEPLOYED.length);
});

test('any change of any template makes another one', () => {
  const text = fc.string({ minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(text, text, (first, second) => {
      fc.pre(first !== second);
      const withHostname = (value: string) =>
        identityIn(twoAppsWith((file) => (containerOf(file)['hostname'] = loose(value))));

      expect(withHostname(first)).not.toBe(withHostname(second));
    }),
    { numRuns: 50 },
  );
});

test('a setting of an environment that is new counts, unless it is known to make no difference', () => {
  const app = parseConfig(TWO_APPS, 'f').config.apps.get('net-conf')!;
  const dev = app.environments.get('dev')!;
  const environments = new Map(app.environments).set('dev', {
    ...dev,
    setting: 'new',
  } as EnvironmentConfig);

  expect(contentIdentity({ ...app, environments })).not.toBe(IDENTITY);
  expect(contentIdentity({ ...app, environments: new Map(app.environments) })).toBe(IDENTITY);
});
