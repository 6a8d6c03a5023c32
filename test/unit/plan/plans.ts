import type { JsonObject } from '../../../src/config/json.ts';
import type { DeployPlan } from '../../../src/deploy/plan.ts';

const GROUP = 'arn:aws:elasticloadbalancing:us-east-1:111111111111:targetgroup';

/** A plan for one container; each test says only what differs. */
export function planOf(changes: Partial<DeployPlan> = {}): DeployPlan {
  return {
    app: 'hello',
    environment: 'dev',
    lockKey: 'hello-dev',
    artifactDbProjectName: 'hello',
    artifact: { value: 'hello:v2', buildNumber: 2, tags: { SHA: 'bbbb2222' } },
    configSha: 'cfg00001',
    contentIdentity: 'content.0123456789abcdef',
    listenerArn: 'arn:aws:elasticloadbalancing:us-east-1:111111111111:listener/app/hello/1/2',
    targetGroupArns: { blue: `${GROUP}/blue/1`, green: `${GROUP}/green/2` },
    family: 'hello-dev',
    cpu: '256',
    memory: '512',
    executionRoleArn: 'arn:aws:iam::111111111111:role/ecs-execution',
    containerDefinitions: [container()],
    imageDigests: {},
    references: [],
    container: { name: 'hello', containerPort: 8080 },
    subnets: ['subnet-1', 'subnet-2'],
    securityGroups: ['sg-1'],
    assignPublicIp: false,
    preDeployCommands: [],
    postDeployCommands: () => [],
    commandsSkipped: false,
    timeouts: { rolloutMs: 900_000, removalMs: 900_000, commandMs: 300_000 },
    bakeMs: 0,
    ...changes,
  };
}

/** The plan's container as it stands in a config. */
export function container(changes: JsonObject = {}): JsonObject {
  return {
    name: 'hello',
    image: 'hello:v2',
    portMappings: [{ containerPort: 8080 }],
    environment: [
      { name: 'LOG_LEVEL', value: 'info' },
      { name: 'DB_PASSWORD', value: 'hunter2' },
    ],
    ...changes,
  };
}
