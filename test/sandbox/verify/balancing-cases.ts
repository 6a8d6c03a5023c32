import { expect, test } from '@jest/globals';
import {
  CreateRuleCommand,
  CreateTargetGroupCommand,
  DescribeRulesCommand,
  ModifyRuleCommand,
  ModifyTargetGroupAttributesCommand,
  ModifyTargetGroupCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { VerifyScene } from './verify-scene.ts';

/** The network, the target groups in it, and the rules that choose between them. */
export function balancingCases(): void {
  const VPC = 'vpc-0a1b2c3d4e5f60718';
  const SUBNET = 'subnet-0a1b2c3d4e5f60718';
  const GROUP = 'sg-0a1b2c3d4e5f60718';

  const groupsOf = (scene: VerifyScene) =>
    scene.environment['TargetGroupARNs'] as { blue: string; green: string };
  const rulesOf = async (scene: VerifyScene) => {
    const ListenerArn = scene.environment['ListenerARN'] as string;
    const { Rules } = await scene.elb.send(new DescribeRulesCommand({ ListenerArn }));
    return Rules!.filter(({ IsDefault }) => !IsDefault);
  };

  test('subnets and security groups that are not there are problems, each by its id', async () => {
    const scene = await VerifyScene.start();
    scene.environment['Subnets'] = [SUBNET, 'subnet-0'];
    scene.environment['SecurityGroups'] = ['sg-0'];

    expect(await scene.linesOf('network')).toEqual([
      '✗ subnet subnet-0: does not exist',
      '✗ security group sg-0: does not exist',
    ]);
  });

  test('a network in two VPCs is a problem', async () => {
    const scene = await VerifyScene.start((world) => {
      world.vpcs = [
        { id: VPC, subnets: [SUBNET] },
        { id: 'vpc-other', subnets: ['subnet-other'], securityGroups: [GROUP] },
      ];
    });
    scene.environment['Subnets'] = [SUBNET];
    expect(await scene.linesOf('network')).toEqual([
      `✓ subnet ${SUBNET}: in ${VPC}`,
      `✓ security group ${GROUP}: in vpc-other`,
      `✗ security group ${GROUP}: is in vpc-other, but the subnets are in ${VPC}`,
    ]);

    scene.environment['Subnets'] = [SUBNET, 'subnet-other'];
    expect((await scene.linesOf('network'))[0]).toBe(
      `✗ subnets: are in several VPCs: ${VPC}, vpc-other`,
    );
  });

  test('a network that may not be looked at is unknown', async () => {
    const scene = (await VerifyScene.start()).deny('ec2.*');

    expect(await scene.linesOf('network')).toEqual([
      '? subnets: these credentials may not call ec2:DescribeSubnets',
      '? security groups: these credentials may not call ec2:DescribeSecurityGroups',
      '? free addresses: these credentials may not call ec2:DescribeSubnets',
    ]);
  });

  test('too few free addresses are a warning', async () => {
    const scene = await VerifyScene.start((world) => {
      world.services = world.services!.map((service) => ({ ...service, desiredCount: 600 }));
    });

    expect((await scene.linesOf('network')).at(-1)).toBe(
      '! free addresses: the subnets have 502, but a deploy starts 600 more tasks',
    );
  });

  test('target groups are told with their health checks, and how long they drain', async () => {
    const scene = await VerifyScene.start();

    expect((await scene.linesOf('target-groups')).slice(0, 2)).toEqual([
      '✓ blue target group: hello-dev-blue takes addresses over HTTP; /health (200) every 10 s, so healthy within 10 s of answering, unhealthy after 20 s',
      '✓ deregistration delay of blue: 30 s',
    ]);
  });

  test('a target group that is not there, or takes instances, or serves nobody, is a problem', async () => {
    const scene = await VerifyScene.start();
    const { TargetGroups } = await scene.elb.send(
      new CreateTargetGroupCommand({ Name: 'spare', Protocol: 'HTTP', Port: 80, VpcId: VPC }),
    );
    const groups = groupsOf(scene);
    groups.green = `${groups.green}0`;
    groups.blue = TargetGroups![0]!.TargetGroupArn!;

    const lines = await scene.linesOf('target-groups');

    expect(lines).toContain(
      '✗ blue target group: takes targets of type instance; tasks on Fargate need ip',
    );
    expect(lines).toContain(
      '✗ blue target group: belongs to no load balancer: no rule forwards to it',
    );
    expect(lines).toContain(`✗ green target group: ${groups.green} does not exist`);
  });

  test("a target group of another VPC than the subnets' is a problem", async () => {
    const scene = await VerifyScene.start((world) => {
      world.targetGroups = world.targetGroups!.map((group) => ({ ...group, vpc: 'vpc-other' }));
    });

    expect((await scene.linesOf('target-groups')).slice(-2)).toEqual([
      `✗ blue target group: is in vpc-other, but the subnets are in ${VPC}`,
      `✗ green target group: is in vpc-other, but the subnets are in ${VPC}`,
    ]);
  });

  test('health checks that differ, or go elsewhere, are warnings', async () => {
    const scene = await VerifyScene.start();
    await scene.elb.send(
      new ModifyTargetGroupCommand({
        TargetGroupArn: groupsOf(scene).blue,
        HealthCheckPort: '9000',
        HealthCheckPath: '/other',
      }),
    );

    const lines = await scene.linesOf('target-groups');

    expect(lines).toContain(
      "! blue target group: checks health on port 9000, but the container's port is 8080",
    );
    expect(lines.at(-1)).toBe('! target groups: check health differently: port, path');
  });

  test('what takes longer than the config allows is a problem', async () => {
    const scene = await VerifyScene.start();
    scene.environment['Timeouts'] = { RolloutSeconds: 20, RemovalSeconds: 60 };
    const TargetGroupArn = groupsOf(scene).green;
    await scene.elb.send(
      new ModifyTargetGroupCommand({ TargetGroupArn, HealthCheckIntervalSeconds: 30 }),
    );
    await scene.elb.send(
      new ModifyTargetGroupAttributesCommand({
        TargetGroupArn,
        Attributes: [{ Key: 'deregistration_delay.timeout_seconds', Value: '300' }],
      }),
    );

    const lines = await scene.linesOf('target-groups');

    expect(lines).toContain(
      '✗ green target group: checks every 30 s, but a rollout may take 20 s in all',
    );
    expect(lines).toContain(
      '✗ deregistration delay of green: is 300 s, but a removal may take 60 s in all',
    );
  });

  test('target groups that may not be looked at are unknown', async () => {
    const scene = (await VerifyScene.start()).deny(
      'elasticloadbalancing.DescribeTargetGroupAttributes',
    );
    const DELAY =
      'these credentials may not call elasticloadbalancing:DescribeTargetGroupAttributes';
    expect(await scene.linesOf('target-groups')).toContain(
      `? deregistration delay of blue: ${DELAY}`,
    );

    scene.deny('elasticloadbalancing.DescribeTargetGroups');
    const lines = await scene.linesOf('target-groups');
    expect(lines.every((line) => line.startsWith('?'))).toBe(true);
    expect(lines.length).toBeGreaterThan(1);
  });

  test('two rules with equal conditions are fine', async () => {
    const scene = await VerifyScene.start();

    expect(await scene.linesOf('rules')).toEqual([
      '✓ rules: blue serves (priorities: blue 11, green 12), with equal conditions',
    ]);
  });

  test('rules with different conditions are a problem', async () => {
    const scene = await VerifyScene.start();
    const [blue] = await rulesOf(scene);
    await scene.elb.send(
      new ModifyRuleCommand({
        RuleArn: blue!.RuleArn!,
        Conditions: [{ Field: 'path-pattern', Values: ['/other'] }],
      }),
    );

    const [line] = await scene.linesOf('rules');

    expect(line).toMatch(/^✗ rules: The rules of the two colours have different conditions/);
  });

  test('colours without a rule are problems, both of them', async () => {
    const scene = await VerifyScene.start();
    const groups = groupsOf(scene);
    groups.blue = `${groups.blue}0`;
    groups.green = `${groups.green}0`;

    expect(await scene.linesOf('rules')).toEqual([
      expect.stringMatching(/^✗ rules: No rule of the listener forwards to the blue target group/),
      expect.stringMatching(/^✗ rules: No rule of the listener forwards to the green target group/),
    ]);
  });

  test('a rule that takes all requests before both colours is a problem', async () => {
    const scene = await VerifyScene.start();
    const [blue] = await rulesOf(scene);
    await scene.elb.send(
      new CreateRuleCommand({
        ListenerArn: scene.environment['ListenerARN'] as string,
        Priority: 3,
        Conditions: [{ Field: 'path-pattern', Values: blue!.Conditions![0]!.Values! }],
        Actions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '503' } }],
      }),
    );

    expect((await scene.linesOf('rules'))[1]).toMatch(
      /^✗ rule arn:.*: has the same conditions and priority 3: neither colour gets a request$/,
    );
  });

  test('a listener that is not there is a problem, and one that may not be read unknown', async () => {
    const scene = await VerifyScene.start();
    scene.deny('elasticloadbalancing.DescribeRules');
    expect(await scene.linesOf('rules')).toEqual([
      '? rules: these credentials may not call elasticloadbalancing:DescribeRules',
    ]);

    scene.front.faults.remove();
    const arn = `${scene.environment['ListenerARN'] as string}0`;
    scene.environment['ListenerARN'] = arn;
    expect(await scene.linesOf('rules')).toEqual([`✗ listener: ${arn} does not exist`]);
    expect(await scene.linesOf('drift')).toEqual(['? task sets: there is no listener']);
  });
}
