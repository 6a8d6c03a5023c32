import type { Rule } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Color } from '../../../src/deploy/model.ts';
import { CONFIG_SHA, HELLO, SECRET } from '../engine/hello.ts';
import type { Status } from './status.ts';

/** Each colour's rule. */
export type Rules = Readonly<Record<Color, { readonly arn: string; readonly priority: number }>>;

/** A rule belongs to the colour that its last action names; undefined when one of them has none. */
export function rulesOf(rules: readonly Rule[]): Rules | undefined {
  const { blue, green } = HELLO.environment.targetGroupArns;
  const of = (arn: string) => rules.find(({ Actions }) => Actions?.at(-1)?.TargetGroupArn === arn);
  const [b, g] = [of(blue), of(green)];
  return b && g && { blue: numbered(b), green: numbered(g) };
}

function numbered({ Priority, RuleArn }: Rule): Rules[Color] {
  return { arn: RuleArn ?? '', priority: Number(Priority) };
}

export function activeColorOf({ blue, green }: Rules): Color {
  return green.priority < blue.priority ? 'green' : 'blue';
}

/** What the old tool registers for an artifact. */
export function taskDefinitionOf(artifact: Status['Artifact']) {
  const { accountId, cpu, executionRoleArn, family, memory, region } = HELLO.environment;
  return {
    family,
    cpu,
    memory,
    executionRoleArn,
    requiresCompatibilities: ['FARGATE'],
    networkMode: 'awsvpc',
    containerDefinitions: [
      {
        name: 'hello',
        image: `${accountId}.dkr.ecr.${region}.amazonaws.com/${artifact.Value}`,
        memoryReservation: 256,
        portMappings: [{ containerPort: 8080, protocol: 'tcp' }],
        environment: [{ name: 'PASSWORD', value: SECRET }],
      },
    ],
    tags: tagsOf(artifact),
  };
}

/** A task set without a client token and without an external id. */
export function taskSetOf(taskDefinition: string, color: Color, artifact: Status['Artifact']) {
  const { securityGroups, subnets, targetGroupArns } = HELLO.environment;
  const targetGroupArn = targetGroupArns[color];
  return {
    taskDefinition,
    launchType: 'FARGATE',
    scale: { value: 100, unit: 'PERCENT' },
    loadBalancers: [{ targetGroupArn, containerName: 'hello', containerPort: 8080 }],
    networkConfiguration: { awsvpcConfiguration: { subnets, securityGroups } },
    tags: tagsOf(artifact),
  };
}

function tagsOf({ BuildNumber }: Status['Artifact']) {
  return [
    { key: 'config-sha', value: CONFIG_SHA },
    { key: 'artifact-build-number', value: String(BuildNumber) },
  ];
}
