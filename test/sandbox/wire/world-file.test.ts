import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import { BatchGetImageCommand, DescribeImagesCommand } from '@aws-sdk/client-ecr';
import { DescribeServicesCommand } from '@aws-sdk/client-ecs';
import {
  DescribeTargetGroupAttributesCommand,
  DescribeTargetGroupsCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { GetRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetParameterCommand } from '@aws-sdk/client-ssm';
import { readWorldFile } from '../../../sandbox/world-file/read.ts';
import type { WorldFile } from '../../../sandbox/world-file/world-file.ts';
import { resolveImage } from '../../../sandbox/world/ecr/resolve-image.ts';
import { sdkConfiguration } from '../../support/sdk.ts';
import { startFront } from './start-front.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function written(text: string): { folder: string; path: string } {
  const folder = mkdtempSync(join(tmpdir(), 'world-file-'));
  folders.push(folder);
  const path = join(folder, 'world.json');
  writeFileSync(path, text);
  return { folder, path };
}

test('everything that a world file lists is there, as the SDK sees it', async () => {
  const arn = 'arn:aws:elasticloadbalancing:us-east-1:111111111111:targetgroup/blue/1';
  const { clients } = await startFront({
    worldFile: {
      clusters: ['c'],
      services: [{ cluster: 'c', name: 's', desiredCount: 2, healthCheckGracePeriodSeconds: 5 }],
      targetGroups: [
        {
          name: 'blue',
          arn,
          port: 8080,
          healthCheck: { path: '/health', intervalSeconds: 10, matcher: '200-299' },
          deregistrationDelaySeconds: 15,
        },
      ],
      repositories: [
        { name: 'app', images: [{ tags: ['v1', 'latest'], command: ['node', 'app.js'] }] },
      ],
      parameters: [{ name: '/app/key', type: 'SecureString', value: 'hidden' }],
      tables: [{ name: 'DeployLock', hashKey: { name: 'key', type: 'S' } }],
    },
  });
  const { ecs, elb, ecr, ssm, dynamoDb } = clients();

  const { services } = await ecs.send(
    new DescribeServicesCommand({ cluster: 'c', services: ['s'] }),
  );
  const { TargetGroups } = await elb.send(new DescribeTargetGroupsCommand({ Names: ['blue'] }));
  const { Attributes } = await elb.send(
    new DescribeTargetGroupAttributesCommand({ TargetGroupArn: arn }),
  );
  const { imageDetails } = await ecr.send(new DescribeImagesCommand({ repositoryName: 'app' }));
  const { Parameter } = await ssm.send(
    new GetParameterCommand({ Name: '/app/key', WithDecryption: true }),
  );
  const { TableNames } = await dynamoDb.send(new ListTablesCommand({}));

  expect(services).toMatchObject([
    {
      serviceName: 's',
      desiredCount: 2,
      healthCheckGracePeriodSeconds: 5,
      deploymentController: { type: 'EXTERNAL' },
      taskSets: [],
    },
  ]);
  expect(TargetGroups).toMatchObject([
    {
      TargetGroupArn: arn,
      Port: 8080,
      TargetType: 'ip',
      HealthCheckPath: '/health',
      HealthCheckIntervalSeconds: 10,
      HealthCheckTimeoutSeconds: 5,
      Matcher: { HttpCode: '200-299' },
    },
  ]);
  expect(Attributes).toContainEqual({
    Key: 'deregistration_delay.timeout_seconds',
    Value: '15',
  });
  expect(imageDetails?.map(({ imageTags }) => imageTags?.toSorted())).toEqual([['latest', 'v1']]);
  expect(Parameter).toMatchObject({ Type: 'SecureString', Value: 'hidden' });
  expect(TableNames).toEqual(['DeployLock']);
});

test('roles, secrets, log groups and networks are there as well', async () => {
  const { handler, world } = await startFront({
    worldFile: {
      roles: [
        {
          arn: 'arn:aws:iam::111111111111:role/app/exec',
          service: 'ecs-tasks.amazonaws.com',
          managedPolicies: ['arn:aws:iam::aws:policy/service-role/Pull'],
        },
      ],
      secrets: [{ name: 'app/key', value: 'hidden' }],
      logGroups: ['/ecs/app'],
      vpcs: [{ id: 'vpc-1', subnets: ['subnet-1'], securityGroups: ['sg-1'] }],
      targetGroups: [{ name: 'blue', port: 8080, vpc: 'vpc-1' }],
    },
  });
  const config = sdkConfiguration(handler);

  const { Role } = await new IAMClient(config).send(new GetRoleCommand({ RoleName: 'exec' }));
  const secret = await new SecretsManagerClient(config).send(
    new GetSecretValueCommand({ SecretId: 'app/key' }),
  );
  const { logGroups } = await new CloudWatchLogsClient(config).send(
    new DescribeLogGroupsCommand({}),
  );
  const ec2 = new EC2Client(config);
  const { Subnets } = await ec2.send(new DescribeSubnetsCommand({}));
  const { SecurityGroups } = await ec2.send(new DescribeSecurityGroupsCommand({}));
  const [group] = world.region('111111111111', 'us-east-1').elb.targetGroups.values();

  expect(Role?.Path).toBe('/app/');
  expect(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? '')).toContain('ecs-tasks');
  expect(secret.SecretString).toBe('hidden');
  expect(logGroups).toMatchObject([{ logGroupName: '/ecs/app' }]);
  expect(Subnets).toMatchObject([{ SubnetId: 'subnet-1', VpcId: 'vpc-1' }]);
  expect(SecurityGroups).toMatchObject([{ GroupId: 'sg-1', VpcId: 'vpc-1' }]);
  expect(group?.vpcId).toBe('vpc-1');
  // A role of a service is nobody's else to assume.
  expect(world.sts.roles.size).toBe(0);
});

test('an image of several architectures is an index, and each has a config that says', async () => {
  const { world, clients } = await startFront({
    worldFile: {
      repositories: [
        {
          name: 'app',
          images: [
            { tags: ['one'], command: ['one'], architectures: ['arm64'] },
            { tags: ['both'], command: ['both'], architectures: ['amd64', 'arm64'] },
          ],
        },
      ],
    },
  });
  const { ecr } = clients();
  const manifestOf = async (imageTag: string) => {
    const command = new BatchGetImageCommand({
      repositoryName: 'app',
      imageIds: [{ imageTag }],
      acceptedMediaTypes: ['application/vnd.oci.image.index.v1+json'],
    });
    return JSON.parse((await ecr.send(command)).images![0]!.imageManifest!) as {
      config?: { digest: string };
      manifests?: { platform: { architecture: string } }[];
    };
  };

  const one = await manifestOf('one');
  const both = await manifestOf('both');

  const repository = world.region('111111111111', 'us-east-1').ecr.repositories.get('app');
  const config = repository?.blobs.get(one.config?.digest ?? '');
  expect(Buffer.from(config ?? []).toString()).toBe('{"architecture":"arm64","os":"linux"}');
  expect(both.manifests?.map(({ platform }) => platform.architecture)).toEqual(['amd64', 'arm64']);
  expect(
    resolveImage(world, '111111111111.dkr.ecr.us-east-1.amazonaws.com/app:both'),
  ).toMatchObject({ command: ['both'] });
});

test("an image's program is found from the folder of the file, and node is this Node", async () => {
  const { folder, path } = written(
    JSON.stringify({
      repositories: [
        {
          name: 'app',
          images: [
            {
              tags: ['v1'],
              command: ['node', './app.js', 'node', 'plain.js', '../other.js'],
              environment: { VERSION: '1' },
            },
          ],
        },
      ],
    }),
  );
  const { world } = await startFront({ worldFile: readWorldFile(path) });

  expect(resolveImage(world, '111111111111.dkr.ecr.us-east-1.amazonaws.com/app:v1')).toMatchObject({
    command: [process.execPath, join(folder, 'app.js'), 'node', 'plain.js', '../other.js'],
    environment: { VERSION: '1' },
  });
});

test('a region, settings and places elsewhere are honoured', async () => {
  const { clients, world } = await startFront({
    settings: { accountId: '444444444444' },
    worldFile: {
      region: 'eu-central-1',
      clusters: ['own'],
      elsewhere: [
        { accountId: '555555555555', clusters: ['theirs'] },
        { region: 'ap-southeast-2', clusters: ['far'] },
      ],
    },
  });
  const clusters = (account: string, region: string) => [
    ...world.region(account, region).ecs.clusters.keys(),
  ];

  expect(clusters('444444444444', 'eu-central-1')).toEqual(['own']);
  expect(clusters('555555555555', 'eu-central-1')).toEqual(['theirs']);
  expect(clusters('444444444444', 'ap-southeast-2')).toEqual(['far']);
  await expect(
    clients({ region: 'eu-central-1' }).ecs.send(
      new DescribeServicesCommand({ cluster: 'own', services: ['s'] }),
    ),
  ).resolves.toMatchObject({ failures: [{ reason: 'MISSING' }] });
});

test.each<[string, string, string]>([
  ['text that is no JSON', '{"clusters": [}', 'not JSON'],
  ['a name that means nothing', '{"cluster": ["c"]}', 'cluster'],
  [
    'a wrong type',
    '{"services": [{"cluster": "c", "name": "s", "desiredCount": "2"}]}',
    'services/0/desiredCount:',
  ],
  ['a wrong setting', '{"settings": {"ruleOrder": "random"}}', 'settings/ruleOrder:'],
  [
    'a wrong account',
    '{"elsewhere": [{"accountId": "1"}]}',
    'elsewhere/0/accountId: must be 12 digits',
  ],
  [
    'a temporary access key',
    '{"credentials": [{"accessKeyId": "ASIA1", "accountId": "111111111111"}]}',
    'credentials/0/accessKeyId: must begin with AKIA',
  ],
])('%s is refused with its path', (_, text, message) => {
  const { path } = written(text);

  expect(() => readWorldFile(path)).toThrow(
    expect.objectContaining({
      name: 'BadInputError',
      message: expect.stringMatching(new RegExp(`^${path}: [^\\n]*${message}[^\\n]*$`)),
    }),
  );
});

test('a file that is not there is named', () => {
  expect(() => readWorldFile('/nowhere/world.json')).toThrow(
    expect.objectContaining({
      name: 'BadInputError',
      message: expect.stringContaining('/nowhere/world.json: cannot be read: ENOENT'),
    }),
  );
});

test.each<[WorldFile, string]>([
  [{ services: [{ cluster: 'c', name: 's', desiredCount: 1 }] }, 'services/0: Cluster not found.'],
  [
    {
      loadBalancers: [
        { name: 'web', listeners: [{ port: 80, rules: [{ priority: 1, targetGroup: 'blue' }] }] },
      ],
    },
    'loadBalancers/0/listeners/0/rules/0: There is no target group named blue here',
  ],
  [
    {
      targetGroups: [{ name: 'blue', port: 80 }],
      loadBalancers: [
        {
          name: 'web',
          listeners: [
            {
              port: 80,
              rules: [
                { priority: 1, targetGroup: 'blue' },
                { priority: 1, targetGroup: 'blue' },
              ],
            },
          ],
        },
      ],
    },
    "loadBalancers/0/listeners/0/rules/1: Priority '1' is currently in use (PriorityInUse)",
  ],
  [{ targetGroups: [{ name: 'blue', port: 0 }] }, 'targetGroups/0: '],
  [
    { elsewhere: [{ parameters: [{ name: 'a b', type: 'String', value: 'v' }] }] },
    'elsewhere/0/parameters/0: ',
  ],
  [{ tables: [{ name: 'no', hashKey: { name: 'key', type: 'S' } }] }, 'tables/0: '],
  [{ repositories: [{ name: 'UPPER' }] }, 'repositories/0: '],
])('what AWS would refuse is refused with its path: %j', async (worldFile, message) => {
  await expect(startFront({ worldFile })).rejects.toMatchObject({
    name: 'BadInputError',
    message: expect.stringContaining(`world file: ${message}`),
  });
});
