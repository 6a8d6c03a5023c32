/**
 * Goal: `verify` finds everything, changes nothing, and never takes unknown for fine.
 * Method: the hello app in a sandbox in process, through the official SDK, with one thing wrong.
 */
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { CHECKS } from '../../../src/verify/index.ts';
import { VerifyScene } from './verify-scene.ts';

const READS = CHECKS.flatMap(({ reads }) => reads);

test('nothing is wrong with the example, but that nothing has been deployed yet', async () => {
  const scene = await VerifyScene.start();

  const { verdict, counts, checks } = await scene.verify();

  expect({ verdict, problem: counts.problem, unknown: counts.unknown }).toEqual({
    verdict: 'warning',
    problem: 0,
    unknown: 0,
  });
  expect(checks.map(({ name }) => name)).toEqual(CHECKS.map(({ name }) => name));
  expect(checks.flatMap(({ findings }) => findings).filter((f) => f.verdict !== 'ok')).toEqual([
    expect.objectContaining({ subject: 'blue', message: expect.stringContaining('no task set') }),
  ]);
});

test('it calls what its checks declare, and nothing that changes anything', async () => {
  const scene = await VerifyScene.start();
  scene.container.Secrets = [
    { Name: 'A', ValueFrom: '/parameter' },
    {
      Name: 'B',
      ValueFrom: 'arn:aws:secretsmanager:us-east-1:111111111111:secret:hello/key-AbCdEf',
    },
  ];
  const before = scene.front.calls.count;

  await scene.verify();

  const calls = scene.front.calls.entries().slice(before);
  const called = [...new Set(calls.map(({ service, operation }) => `${service}:${operation}`))];
  expect(called.sort()).toEqual([...new Set(READS)].sort());
  for (const call of called) {
    expect(call).toMatch(/:(?:Describe|Get|BatchGet|List|Query|Simulate)/);
  }
});

test('every problem is told at once', async () => {
  const scene = await VerifyScene.start((world) => {
    world.logGroups = [];
    world.roles = [];
    world.repositories = [];
  });
  scene.environment['Subnets'] = ['subnet-0', 'subnet-1'];
  scene.environment['Cluster'] = 'nowhere';

  const { verdict, checks } = await scene.verify();

  const wrong = checks.filter(({ findings }) => findings.some((f) => f.verdict === 'problem'));
  expect(verdict).toBe('problem');
  expect(wrong.map(({ name }) => name)).toEqual(['images', 'roles', 'logs', 'network', 'service']);
});

test('what may not be read is unknown, with the permission by its name', async () => {
  const scene = await VerifyScene.start();
  const operations = [...new Set(READS)]
    .filter((action) => !action.startsWith('sts:'))
    .map((action) => action.replace(':', '.'));
  scene.deny(...operations);

  const { verdict, counts, missingPermissions, checks } = await scene.verify();

  expect(verdict).toBe('unknown');
  expect(counts.problem).toBe(0);
  // What the templates name is not known without an artifact, so nobody got to ask for it.
  expect(missingPermissions).toEqual([
    'dynamodb:DescribeTable',
    'dynamodb:GetItem',
    'dynamodb:Query',
    'ec2:DescribeSecurityGroups',
    'ec2:DescribeSubnets',
    'ecs:DescribeServices',
    'elasticloadbalancing:DescribeRules',
    'elasticloadbalancing:DescribeTargetGroups',
    'iam:GetRole',
  ]);
  for (const { name, findings } of checks) {
    const isFine = findings.every((finding) => finding.verdict === 'ok');
    expect({ name, isFine }).toEqual({ name, isFine: name === 'accounts' });
  }
});

test.each([
  ['is throttled', 'ThrottlingException', /did not answer \(ThrottlingException\)$/],
  ['is not offered', 'UnknownOperationException', /does not offer logs:DescribeLogGroups/],
  ['fails otherwise', 'SomethingElse', /\(SomethingElse\)$/],
])('a look that %s is unknown', async (_, code, message) => {
  const scene = await VerifyScene.start();
  scene.fail('logs.DescribeLogGroups', code);

  const [line] = await scene.linesOf('logs');

  expect(line).toMatch(/^\? logs of hello: /);
  expect(line).toMatch(message);
});

test('what AWS did not answer is marked, and nothing else that is unknown', async () => {
  const scene = await VerifyScene.start();
  scene.fail('logs.*', 'ThrottlingException');
  scene.fail('dynamodb.GetItem', 'InternalServerError', 500);
  scene.deny('iam.*');

  const { checks } = await scene.verify();

  const marks = (isTransient: boolean) =>
    checks
      .filter(({ findings }) =>
        findings.some((f) => f.verdict === 'unknown' && (f.isTransient ?? false) === isTransient),
      )
      .map(({ name }) => name);
  expect({ passing: marks(true), others: marks(false) }).toEqual({
    passing: ['lock', 'logs'],
    others: ['roles'],
  });
});

test('the guide lists the permissions that the checks need, and no other', () => {
  const guide = readFileSync(new URL('../../../docs/verify.md', import.meta.url), 'utf8');
  const listed = Array.from(guide.matchAll(/^\s*"([a-z0-9]+:\w+)",?$/gm), ([, action]) => action!);
  // Whose the credentials are, everybody may ask.
  const needed = new Set(READS.filter((action) => action !== 'sts:GetCallerIdentity'));

  expect(listed).toEqual([...needed].sort());
});
