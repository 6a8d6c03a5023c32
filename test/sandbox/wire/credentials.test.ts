import { expect, test } from '@jest/globals';
import { ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { CreateClusterCommand } from '@aws-sdk/client-ecs';
import { DescribeLoadBalancersCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { AssumeRoleCommand, GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { send, startFront } from './start-front.ts';

test('an access key says whose account it is, and the signature which Region', async () => {
  const { clients, world } = await startFront({
    worldFile: { credentials: [{ accessKeyId: 'AKIAOTHER', accountId: '222222222222' }] },
  });

  await clients({ region: 'eu-west-1' }).ecs.send(new CreateClusterCommand({ clusterName: 'a' }));
  await clients({ accessKeyId: 'AKIAOTHER' }).ecs.send(
    new CreateClusterCommand({ clusterName: 'b' }),
  );

  expect([...world.region('111111111111', 'eu-west-1').ecs.clusters.keys()]).toEqual(['a']);
  expect([...world.region('222222222222', 'us-east-1').ecs.clusters.keys()]).toEqual(['b']);
  expect(
    (await clients({ accessKeyId: 'AKIAOTHER' }).sts.send(new GetCallerIdentityCommand({}))).Arn,
  ).toBe('arn:aws:iam::222222222222:user/sandbox');
});

test('an assumed role acts in its account until its session expires, in both protocols', async () => {
  const { clients, clock, front } = await startFront({
    worldFile: { roles: [{ arn: 'arn:aws:iam::333333333333:role/deployer' }] },
  });
  const { Credentials } = await clients().sts.send(
    new AssumeRoleCommand({
      RoleArn: 'arn:aws:iam::333333333333:role/deployer',
      RoleSessionName: 'test',
      DurationSeconds: 900,
    }),
  );
  const assumed = clients({
    accessKeyId: Credentials?.AccessKeyId ?? '',
    sessionToken: Credentials?.SessionToken ?? '',
  });

  expect((await assumed.sts.send(new GetCallerIdentityCommand({}))).Account).toBe('333333333333');
  await clock.advance(3_600_000);

  const { calls } = front;
  const before = calls.count;
  await expect(assumed.ecs.send(new CreateClusterCommand({}))).rejects.toMatchObject({
    name: 'ExpiredTokenException',
    $metadata: { httpStatusCode: 400, attempts: 1 },
  });
  await expect(assumed.dynamoDb.send(new ListTablesCommand({}))).rejects.toMatchObject({
    name: 'ExpiredTokenException',
    $metadata: { httpStatusCode: 400 },
  });
  await expect(assumed.elb.send(new DescribeLoadBalancersCommand({}))).rejects.toMatchObject({
    name: 'ExpiredToken',
    $metadata: { httpStatusCode: 403 },
  });
  expect(calls.entries().slice(before)).toMatchObject([
    { service: 'ecs', accountId: '333333333333', outcome: 'ExpiredTokenException' },
    { service: 'dynamodb', outcome: 'ExpiredTokenException' },
    { service: 'elasticloadbalancing', outcome: 'ExpiredToken' },
  ]);
});

test('a session token that was not issued with the key is refused', async () => {
  const { clients, world } = await startFront();
  world.sts.sessions.set('ASIAKNOWN', {
    accountId: '333333333333',
    principalArn: 'arn:aws:sts::333333333333:assumed-role/deployer/test',
    expiresAtMs: Infinity,
    sessionToken: 'right',
  });

  for (const sessionToken of [undefined, 'wrong']) {
    const forged = clients({
      accessKeyId: 'ASIAKNOWN',
      ...(sessionToken === undefined ? {} : { sessionToken }),
    });
    await expect(forged.ecs.send(new CreateClusterCommand({}))).rejects.toMatchObject({
      name: 'UnrecognizedClientException',
    });
    await expect(forged.sts.send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({
      name: 'InvalidClientTokenId',
    });
  }
});

test('a call without a signature, or with a strange one, is refused', async () => {
  const { front } = await startFront();
  const json = {
    'content-type': 'application/x-amz-json-1.1',
    'x-amz-target': 'AmazonSSM.GetParameter',
  };
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const body = 'Action=GetCallerIdentity&Version=2011-06-15';

  const unsigned = [
    await send(front, { headers: json, body: '{}' }),
    await send(front, { headers: form, body }),
  ];
  const strange = [
    await send(front, { headers: { ...json, authorization: 'Basic abc' }, body: '{}' }),
    await send(front, { headers: { ...form, authorization: 'Basic abc' }, body }),
  ];

  expect(unsigned.map(({ status }) => status)).toEqual([403, 403]);
  expect(unsigned[0]?.text).toContain('"MissingAuthenticationTokenException"');
  expect(unsigned[1]?.text).toContain('<Code>MissingAuthenticationToken</Code>');
  expect(strange.map(({ status }) => status)).toEqual([400, 400]);
  expect(strange[0]?.text).toContain('"IncompleteSignatureException"');
  expect(strange[1]?.text).toContain('<Code>IncompleteSignature</Code>');
});
