import { expect, test } from '@jest/globals';
import { compareDefinitions, compareNetworks } from '../../../src/plan/compare.ts';
import { definitionOf } from '../../../src/plan/definition.ts';
import { container, planOf } from './plans.ts';

/** What differs between a plan with these containers and one with those. */
function differences(
  before: Parameters<typeof planOf>[0] = {},
  after: Parameters<typeof planOf>[0] = {},
) {
  const plan = planOf(after);
  return compareDefinitions(definitionOf(planOf(before)), definitionOf(plan), plan);
}

/** With variables, by name. */
function withVariables(variables: Readonly<Record<string, string>>) {
  const environment = Object.entries(variables).map(([name, value]) => ({ name, value }));
  return { containerDefinitions: [container({ environment })] };
}

test('the same definition has no difference', () => {
  expect(differences()).toEqual([]);
});

test('images come first, then the task, then each container', () => {
  const sidecar = { name: 'sidecar', image: 'proxy:1' };
  const found = differences(
    { containerDefinitions: [container({ user: 'a' }), { ...sidecar, user: 'a' }], cpu: '256' },
    {
      containerDefinitions: [container({ user: 'b' }), { ...sidecar, image: 'proxy:2', user: 'b' }],
      cpu: '512',
    },
  );

  expect(found.map(({ container, path }) => `${container ?? ''} ${path}`)).toEqual([
    'sidecar image',
    ' cpu',
    'hello user',
    'sidecar user',
  ]);
});

test('what comes, changes and goes is told with its values', () => {
  const found = differences(
    withVariables({ OLD: '1', LEVEL: 'info', EMPTY: '' }),
    withVariables({ NEW: '2', LEVEL: 'debug', EMPTY: '' }),
  );

  expect(found).toEqual([
    {
      kind: 'changed',
      container: 'hello',
      path: 'environment.LEVEL',
      before: 'info',
      after: 'debug',
    },
    { kind: 'added', container: 'hello', path: 'environment.NEW', after: '2' },
    { kind: 'removed', container: 'hello', path: 'environment.OLD', before: '1' },
  ]);
});

test('a container that comes or goes is one difference', () => {
  const one = [container()];
  const two = [container(), { name: 'sidecar', image: 'proxy:1', user: 'x' }];

  expect(differences({ containerDefinitions: one }, { containerDefinitions: two })).toEqual([
    { kind: 'added', container: 'sidecar', path: '', after: 'proxy:1' },
  ]);
  expect(differences({ containerDefinitions: two }, { containerDefinitions: one })).toEqual([
    { kind: 'removed', container: 'sidecar', path: '', before: 'proxy:1' },
  ]);
});

test('names with dots in them give no path of another value', () => {
  const labels = (dockerLabels: Record<string, string>) => ({
    containerDefinitions: [container({ dockerLabels })],
  });

  const found = differences(labels({ 'a.b': '1' }), labels({ 'a.b': '2' }));

  expect(found.map(({ path }) => path)).toEqual(['dockerLabels."a.b"']);
});

test.each([
  ['changed', { DB_PASSWORD: 'old-one' }, { DB_PASSWORD: 'new-one' }],
  ['added', {}, { DB_PASSWORD: 'new-one' }],
  ['removed', { DB_PASSWORD: 'old-one' }, {}],
  // A password within what is no secret by its name.
  ['changed', { URL: 'https://me:old-one@x' }, { URL: 'https://me:new-one@x' }],
] as const)('a secret that is %s is told without its values', (kind, before, after) => {
  const found = differences(withVariables(before), withVariables(after));

  expect(found).toEqual([
    expect.objectContaining({
      kind,
      path: expect.stringMatching(/^environment\./),
      isSecret: true,
    }),
  ]);
  expect(JSON.stringify(found)).not.toMatch(/old-one|new-one/);
});

test('a value out of a parameter is told neither as it is nor as it was', () => {
  const reference = {
    kind: 'ssm',
    name: '/x',
    value: 'new-one',
    path: 'Apps.hello.ContainerDefinitionTemplates[0].environment[0].value',
  } as const;

  const found = differences(withVariables({ HOST: 'old-one' }), {
    ...withVariables({ HOST: 'new-one' }),
    references: [reference],
  });

  expect(found).toEqual([
    { kind: 'changed', container: 'hello', path: 'environment.HOST', isSecret: true },
  ]);
});

test('names of secrets are told: they are no secrets', () => {
  const secrets = (valueFrom: string) => ({
    containerDefinitions: [container({ secrets: [{ name: 'DB_PASSWORD', valueFrom }] })],
  });

  expect(differences(secrets('/a'), secrets('/b'))).toEqual([
    { kind: 'changed', container: 'hello', path: 'secrets.DB_PASSWORD', before: '/a', after: '/b' },
  ]);
});

test('subnets and security groups in another order are the same', () => {
  const network = {
    subnets: ['subnet-2', 'subnet-1'],
    securityGroups: ['sg-1'],
    assignPublicIp: false,
    servedBy: ['hello:8080'],
  };

  expect(compareNetworks(network, planOf())).toEqual([]);
  expect(
    compareNetworks({ ...network, securityGroups: [], servedBy: ['hello:80'] }, planOf()),
  ).toEqual([
    { kind: 'added', path: 'network.securityGroups', after: 'sg-1' },
    { kind: 'changed', path: 'loadBalancer.container', before: 'hello:80', after: 'hello:8080' },
  ]);
});
