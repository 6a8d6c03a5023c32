import * as z from 'zod/mini';
import { containerDefinitionSchema } from './container-definitions.ts';
import { credentialsSchema } from './credentials-schema.ts';
import { about, optionalText, seconds, text } from './schema-parts.ts';

/**
 * What a config file may say: names in the spelling of the files in use, kinds, descriptions.
 * `deploy-config.schema.json` is generated from it. An error text here says what is expected, to be
 * read after what was found; rules that look at two values at once are in rules.ts.
 */

/** A key with a meaning in a later version. Ignoring it would deploy without what it asks for. */
function reserved(what: string) {
  const schema = z.never(`but this version can't do that yet (${what}); take the key out`);
  return z.optional(about(schema, `Reserved for a later version: ${what}.`));
}

const ROLE = /^arn:[\w-]+:iam::\d{12}:role\/.+$|^[\w+=,.@-]{1,64}$/;
const REGION = /^[a-z]{2,}(-[a-z]+)+-\d+$/;
const ACCOUNT_ID = /^\d{12}$/;
const LISTENER = /^arn:[\w-]+:elasticloadbalancing:[\w-]+:\d{12}:listener\/app\/.+$/;
const TARGET_GROUP = /^arn:[\w-]+:elasticloadbalancing:[\w-]+:\d{12}:targetgroup\/.+$/;

const accountId = () => text('an account id: 12 digits in quotes', ACCOUNT_ID);
const region = () => text('a region such as "us-east-1"', REGION);
const targetGroup = () => text("a target group's ARN", TARGET_GROUP);
const targetGroupOf = (color: string) =>
  `arn:aws:elasticloadbalancing:us-east-1:111122223333:targetgroup/hello-${color}/73e2d6bc24d8a067`;
const tableName = () => optionalText('a DynamoDB table name', /^[\w.-]{3,255}$/);

const command = z.object(
  {
    Program: about(text('a program to run'), 'A program in PATH, or a path to it.', 'task-queue'),
    Arguments: z.optional(
      about(
        z.array(z.string('expected a string'), 'expected a list of strings'),
        'Arguments; each is a template and reaches the program as it is, with no shell between.',
        ['-env', '{{.Environment}}', 'stop'],
      ),
    ),
  },
  'expected an object with Program and Arguments',
);

const timeouts = z.strictObject(
  {
    RolloutSeconds: about(
      seconds(1, 86_400),
      'How long the new task set may take to become steady and healthy. Default 900.',
      900,
    ),
    RemovalSeconds: about(
      seconds(1, 86_400),
      'How long the removal of stale task sets may take. Default 900.',
      900,
    ),
    CommandSeconds: about(
      seconds(1, 86_400),
      'How long one pre- or post-deploy command may run. Default 300.',
      300,
    ),
  },
  'expected an object such as {"RolloutSeconds": 900}',
);

const monitor = z.strictObject(
  {
    BakeSeconds: about(
      seconds(0, 86_400),
      'How long the new version is watched after the swap, with the old one ready. Default 0.',
      300,
    ),
  },
  'expected an object such as {"BakeSeconds": 300}',
);

const network = {
  SecurityGroups: z.optional(
    about(
      z.array(text('a security group id', /^sg-[\w-]+$/), 'expected a list of security group ids'),
      'Security groups of the tasks. Without any, the VPC’s default one applies.',
      ['sg-0123456789abcdef0'],
    ),
  ),
  Subnets: about(
    z
      .array(text('a subnet id', /^subnet-[\w-]+$/), 'expected a list of subnet ids')
      .check(z.minLength(1, 'expected at least one subnet id')),
    'Subnets of the tasks.',
    ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1'],
  ),
  AssignPublicIp: z.optional(
    about(
      z.boolean('expected true or false'),
      'Gives tasks a public address. Default false.',
      true,
    ),
  ),
  ListenerARN: about(
    text("an application load balancer's listener ARN", LISTENER),
    'The listener whose two rules send traffic to blue and green.',
    'arn:aws:elasticloadbalancing:us-east-1:111122223333:listener/app/hello/50dc6c495c0c9188/f2f7dc8efc522ab2',
  ),
  TargetGroupARNs: about(
    z.object(
      {
        blue: about(targetGroup(), "The ARN of one colour's target group.", targetGroupOf('blue')),
        green: about(targetGroup(), "The ARN of the other one's.", targetGroupOf('green')),
      },
      'expected {"blue": …, "green": …}',
    ),
    'The target groups of the two colours. Which one serves changes with every deploy.',
    { blue: targetGroupOf('blue'), green: targetGroupOf('green') },
  ),
};

const environment = z.object(
  {
    RequiresPreviousEnvDeploy: about(
      z.optional(z.string('expected the name of another environment')),
      'An environment that the same artifact and config must have been deployed to before.',
      'dev',
    ),
    Gate: about(
      z.optional(z.enum(['sha', 'content'], 'expected "sha" or "content"')),
      "What has to be the same as there: sha (default), the config's commit; content, what the config says about this app, so that other commits don't count.",
      'content',
    ),
    PinDigest: z.optional(
      about(
        z.boolean('expected true or false'),
        'Whether images in ECR are named by their digest in the task definition, so that a tag that moves changes nothing. Default true. Said explicitly, a digest that cannot be read is refused; otherwise it is a warning.',
        true,
      ),
    ),
    AccountID: about(accountId(), 'The account to deploy to.', '111122223333'),
    Region: about(region(), 'The region to deploy to.', 'us-east-1'),
    CPU: about(
      z.union(
        [text('CPU units', /^\d+$|^[\d.]+ ?vcpu$/i), z.int().check(z.gte(1))],
        'expected CPU units such as "512", or "0.5 vCPU"',
      ),
      'CPU of a task.',
      '512',
    ),
    Memory: about(
      z.union(
        [text('MiB', /^\d+$|^[\d.]+ ?gb$/i), z.int().check(z.gte(1))],
        'expected MiB such as "1024", or "1 GB"',
      ),
      'Memory of a task.',
      '1024',
    ),
    ExecutionRoleARN: about(
      text("a role's ARN", ROLE),
      'The role with which ECS pulls images, reads secrets and writes logs.',
      'arn:aws:iam::111122223333:role/hello-execution',
    ),
    TaskRoleARN: about(
      optionalText("a role's ARN", ROLE),
      'The role of the program in the containers.',
      'arn:aws:iam::111122223333:role/hello-task',
    ),
    Family: about(
      text('a task definition family', /^[\w-]{1,255}$/),
      'The task definition family.',
      'hello-dev',
    ),
    Service: about(
      optionalText("a service's name", /^[\w-]{1,255}$/),
      'The ECS service. Default: the same as Family.',
      'hello',
    ),
    Cluster: about(text("a cluster's name or ARN"), 'The ECS cluster.', 'hello-dev'),
    ...network,
    Timeouts: z.optional(about(timeouts, 'Deadlines.', { RolloutSeconds: 1800 })),
    Monitor: z.optional(about(monitor, 'What is watched after the swap.', { BakeSeconds: 300 })),
    OnFailure: reserved('what a failed deploy does; it is held for -resume or -start-over'),
    Verify: reserved('checks before users see the new version'),
    DesiredCountZero: reserved('deploying to a service with no tasks'),
  },
  'expected an object with the settings of one environment',
);

/** Made anew for each key: a description belongs to one schema. */
const commands = () =>
  z.optional(z.array(command, 'expected a list of {"Program": …, "Arguments": […]}'));

const app = z.object(
  {
    ArtifactDBProjectName: about(
      text('the name of a project in ArtifactDB'),
      'The project of this app in ArtifactDB.',
      'hello',
    ),
    ContainerDefinitionTemplates: about(
      z.array(containerDefinitionSchema, 'expected a list of container definitions'),
      "ECS container definitions; any string may be a template. The first one's port serves.",
      [{ name: 'hello', image: '{{.Artifact.Value}}', portMappings: [{ containerPort: 8080 }] }],
    ),
    PreDeployCommandTemplates: about(
      commands(),
      'Commands to run before anything is changed, in their order.',
      [{ Program: 'task-queue', Arguments: ['-env', '{{.Environment}}', 'stop'] }],
    ),
    PostDeployCommandTemplates: about(
      commands(),
      'Commands to run after a deploy or a rollback; these may use {{.TaskDefinition}}.',
      [{ Program: 'task-queue', Arguments: ['-allow-only', '{{.TaskDefinition}}', 'start'] }],
    ),
    Environments: about(
      z.record(z.string(), environment, 'expected an object of environments by name'),
      'The environments, by name.',
      { dev: { AccountID: '111122223333', Region: 'us-east-1' } },
    ),
    VerifyCommandTemplates: reserved('commands that verify the new version'),
    Strategy: reserved('other ways to deploy than blue/green'),
  },
  'expected an object with the settings of one app',
);

const lock = z.strictObject(
  {
    LeaseSeconds: about(
      seconds(3, 600),
      'After so much silence of its holder a lock may be taken over. Default 10.',
      10,
    ),
    HeartbeatSeconds: about(
      seconds(1, 200),
      'How often a holder renews its lease; at most a third of it. Default 1.',
      1,
    ),
  },
  'expected an object such as {"LeaseSeconds": 10}',
);

/** The whole file. */
export const configSchema = about(
  z.object(
    {
      $schema: about(
        z.optional(z.string('expected the address of a JSON Schema')),
        'The JSON Schema with which an editor checks the file.',
        './node_modules/ecs-deploy/deploy-config.schema.json',
      ),
      ConfigAccountID: about(
        accountId(),
        'The account with the lock table and ArtifactDB.',
        '111122223333',
      ),
      ConfigRegion: about(region(), 'The region of both tables.', 'us-east-1'),
      LockTable: about(tableName(), 'The table of deploy locks.', 'DeployLock'),
      Lock: z.optional(
        about(lock, 'For how long a lock is held, and how often it is renewed.', {
          LeaseSeconds: 10,
          HeartbeatSeconds: 1,
        }),
      ),
      ArtifactDBTable: about(tableName(), 'The table of artifacts.', 'ArtifactDB'),
      Credentials: z.optional(
        about(credentialsSchema, 'Where AWS credentials come from.', {
          Provider: 'assume-role',
          RoleArn: 'arn:aws:iam::{{.Account}}:role/deployer',
        }),
      ),
      Apps: about(
        z.record(z.string(), app, 'expected an object of apps by name'),
        'The apps, by name.',
        { hello: { ArtifactDBProjectName: 'hello' } },
      ),
    },
    'expected an object',
  ),
  'What ecs-deploy deploys, and where to. Keys are accepted in any case.',
);

export type ConfigFile = z.infer<typeof configSchema>;
export type AppFile = ConfigFile['Apps'][string];
export type EnvironmentFile = AppFile['Environments'][string];
