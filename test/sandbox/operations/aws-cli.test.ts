/**
 * Goal: what the sandbox speaks is AWS's protocol, not one SDK's idea of it.
 * Method: the AWS CLI, which is botocore's work, asks over HTTP what a person on call would ask.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Sandbox, startSandbox } from '../../../sandbox/sandbox.ts';
import { until } from '../runtime/processes.ts';
import { type AwsCli, findAwsCli, prepareAwsCli, removeAwsCli, runAwsCli } from './aws-cli.ts';

const CLUSTER = 'hello-dev';
const ELB = 'arn:aws:elasticloadbalancing:us-east-1:111111111111';
const LISTENER = `${ELB}:listener/app/hello-dev/50dc6c495c0c9188/f2f7dc8efc522ab2`;
const GREEN = `${ELB}:targetgroup/hello-dev-green/09966783158cda59`;
const IN_SERVICE = ['--cluster', CLUSTER, '--service', CLUSTER];
const START_TIMEOUT_MS = 60_000;

const TASK_DEFINITION = {
  family: 'hello',
  networkMode: 'awsvpc',
  requiresCompatibilities: ['FARGATE'],
  cpu: '256',
  memory: '512',
  containerDefinitions: [
    {
      name: 'hello',
      image: '111111111111.dkr.ecr.us-east-1.amazonaws.com/hello:v1',
      portMappings: [{ containerPort: 8080 }],
    },
  ],
};
const TASK_SET = {
  cluster: CLUSTER,
  service: CLUSTER,
  externalId: 'by hand',
  taskDefinition: 'hello:1',
  launchType: 'FARGATE',
  networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
  loadBalancers: [{ targetGroupArn: GREEN, containerName: 'hello', containerPort: 8080 }],
  scale: { value: 100, unit: 'PERCENT' },
};

/** Whether the service's task sets are steady; seen from inside, for each call of the CLI takes long. */
function isSteady({ world }: Sandbox): boolean {
  const { clusters } = world.region('111111111111', 'us-east-1').ecs;
  const taskSets = clusters.get(CLUSTER)?.services.get(CLUSTER)?.taskSets.values() ?? [];
  return Array.from(taskSets).every(({ stabilityStatus }) => stabilityStatus === 'STEADY_STATE');
}

const path = findAwsCli();
const NOT_INSTALLED = 'The AWS CLI is not installed here: nothing asks the sandbox through it.';
if (path === undefined) console.warn(NOT_INSTALLED);

describe(path === undefined ? `(skipped) ${NOT_INSTALLED}` : 'the AWS CLI', () => {
  const testIf = path === undefined ? test.skip : test;
  let cli: AwsCli;
  let sandbox: Sandbox;
  let taskSetId: string;

  const run = (...args: string[]) => runAwsCli(cli, sandbox.env, args);
  /** What a call prints that must succeed. */
  const outputOf = async (...args: string[]) => {
    const { exitCode, output, errors } = await run(...args);
    expect({ exitCode, errors }).toEqual({ exitCode: 0, errors: '' });
    return output;
  };

  beforeAll(async () => {
    if (path === undefined) return;
    cli = prepareAwsCli(path);
    sandbox = await startSandbox({
      worldFile: 'examples/hello/world.json',
      // Soon ready, but with time for health checks to be answered while the CLI has the processors.
      settings: { timeScale: 0.1, schedulerTickSeconds: 2, taskStartSeconds: 1 },
    });
    await outputOf(
      'ecs',
      'register-task-definition',
      '--cli-input-json',
      JSON.stringify(TASK_DEFINITION),
    );
    const created = await outputOf(
      'ecs',
      'create-task-set',
      '--cli-input-json',
      JSON.stringify(TASK_SET),
    );
    taskSetId = (created as { taskSet: { id: string } }).taskSet.id;
    await until(() => isSteady(sandbox));
  }, START_TIMEOUT_MS);

  afterAll(async () => {
    if (path === undefined) return;
    await sandbox.close();
    removeAwsCli(cli);
  });

  const priorities = async () => {
    const args = ['elbv2', 'describe-rules', '--listener-arn', LISTENER];
    const { Rules } = (await outputOf(...args)) as {
      Rules: { RuleArn: string; Priority: string; Actions: { TargetGroupArn?: string }[] }[];
    };
    return Rules;
  };

  testIf('ecs describe-services shows a service with its task sets', async () => {
    expect(
      await outputOf('ecs', 'describe-services', '--cluster', CLUSTER, '--services', CLUSTER),
    ).toMatchObject({
      services: [
        {
          serviceName: CLUSTER,
          status: 'ACTIVE',
          desiredCount: 2,
          deploymentController: { type: 'EXTERNAL' },
          taskSets: [{ id: taskSetId, externalId: 'by hand', computedDesiredCount: 2 }],
          createdAt: expect.anything(),
        },
      ],
      failures: [],
    });
  });

  testIf('elbv2 describe-target-health shows the targets of real tasks as healthy', async () => {
    const answer = await outputOf('elbv2', 'describe-target-health', '--target-group-arn', GREEN);

    expect(answer).toEqual({
      TargetHealthDescriptions: [1, 2].map(() => ({
        Target: { Id: expect.stringMatching(/^127\./), Port: 8080 },
        HealthCheckPort: '8080',
        TargetHealth: { State: 'healthy' },
      })),
    });
  });

  testIf('ecs describe-task-sets shows a set by its id', async () => {
    const answer = await outputOf(
      'ecs',
      'describe-task-sets',
      ...IN_SERVICE,
      '--task-sets',
      taskSetId,
    );

    expect(answer).toMatchObject({
      taskSets: [
        {
          id: taskSetId,
          status: 'ACTIVE',
          launchType: 'FARGATE',
          scale: { value: 100, unit: 'PERCENT' },
          runningCount: 2,
          pendingCount: 0,
          stabilityStatus: 'STEADY_STATE',
        },
      ],
      failures: [],
    });
  });

  testIf('elbv2 set-rule-priorities swaps two rules, and describe-rules shows it', async () => {
    const before = await priorities();
    const [blue, green] = before;
    const answer = await outputOf(
      'elbv2',
      'set-rule-priorities',
      '--rule-priorities',
      `RuleArn=${blue!.RuleArn},Priority=12`,
      `RuleArn=${green!.RuleArn},Priority=11`,
    );

    expect(before.map(({ Priority }) => Priority)).toEqual(['11', '12', 'default']);
    expect(answer).toMatchObject({ Rules: [{ Priority: '12' }, { Priority: '11' }] });
    expect(await priorities()).toMatchObject([
      { RuleArn: green!.RuleArn, Priority: '11', Actions: [{ TargetGroupArn: GREEN }] },
      { RuleArn: blue!.RuleArn, Priority: '12' },
      { Priority: 'default' },
    ]);
  });

  testIf('dynamodb get-item gives back what put-item wrote', async () => {
    const item = { key: { S: 'hello-dev' }, owner: { S: 'é <&>' }, n: { N: '1' } };
    const table = ['--table-name', 'DeployLock'];
    await outputOf('dynamodb', 'put-item', ...table, '--item', JSON.stringify(item));

    const key = JSON.stringify({ key: item.key });
    const got = await outputOf('dynamodb', 'get-item', ...table, '--consistent-read', '--key', key);

    expect(got).toMatchObject({ Item: item });
  });

  testIf('ecr describe-images lists every image, and names its tags', async () => {
    const { imageDetails } = (await outputOf(
      'ecr',
      'describe-images',
      '--repository-name',
      'hello',
    )) as { imageDetails: { imageTags: string[]; imageDigest: string }[] };

    expect(imageDetails.map(({ imageTags }) => imageTags)).toEqual([['v1'], ['v2'], ['v3']]);
    expect(imageDetails[0]?.imageDigest).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  testIf('ssm and sts answer it too', async () => {
    const who = await outputOf('sts', 'get-caller-identity');
    const found = await outputOf('ssm', 'get-parameters', '--names', '/nothing');

    expect(who).toMatchObject({ Account: '111111111111' });
    expect(found).toEqual({ Parameters: [], InvalidParameters: ['/nothing'] });
  });

  testIf('it fails with the error that AWS would give, in either protocol', async () => {
    const ecs = await run('ecs', 'describe-services', '--cluster', 'no', '--services', 'no');
    const elb = await run('elbv2', 'describe-rules', '--rule-arns', `${ELB}:listener-rule/no`);

    expect([ecs.exitCode, elb.exitCode]).not.toContain(0);
    expect(ecs.errors).toContain(
      'An error occurred (ClusterNotFoundException) when calling the DescribeServices operation: Cluster not found.',
    );
    expect(elb.errors).toContain(
      'An error occurred (RuleNotFound) when calling the DescribeRules operation: One or more rules not found',
    );
  });
});
