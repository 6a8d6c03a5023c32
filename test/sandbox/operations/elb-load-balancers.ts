/** Proofs of load balancing's operations on load balancers and listeners. */
import { expect } from '@jest/globals';
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  DeleteListenerCommand,
  DeleteLoadBalancerCommand,
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeRulesCommand,
  ModifyListenerCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import {
  FIXED,
  forwarding,
  forwardTo,
  invalid,
  NO_BALANCER,
  NO_GROUP,
  NO_LISTENER,
  NOWHERE,
  rulesOf,
} from './elb-words.ts';
import type { Proofs } from './proofs.ts';
import { ARNS, START } from './scene.ts';

export const LOAD_BALANCER_PROOFS: Proofs = {
  CreateLoadBalancer: {
    command: CreateLoadBalancerCommand,
    works: {
      'creates one that is active at once, and only returns the one that is there': async ({
        elb,
      }) => {
        const input = {
          Name: 'new',
          Subnets: ['subnet-1', 'subnet-2'],
          SecurityGroups: ['sg-1'],
          Tags: [{ Key: 'k', Value: 'v' }],
        };
        const { LoadBalancers } = await elb.send(new CreateLoadBalancerCommand(input));
        const again = await elb.send(new CreateLoadBalancerCommand(input));

        expect(LoadBalancers).toEqual([
          {
            LoadBalancerArn: expect.stringMatching(/:loadbalancer\/app\/new\/[0-9a-z]{16}$/),
            LoadBalancerName: 'new',
            DNSName: expect.stringMatching(/^new-\d+\.us-east-1\.elb\.amazonaws\.com$/),
            CreatedTime: START,
            Scheme: 'internet-facing',
            State: { Code: 'active' },
            Type: 'application',
            VpcId: expect.stringMatching(/^vpc-/),
            AvailabilityZones: [
              { ZoneName: 'us-east-1a', SubnetId: 'subnet-1', LoadBalancerAddresses: [] },
              { ZoneName: 'us-east-1b', SubnetId: 'subnet-2', LoadBalancerAddresses: [] },
            ],
            SecurityGroups: ['sg-1'],
            IpAddressType: 'ipv4',
          },
        ]);
        expect(again.LoadBalancers).toEqual(LoadBalancers);
      },
    },
    refuses: {
      'when another one has the name': {
        input: { Name: 'web', Subnets: ['subnet-1', 'subnet-2'] },
        error: [
          'DuplicateLoadBalancerNameException',
          "A load balancer with the same name 'web' exists, but with different settings",
        ],
      },
      'with a tag twice': {
        input: {
          Name: 'new',
          Subnets: ['subnet-1', 'subnet-2'],
          Tags: [{ Key: 'k' }, { Key: 'k' }],
        },
        error: ['DuplicateTagKeysException', "Tag key 'k' was provided multiple times"],
      },
      'with one subnet': {
        input: { Name: 'new', Subnets: ['subnet-1'] },
        error: invalid(
          'At least two subnets in two different Availability Zones must be specified',
        ),
      },
    },
  },
  DescribeLoadBalancers: {
    command: DescribeLoadBalancersCommand,
    works: {
      'finds them by name and by ARN, and lists all': async ({ elb }) => {
        for (const input of [{ Names: ['web'] }, { LoadBalancerArns: [ARNS.loadBalancer] }, {}]) {
          const { LoadBalancers } = await elb.send(new DescribeLoadBalancersCommand(input));
          expect(LoadBalancers).toMatchObject([{ LoadBalancerName: 'web' }]);
        }
      },
    },
    refuses: {
      'when one is not there': {
        input: { Names: ['web', 'nothing'] },
        error: ['LoadBalancerNotFoundException', "Load balancers '[nothing]' not found"],
      },
    },
  },
  DeleteLoadBalancer: {
    command: DeleteLoadBalancerCommand,
    works: {
      'takes its listeners and rules along, and leaves the target groups unused': async (scene) => {
        const input = { LoadBalancerArn: ARNS.loadBalancer };
        await scene.elb.send(new DeleteLoadBalancerCommand(input));
        await scene.elb.send(new DeleteLoadBalancerCommand(input));
        const { LoadBalancers } = await scene.elb.send(new DescribeLoadBalancersCommand());

        expect(LoadBalancers).toEqual([]);
        await expect(rulesOf(scene)).rejects.toMatchObject({ name: NO_LISTENER[0] });
      },
    },
    refuses: {
      'when none is named': { input: {}, error: invalid('LoadBalancerArn must be specified') },
    },
    nothingDeclared: 'AWS documents that one that is gone is no error, and protects none here.',
  },
  CreateListener: {
    command: CreateListenerCommand,
    works: {
      'creates a listener with a default rule': async ({ elb }) => {
        const { Listeners } = await elb.send(
          new CreateListenerCommand({
            LoadBalancerArn: ARNS.loadBalancer,
            Protocol: 'HTTP',
            Port: 8080,
            DefaultActions: [FIXED],
          }),
        );
        const ListenerArn = Listeners![0]!.ListenerArn;
        const { Rules } = await elb.send(new DescribeRulesCommand({ ListenerArn }));

        expect(Listeners).toEqual([
          {
            ListenerArn: expect.stringMatching(/:listener\/app\/web\/1\/[0-9a-z]{16}$/),
            LoadBalancerArn: ARNS.loadBalancer,
            Port: 8080,
            Protocol: 'HTTP',
            DefaultActions: [{ ...FIXED, Order: 1 }],
          },
        ]);
        expect(Rules).toMatchObject([{ Priority: 'default', Actions: [FIXED] }]);
      },
    },
    refuses: {
      'for a load balancer that is not there': {
        input: {
          LoadBalancerArn: NOWHERE.loadBalancer,
          Protocol: 'HTTP',
          Port: 8080,
          DefaultActions: [FIXED],
        },
        error: NO_BALANCER,
      },
      'on a port that has one': {
        input: {
          LoadBalancerArn: ARNS.loadBalancer,
          Protocol: 'HTTP',
          Port: 80,
          DefaultActions: [forwardTo(ARNS.blue)],
        },
        error: [
          'DuplicateListenerException',
          `A listener already exists on this port for this load balancer '${ARNS.loadBalancer}'`,
        ],
      },
      'for a target group that is not there': {
        input: {
          LoadBalancerArn: ARNS.loadBalancer,
          Protocol: 'HTTP',
          Port: 8080,
          DefaultActions: [forwardTo(NOWHERE.group)],
        },
        error: NO_GROUP,
      },
      'for HTTPS, which the sandbox has not': {
        input: {
          LoadBalancerArn: ARNS.loadBalancer,
          Protocol: 'HTTPS',
          Port: 443,
          DefaultActions: [FIXED],
        },
        error: invalid('Protocol=HTTPS is not implemented by the sandbox'),
      },
    },
  },
  DescribeListeners: {
    command: DescribeListenersCommand,
    works: {
      'finds them by load balancer and by ARN': async ({ elb }) => {
        const inputs = [{ LoadBalancerArn: ARNS.loadBalancer }, { ListenerArns: [ARNS.listener] }];
        for (const input of inputs) {
          const { Listeners } = await elb.send(new DescribeListenersCommand(input));
          expect(Listeners).toMatchObject([{ ListenerArn: ARNS.listener, Port: 80 }]);
        }
      },
    },
    refuses: {
      'for a load balancer that is not there': {
        input: { LoadBalancerArn: NOWHERE.loadBalancer },
        error: NO_BALANCER,
      },
      'when one is not there': {
        input: { ListenerArns: [NOWHERE.listener] },
        error: NO_LISTENER,
      },
      'without either': {
        input: {},
        error: invalid('You must specify either listener ARNs or a load balancer ARN'),
      },
    },
  },
  ModifyListener: {
    command: ModifyListenerCommand,
    works: {
      'changes the default rule': async (scene) => {
        const { Listeners } = await scene.elb.send(
          new ModifyListenerCommand({
            ListenerArn: ARNS.listener,
            DefaultActions: [forwardTo(ARNS.spare)],
          }),
        );

        expect(Listeners?.[0]?.DefaultActions).toEqual([forwarding(ARNS.spare)]);
        expect((await rulesOf(scene)).at(-1)?.Actions).toEqual([forwarding(ARNS.spare)]);
      },
    },
    refuses: {
      'when it is not there': {
        input: { ListenerArn: NOWHERE.listener, DefaultActions: [FIXED] },
        error: NO_LISTENER,
      },
      'for a target group that is not there': {
        input: { ListenerArn: ARNS.listener, DefaultActions: [forwardTo(NOWHERE.group)] },
        error: NO_GROUP,
      },
      'for a redirect to itself': {
        input: {
          ListenerArn: ARNS.listener,
          DefaultActions: [{ Type: 'redirect', RedirectConfig: { StatusCode: 'HTTP_301' } }],
        },
        error: [
          'InvalidLoadBalancerActionException',
          'The redirect configuration is not valid because it creates a loop.',
        ],
      },
    },
  },
  DeleteListener: {
    command: DeleteListenerCommand,
    works: {
      'takes its rules along': async (scene) => {
        await scene.elb.send(new DeleteListenerCommand({ ListenerArn: ARNS.listener }));
        await expect(rulesOf(scene)).rejects.toMatchObject({ name: NO_LISTENER[0] });
      },
    },
    refuses: {
      'when it is not there': { input: { ListenerArn: NOWHERE.listener }, error: NO_LISTENER },
    },
  },
};
