import { expect, test } from '@jest/globals';
import { parseConfig } from '../../../src/config/parse.ts';
import { ConfigError } from '../../../src/errors.ts';
import { containerOf, devOf, type Loose, loose, prodOf, twoAppsWith } from './fixtures/two-apps.ts';

const DEV = 'Apps.net-conf.Environments.dev';
const PROD = 'Apps.net-conf.Environments.prod';
const CONTAINERS = 'Apps.net-conf.ContainerDefinitionTemplates';

/** Each row breaks one rule: what is changed, and the only complaint that it may lead to. */
const BREACHES: [rule: string, change: (file: Loose) => void, complaint: string][] = [
  [
    'the colours differ',
    (file) => (devOf(file)['TargetGroupARNs']!['green'] = devOf(file)['TargetGroupARNs']!['blue']!),
    `${DEV}.TargetGroupARNs.green: is the same target group as blue`,
  ],
  [
    'the listener is in the region',
    (file) => change(devOf(file), 'ListenerARN', (arn) => arn.replace('gov-west', 'gov-east')),
    `${DEV}.ListenerARN: is in account 444455556666, region us-gov-east-1; expected`,
  ],
  [
    'the target groups are in the account',
    (file) =>
      change(prodOf(file)['TargetGroupARNs']!, 'blue', (arn) =>
        arn.replace('111122223333', '999999999999'),
      ),
    `${PROD}.TargetGroupARNs.blue: is in account 999999999999, region us-east-1; expected`,
  ],
  [
    'the roles are in the account',
    (file) =>
      change(prodOf(file), 'TaskRoleArn', (arn) => arn.replace('111122223333', '999999999999')),
    `${PROD}.TaskRoleARN: is a role of account 999999999999`,
  ],
  [
    'the partition is one',
    (file) => change(devOf(file), 'TaskRoleARN', (arn) => arn.replace('aws-us-gov', 'aws')),
    `${DEV}.TaskRoleARN: is of the partition aws; expected aws-us-gov`,
  ],
  [
    'a size is more than nothing',
    (file) => (devOf(file)['CPU'] = loose('0')),
    `${DEV}.CPU: found 0, expected more than 0`,
  ],
  [
    'there is a container',
    (file) => (file['Apps']!['net-conf']!['ContainerDefinitionTemplates'] = loose([])),
    `${CONTAINERS}: found no container, expected at least one`,
  ],
  [
    'the first container has a port',
    (file) => delete containerOf(file)['PortMappings'],
    `${CONTAINERS}[0].portMappings: found 0, expected exactly one`,
  ],
  [
    'the first container has one port only',
    (file) =>
      (containerOf(file)['PortMappings'] = loose([{ containerPort: 1 }, { containerPort: 2 }])),
    `${CONTAINERS}[0].portMappings: found 2, expected exactly one`,
  ],
  [
    'the port is a port',
    (file) => (containerOf(file)['PortMappings'] = loose([{ containerPort: 70_000 }])),
    `${CONTAINERS}[0].portMappings[0].containerPort: found 70000, expected a port`,
  ],
  [
    'the host port is the container port',
    (file) => (containerOf(file)['PortMappings'] = loose([{ containerPort: 2020, hostPort: 80 }])),
    `${CONTAINERS}[0].portMappings[0].hostPort: found 80, expected 2020`,
  ],
  [
    'container names differ',
    (file) => (containerOf(file)['Name'] = loose('init')),
    `${CONTAINERS}[1].name: is the name of container 0 too`,
  ],
  [
    'the previous environment exists',
    (file) => (prodOf(file)['RequiresPreviousEnvDeploy'] = loose('devv')),
    `${PROD}.RequiresPreviousEnvDeploy: found "devv"; did you mean "dev"?`,
  ],
  [
    'an environment is not its own previous one',
    (file) => (prodOf(file)['RequiresPreviousEnvDeploy'] = loose('prod')),
    `${PROD}.RequiresPreviousEnvDeploy: goes round in a circle (prod → prod)`,
  ],
  [
    'a name is on one line',
    (file) => rename(file['Apps']!, 'creds-api', 'creds\u001b[31m'),
    'has control characters in its name; expected text on one line',
  ],
  ['an app has a name', (file) => rename(file['Apps']!, 'creds-api', ''), 'Apps[""]: has no name'],
  [
    'a range is kept',
    (file) => (devOf(file)['Timeouts'] = loose({ RolloutSeconds: 86_401 })),
    `${DEV}.Timeouts.RolloutSeconds: found 86401, expected a whole number of seconds from 1`,
  ],
  [
    'locks and artifacts have tables of their own',
    (file) => (file['LockTable'] = loose('ArtifactDB')),
    'LockTable: found "ArtifactDB", which is ArtifactDBTable too',
  ],
  [
    'three heartbeats fit in a lease',
    (file) => (file['Lock'] = loose({ LeaseSeconds: 5, HeartbeatSeconds: 2 })),
    'Lock.HeartbeatSeconds: found 2, expected at most a third of LeaseSeconds, which is 5',
  ],
  [
    'a short lease needs frequent heartbeats, also when only one of them is given',
    (file) => (file['Lock'] = loose({ HeartbeatSeconds: 4 })),
    'Lock.HeartbeatSeconds: found 4, expected at most a third of LeaseSeconds, which is 10',
  ],
  [
    'an account id has 12 digits',
    (file) => (file['ConfigAccountID'] = loose('1234')),
    'ConfigAccountID: found "1234", expected an account id: 12 digits in quotes',
  ],
];

function change(object: Loose, key: string, edit: (text: string) => string): void {
  object[key] = loose(edit(object[key] as unknown as string));
}

function rename(object: Loose, from: string, to: string): void {
  object[to] = object[from]!;
  delete object[from];
}

function complaintsAbout(text: string): string[] {
  try {
    parseConfig(text, 'f');
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const lines = error.message.split('\n').slice(1);
    return lines.map((line) => line.replace(/^f:\d+:\d+: /, ''));
  }
}

test.each(BREACHES)('%s', (_rule, change, complaint) => {
  expect(complaintsAbout(twoAppsWith(change))).toEqual([expect.stringContaining(complaint)]);
});

test('a circle of environments is reported at each of them', () => {
  const text = twoAppsWith((file) => {
    devOf(file)['RequiresPreviousEnvDeploy'] = loose('prod');
  });

  expect(complaintsAbout(text)).toEqual([
    expect.stringContaining(`${DEV}.RequiresPreviousEnvDeploy: goes round in a circle`),
    expect.stringContaining(`${PROD}.RequiresPreviousEnvDeploy: goes round in a circle`),
  ]);
});

test('two environments that would share a lock are refused', () => {
  const text = twoAppsWith((file) => {
    const apps = file['Apps']!;
    apps['a-b'] = { ...apps['creds-api']!, environments: { c: creds(file) } };
    apps['a'] = { ...apps['creds-api']!, environments: { 'b-c': creds(file) } };
  });

  expect(complaintsAbout(text)).toEqual([
    'Apps.a.Environments.b-c: shares the lock "a-b-c" with Apps.a-b.Environments.c; ' +
      'rename one of them',
  ]);
});

test('apps that share a project are warned that they open each other’s gates', () => {
  const text = twoAppsWith((file) => {
    file['Apps']!['creds-api']!['artifactDBProjectName'] =
      file['Apps']!['net-conf']!['ArtifactDBProjectName']!;
  });

  const { warnings } = parseConfig(text, 'f');

  expect(warnings.join('\n')).toMatch(
    /opened by a deploy of \S+, which has the same ArtifactDBProj/,
  );
  expect(
    parseConfig(
      twoAppsWith(() => {}),
      'f',
    ).warnings.join('\n'),
  ).not.toMatch(/opened by/);
});

function creds(file: Loose): Loose {
  return file['Apps']!['creds-api']!['environments']!['dev']!;
}
