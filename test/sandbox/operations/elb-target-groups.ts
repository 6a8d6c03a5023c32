/** Proofs of load balancing's operations on target groups, targets and tags. */
import { expect } from '@jest/globals';
import {
  AddTagsCommand,
  CreateTargetGroupCommand,
  DeleteTargetGroupCommand,
  DeregisterTargetsCommand,
  DescribeTagsCommand,
  DescribeTargetGroupAttributesCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  ModifyTargetGroupAttributesCommand,
  ModifyTargetGroupCommand,
  RegisterTargetsCommand,
  RemoveTagsCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { invalid, NO_GROUP } from './elb-words.ts';
import type { Proofs } from './proofs.ts';
import { ARNS, ELB, type Scene } from './scene.ts';

const NOWHERE = `${ELB}:targetgroup/x/9`;
const NEW_GROUP = {
  Name: 'new',
  Protocol: 'HTTP' as const,
  Port: 8080,
  VpcId: 'vpc-1',
  TargetType: 'ip' as const,
};
const DELAY = 'deregistration_delay.timeout_seconds';
const ADDRESS = '127.9.9.9';

const healthOf = async ({ elb }: Scene, TargetGroupArn: string, targets?: string[]) => {
  const Targets = targets?.map((Id) => ({ Id }));
  const answer = await elb.send(new DescribeTargetHealthCommand({ TargetGroupArn, Targets }));
  return answer.TargetHealthDescriptions;
};
const register = async ({ elb }: Scene, TargetGroupArn: string) =>
  elb.send(new RegisterTargetsCommand({ TargetGroupArn, Targets: [{ Id: ADDRESS }] }));
/** The health of the one target as AWS writes it, without a reason for a healthy one. */
const health = (State: string, Reason?: string, Description?: string) => [
  {
    Target: { Id: ADDRESS, Port: 8080 },
    HealthCheckPort: '8080',
    TargetHealth: { State, ...(Reason && { Reason }), ...(Description && { Description }) },
  },
];

const GROUPS: Proofs = {
  CreateTargetGroup: {
    command: CreateTargetGroupCommand,
    works: {
      "creates a group with AWS's health check, and only returns the one that is there": async ({
        elb,
      }) => {
        const { TargetGroups } = await elb.send(new CreateTargetGroupCommand(NEW_GROUP));
        const again = await elb.send(new CreateTargetGroupCommand(NEW_GROUP));

        expect(TargetGroups).toEqual([
          {
            TargetGroupArn: expect.stringMatching(/:targetgroup\/new\/[0-9a-z]{16}$/),
            TargetGroupName: 'new',
            Protocol: 'HTTP',
            ProtocolVersion: 'HTTP1',
            Port: 8080,
            VpcId: 'vpc-1',
            TargetType: 'ip',
            IpAddressType: 'ipv4',
            HealthCheckEnabled: true,
            HealthCheckProtocol: 'HTTP',
            HealthCheckPort: 'traffic-port',
            HealthCheckPath: '/',
            HealthCheckIntervalSeconds: 30,
            HealthCheckTimeoutSeconds: 5,
            HealthyThresholdCount: 5,
            UnhealthyThresholdCount: 2,
            Matcher: { HttpCode: '200' },
            LoadBalancerArns: [],
          },
        ]);
        expect(again.TargetGroups).toEqual(TargetGroups);
      },
    },
    refuses: {
      'when another one has the name': {
        input: { ...NEW_GROUP, Name: 'blue' },
        error: [
          'DuplicateTargetGroupNameException',
          "A target group with the same name 'blue' exists, but with different settings",
        ],
      },
      'for a name that no group may have': {
        input: { ...NEW_GROUP, Name: 'a_b' },
        error: invalid(
          "The target group name 'a_b' can only contain characters that are alphanumeric characters and hyphens(-)",
        ),
      },
      'for a protocol that the sandbox has not': {
        input: { ...NEW_GROUP, Protocol: 'TCP' },
        error: invalid('Protocol=TCP is not implemented by the sandbox'),
      },
    },
  },
  DescribeTargetGroups: {
    command: DescribeTargetGroupsCommand,
    works: {
      'finds groups by ARN, by name and by load balancer': async ({ elb }) => {
        const names = async (input: object) => {
          const { TargetGroups } = await elb.send(new DescribeTargetGroupsCommand(input));
          return TargetGroups?.map(({ TargetGroupName }) => TargetGroupName);
        };

        expect(await names({ TargetGroupArns: [ARNS.green] })).toEqual(['green']);
        expect(await names({ Names: ['spare'] })).toEqual(['spare']);
        expect(await names({ LoadBalancerArn: ARNS.loadBalancer })).toEqual(['blue', 'green']);
        expect(await names({})).toEqual(['blue', 'green', 'spare']);
      },
      'shows which load balancer uses a group': async ({ elb }) => {
        const { TargetGroups } = await elb.send(
          new DescribeTargetGroupsCommand({ TargetGroupArns: [ARNS.blue, ARNS.spare] }),
        );
        expect(TargetGroups).toMatchObject([
          { LoadBalancerArns: [ARNS.loadBalancer] },
          { LoadBalancerArns: [] },
        ]);
      },
    },
    refuses: {
      'when a group is not there': { input: { TargetGroupArns: [NOWHERE] }, error: NO_GROUP },
      'when there is none of that name': { input: { Names: ['nothing'] }, error: NO_GROUP },
      'for a load balancer that is not there': {
        input: { LoadBalancerArn: `${ELB}:loadbalancer/app/x/9` },
        error: [
          'LoadBalancerNotFoundException',
          `Load balancer '${ELB}:loadbalancer/app/x/9' not found`,
        ],
      },
    },
  },
  ModifyTargetGroup: {
    command: ModifyTargetGroupCommand,
    works: {
      'changes the health check and leaves the rest': async ({ elb }) => {
        const { TargetGroups } = await elb.send(
          new ModifyTargetGroupCommand({
            TargetGroupArn: ARNS.blue,
            HealthCheckPath: '/ready',
            Matcher: { HttpCode: '200-299' },
          }),
        );
        expect(TargetGroups).toMatchObject([
          {
            HealthCheckPath: '/ready',
            Matcher: { HttpCode: '200-299' },
            HealthCheckIntervalSeconds: 5,
          },
        ]);
      },
    },
    refuses: {
      'when it is not there': { input: { TargetGroupArn: NOWHERE }, error: NO_GROUP },
      'for an interval out of range': {
        input: { TargetGroupArn: ARNS.blue, HealthCheckIntervalSeconds: 301 },
        error: invalid("Health check interval '301' must be between '5' and '300'"),
      },
    },
  },
  DescribeTargetGroupAttributes: {
    command: DescribeTargetGroupAttributesCommand,
    works: {
      'answers all of them as text': async ({ elb }) => {
        const { Attributes } = await elb.send(
          new DescribeTargetGroupAttributesCommand({ TargetGroupArn: ARNS.blue }),
        );
        expect(Attributes).toEqual(
          expect.arrayContaining([
            { Key: DELAY, Value: '300' },
            { Key: 'stickiness.enabled', Value: 'false' },
            { Key: 'slow_start.duration_seconds', Value: '0' },
            { Key: 'load_balancing.algorithm.type', Value: 'round_robin' },
          ]),
        );
      },
    },
    refuses: {
      'when the group is not there': { input: { TargetGroupArn: NOWHERE }, error: NO_GROUP },
    },
  },
  ModifyTargetGroupAttributes: {
    command: ModifyTargetGroupAttributesCommand,
    works: {
      'changes the deregistration delay': async ({ elb }) => {
        const { Attributes } = await elb.send(
          new ModifyTargetGroupAttributesCommand({
            TargetGroupArn: ARNS.blue,
            Attributes: [{ Key: DELAY, Value: '0' }],
          }),
        );
        expect(Attributes).toContainEqual({ Key: DELAY, Value: '0' });
      },
    },
    refuses: {
      'when the group is not there': {
        input: { TargetGroupArn: NOWHERE, Attributes: [{ Key: DELAY, Value: '0' }] },
        error: NO_GROUP,
      },
      'for an attribute that the sandbox cannot change': {
        input: {
          TargetGroupArn: ARNS.blue,
          Attributes: [{ Key: 'stickiness.enabled', Value: 'true' }],
        },
        error: invalid(
          'Target group attribute stickiness.enabled=true is not implemented by the sandbox',
        ),
      },
    },
  },
  DeleteTargetGroup: {
    command: DeleteTargetGroupCommand,
    works: {
      'deletes one that no rule names, and takes one that is gone for done': async ({ elb }) => {
        await elb.send(new DeleteTargetGroupCommand({ TargetGroupArn: ARNS.spare }));
        await elb.send(new DeleteTargetGroupCommand({ TargetGroupArn: ARNS.spare }));
        const { TargetGroups } = await elb.send(new DescribeTargetGroupsCommand());
        expect(TargetGroups).toHaveLength(2);
      },
    },
    refuses: {
      'while a rule names it': {
        input: { TargetGroupArn: ARNS.blue },
        error: [
          'ResourceInUseException',
          `Target group '${ARNS.blue}' is currently in use by a listener or a rule`,
        ],
      },
    },
  },
};

const TARGETS: Proofs = {
  RegisterTargets: {
    command: RegisterTargetsCommand,
    works: {
      'makes a target initial, and unhealthy when it does not answer': async (scene) => {
        await register(scene, ARNS.blue);
        const registered = await healthOf(scene, ARNS.blue);
        scene.pass(10);

        expect(registered).toEqual(
          health('initial', 'Elb.RegistrationInProgress', 'Target registration is in progress'),
        );
        expect(await healthOf(scene, ARNS.blue)).toEqual(
          health('unhealthy', 'Target.FailedHealthChecks', 'Health checks failed'),
        );
      },
    },
    refuses: {
      'when the group is not there': {
        input: { TargetGroupArn: NOWHERE, Targets: [{ Id: ADDRESS }] },
        error: NO_GROUP,
      },
      'for what is no address': {
        input: { TargetGroupArn: ARNS.blue, Targets: [{ Id: 'i-0123456789' }] },
        error: [
          'InvalidTargetException',
          "The IP address 'i-0123456789' is not a valid IPv4 address",
        ],
      },
    },
  },
  DeregisterTargets: {
    command: DeregisterTargetsCommand,
    works: {
      'drains a target for the whole delay': async (scene) => {
        await register(scene, ARNS.blue);
        await scene.elb.send(
          new DeregisterTargetsCommand({ TargetGroupArn: ARNS.blue, Targets: [{ Id: ADDRESS }] }),
        );
        scene.pass(295);
        const draining = await healthOf(scene, ARNS.blue);
        scene.pass(5);

        expect(draining).toEqual(
          health(
            'draining',
            'Target.DeregistrationInProgress',
            'Target deregistration is in progress',
          ),
        );
        expect(await healthOf(scene, ARNS.blue)).toEqual([]);
      },
      'takes one that is not registered for done': async ({ elb }) => {
        const input = { TargetGroupArn: ARNS.blue, Targets: [{ Id: ADDRESS }] };
        expect(await elb.send(new DeregisterTargetsCommand(input))).toMatchObject({});
      },
    },
    refuses: {
      'when the group is not there': {
        input: { TargetGroupArn: NOWHERE, Targets: [{ Id: ADDRESS }] },
        error: NO_GROUP,
      },
    },
  },
  DescribeTargetHealth: {
    command: DescribeTargetHealthCommand,
    works: {
      'gives no reason for a healthy target': async (scene) => {
        await scene.createTaskSet();
        scene.pass(60);
        const [first, second] = (await healthOf(scene, ARNS.green)) ?? [];

        for (const target of [first, second]) {
          expect(target).toEqual({
            Target: { Id: expect.stringMatching(/^127\./), Port: 8080 },
            HealthCheckPort: '8080',
            TargetHealth: { State: 'healthy' },
          });
        }
      },
      'says of an unknown target that it is not registered': async (scene) => {
        expect(await healthOf(scene, ARNS.blue, [ADDRESS])).toEqual(
          health('unused', 'Target.NotRegistered', 'Target is not registered to the target group'),
        );
      },
      'says of a group without a rule that it is not in use': async (scene) => {
        await register(scene, ARNS.spare);
        scene.pass(30);
        expect(await healthOf(scene, ARNS.spare)).toEqual(
          health(
            'unused',
            'Target.NotInUse',
            'Target group is not configured to receive traffic from the load balancer',
          ),
        );
      },
    },
    refuses: {
      'when the group is not there': { input: { TargetGroupArn: NOWHERE }, error: NO_GROUP },
    },
  },
};

const TAG = { Key: 'k', Value: '<v> & "w"' };
const addTags = async ({ elb }: Scene, ResourceArns: string[]) =>
  elb.send(new AddTagsCommand({ ResourceArns, Tags: [TAG] }));
const tagsOf = async ({ elb }: Scene, ResourceArns: string[]) =>
  (await elb.send(new DescribeTagsCommand({ ResourceArns }))).TagDescriptions;

const TAGS: Proofs = {
  AddTags: {
    command: AddTagsCommand,
    works: {
      'adds tags to all four kinds of resource': async (scene) => {
        const arns = [ARNS.loadBalancer, ARNS.listener, ARNS.blueRule, ARNS.blue];
        await addTags(scene, arns);
        expect(await tagsOf(scene, arns)).toEqual(
          arns.map((ResourceArn) => ({ ResourceArn, Tags: [TAG] })),
        );
      },
    },
    refuses: {
      'with a tag twice': {
        input: { ResourceArns: [ARNS.blue], Tags: [TAG, TAG] },
        error: ['DuplicateTagKeysException', "Tag key 'k' was provided multiple times"],
      },
      'with more than 50 tags': {
        input: {
          ResourceArns: [ARNS.blue],
          Tags: Array.from({ length: 51 }, (_, index) => ({ Key: `k${index}`, Value: '' })),
        },
        error: ['TooManyTagsException', "A resource can have at most '50' tags"],
      },
      'when a resource is not there': {
        input: { ResourceArns: [NOWHERE], Tags: [TAG] },
        error: NO_GROUP,
      },
    },
  },
  DescribeTags: {
    command: DescribeTagsCommand,
    works: {
      'shows none where there are none': async (scene) => {
        expect(await tagsOf(scene, [ARNS.blue])).toEqual([{ ResourceArn: ARNS.blue, Tags: [] }]);
      },
    },
    refuses: {
      'when a resource is not there': { input: { ResourceArns: [NOWHERE] }, error: NO_GROUP },
      'for what is no ARN of load balancing': {
        input: { ResourceArns: [ARNS.cluster] },
        error: invalid(`'${ARNS.cluster}' is not a valid load balancer ARN`),
      },
    },
  },
  RemoveTags: {
    command: RemoveTagsCommand,
    works: {
      'removes tags, also those that are not there': async (scene) => {
        await addTags(scene, [ARNS.blue]);
        await scene.elb.send(
          new RemoveTagsCommand({ ResourceArns: [ARNS.blue], TagKeys: ['k', 'l'] }),
        );
        expect(await tagsOf(scene, [ARNS.blue])).toMatchObject([{ Tags: [] }]);
      },
    },
    refuses: {
      'when a resource is not there': {
        input: { ResourceArns: [NOWHERE], TagKeys: ['k'] },
        error: NO_GROUP,
      },
    },
  },
};

export const TARGET_GROUP_PROOFS: Proofs = { ...GROUPS, ...TARGETS, ...TAGS };
