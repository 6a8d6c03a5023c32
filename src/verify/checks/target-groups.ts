import { servingContainer } from '../../config/container-definitions.ts';
import type { Color } from '../../deploy/model.ts';
import type { Check } from '../check.ts';
import type { Facts } from '../facts.ts';
import { type Finding, ok, problem, warning } from '../finding.ts';
import type { TargetGroup } from '../ports.ts';
import { all, lookedAt } from '../unread.ts';

const COLORS: readonly Color[] = ['blue', 'green'];

/** Both target groups take the tasks' addresses, check their health as meant, and do it alike. */
export const targetGroups: Check = {
  name: 'target-groups',
  title: 'Target groups',
  reads: [
    'elasticloadbalancing:DescribeTargetGroups',
    'elasticloadbalancing:DescribeTargetGroupAttributes',
    'ec2:DescribeSubnets',
  ],
  run: (facts) =>
    all([
      ...COLORS.map((color) => lookedAt(`${color} target group`, () => targetGroup(facts, color))),
      ...COLORS.map((color) => vpc(facts, color)),
      alike(facts),
    ]),
};

async function targetGroup(facts: Facts, color: Color): Promise<readonly Finding[]> {
  const subject = `${color} target group`;
  const arn = facts.request.environment.targetGroupArns[color];
  const [group, delay] = await Promise.all([
    facts.targetGroup(color),
    lookedAt(`deregistration delay of ${color}`, () => deregistration(facts, color)),
  ]);
  if (!group) {
    return [
      problem(subject, `${arn} does not exist`, {
        hint: `Create it, or correct TargetGroupARNs.${color}.`,
      }),
    ];
  }
  const problems = [...whatItTakes(subject, group), ...health(subject, group, facts)];
  return [
    ...(problems.some(({ verdict }) => verdict === 'problem')
      ? []
      : [
          ok(subject, `${group.name} takes addresses over ${group.protocol}; ${healthText(group)}`),
        ]),
    ...problems,
    ...delay,
  ];
}

function whatItTakes(subject: string, group: TargetGroup): Finding[] {
  const { targetType, protocol, loadBalancerArns } = group;
  return [
    ...(targetType === 'ip'
      ? []
      : [
          problem(subject, `takes targets of type ${targetType}; tasks on Fargate need ip`, {
            hint: 'The type of a target group cannot be changed: create another one.',
          }),
        ]),
    ...(protocol === 'HTTP' || protocol === 'HTTPS'
      ? []
      : [problem(subject, `speaks ${protocol}; listener rules need HTTP or HTTPS`)]),
    ...(loadBalancerArns.length > 0
      ? []
      : [
          problem(subject, 'belongs to no load balancer: no rule forwards to it', {
            hint: 'ECS refuses a task set on such a group.',
          }),
        ]),
  ];
}

function health(subject: string, { healthCheck }: TargetGroup, facts: Facts): Finding[] {
  const { isEnabled, port, intervalSeconds, timeoutSeconds } = healthCheck;
  const { rolloutMs } = facts.request.environment.timeouts;
  const containerPort = servingContainer(
    facts.request.app.containerDefinitionTemplates,
  )?.containerPort;
  return [
    ...(isEnabled
      ? []
      : [
          problem(subject, 'checks no health: its targets never become healthy', {
            hint: 'Turn its health checks on.',
          }),
        ]),
    ...(port === undefined || containerPort === undefined || port === containerPort
      ? []
      : [
          warning(
            subject,
            `checks health on port ${port}, but the container's port is ${containerPort}`,
            { hint: 'Fine if something else of the task answers there.' },
          ),
        ]),
    ...((intervalSeconds + timeoutSeconds) * 1000 < rolloutMs
      ? []
      : [
          problem(
            subject,
            `checks every ${intervalSeconds} s, but a rollout may take ${rolloutMs / 1000} s in all`,
            { hint: 'Check more often, or raise Timeouts.' },
          ),
        ]),
  ];
}

/**
 * A new target needs one good answer; the threshold is for one that was sick.
 * @see Health checks for Application Load Balancer target groups, User Guide
 */
function healthText({ healthCheck }: TargetGroup): string {
  const { protocol, path, port, matcher, intervalSeconds, unhealthyThreshold } = healthCheck;
  const what = path === undefined ? protocol : `${path}${matcher ? ` (${matcher})` : ''}`;
  const where = port === undefined ? '' : ` on port ${port}`;
  return `${what}${where} every ${intervalSeconds} s, so healthy within ${intervalSeconds} s of answering, unhealthy after ${unhealthyThreshold * intervalSeconds} s`;
}

const LONG_DELAY_SECONDS = 300;

async function deregistration(facts: Facts, color: Color): Promise<readonly Finding[]> {
  const group = await facts.targetGroup(color);
  if (!group) return [];
  const seconds = await facts.ports.targetGroups.deregistrationDelaySeconds(group.arn);
  const { removalMs } = facts.request.environment.timeouts;
  const subject = `deregistration delay of ${color}`;
  if (seconds * 1000 >= removalMs) {
    return [
      problem(subject, `is ${seconds} s, but a removal may take ${removalMs / 1000} s in all`, {
        hint: 'A deploy would give up on the old task set while it drains. Shorten the delay, or raise Timeouts.',
      }),
    ];
  }
  const hint =
    seconds >= LONG_DELAY_SECONDS
      ? { hint: 'So long does each deploy wait for an old task set to go.' }
      : {};
  return [ok(subject, `${seconds} s`, hint)];
}

/** The load balancer reaches tasks of its own VPC only. */
function vpc(facts: Facts, color: Color): Promise<readonly Finding[]> {
  return lookedAt(`VPC of the ${color} target group`, async () => {
    const [group, subnets] = await Promise.all([facts.targetGroup(color), facts.subnets()]);
    const [subnet] = subnets;
    if (!group || !subnet || group.vpcId === subnet.vpcId) return [];
    return problem(
      `${color} target group`,
      `is in ${group.vpcId}, but the subnets are in ${subnet.vpcId}`,
      { hint: 'Its load balancer could not reach the tasks.' },
    );
  });
}

/** A version that is healthy on one colour is on the other. */
async function alike(facts: Facts): Promise<readonly Finding[]> {
  const found = await Promise.all(
    COLORS.map((color) => facts.targetGroup(color).catch(() => undefined)),
  );
  const [blue, green] = found;
  if (!blue || !green) return []; // Told of above.
  const differing = Object.entries(blue.healthCheck).filter(
    ([name, value]) => green.healthCheck[name as keyof TargetGroup['healthCheck']] !== value,
  );
  if (differing.length === 0) return [];
  const names = differing.map(([name]) => name).join(', ');
  return [
    warning('target groups', `check health differently: ${names}`, {
      hint: 'What is healthy on one colour may not be on the other.',
    }),
  ];
}
