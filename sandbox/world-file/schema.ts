import { z } from 'zod';
import { ACCOUNT_ID, SOME_SETTINGS } from '../wire/settings-schema.ts';
import type { Holdings, WorldFile } from './world-file.ts';

const name = z.string().min(1);
const seconds = z.int().min(0);
const arn = z.string().regex(/^arn:/, { error: 'must be an ARN' });
const region = z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, { error: 'must be a Region' });
const key = z.strictObject({ name, type: z.enum(['B', 'N', 'S']) });

const service = z.strictObject({
  cluster: name,
  name,
  desiredCount: z.int().min(0),
  healthCheckGracePeriodSeconds: seconds.optional(),
});

const repository = z.strictObject({
  name,
  immutable: z.boolean().optional(),
  images: z
    .array(
      z.strictObject({
        tags: z.array(name).min(1),
        command: z.array(z.string()).min(1),
        environment: z.record(z.string(), z.string()).optional(),
        architectures: z.array(name).min(1).optional(),
      }),
    )
    .optional(),
});

const targetGroup = z.strictObject({
  name,
  arn: arn.optional(),
  port: z.int(),
  vpc: name.optional(),
  healthCheck: z
    .strictObject({
      path: z.string().optional(),
      intervalSeconds: seconds.optional(),
      timeoutSeconds: seconds.optional(),
      healthyThreshold: seconds.optional(),
      unhealthyThreshold: seconds.optional(),
      matcher: z.string().optional(),
    })
    .optional(),
  deregistrationDelaySeconds: seconds.max(3600).optional(),
});

const rule = z.strictObject({
  priority: z.int(),
  arn: arn.optional(),
  paths: z.array(z.string()).min(1).optional(),
  hosts: z.array(z.string()).min(1).optional(),
  targetGroup: name,
});

const loadBalancer = z.strictObject({
  name,
  arn: arn.optional(),
  listeners: z
    .array(
      z.strictObject({
        port: z.int(),
        arn: arn.optional(),
        targetGroup: name.optional(),
        rules: z.array(rule).optional(),
      }),
    )
    .optional(),
});

const HOLDINGS = z.strictObject({
  clusters: z.array(name).optional(),
  services: z.array(service).optional(),
  repositories: z.array(repository).optional(),
  targetGroups: z.array(targetGroup).optional(),
  loadBalancers: z.array(loadBalancer).optional(),
  parameters: z
    .array(
      z.strictObject({
        name,
        type: z.enum(['SecureString', 'String', 'StringList']),
        value: z.string(),
      }),
    )
    .optional(),
  secrets: z.array(z.strictObject({ name, value: z.string() })).optional(),
  logGroups: z.array(name).optional(),
  vpcs: z
    .array(
      z.strictObject({
        id: name,
        subnets: z.array(name).optional(),
        securityGroups: z.array(name).optional(),
      }),
    )
    .optional(),
  tables: z.array(z.strictObject({ name, hashKey: key, rangeKey: key.optional() })).optional(),
}) satisfies z.ZodType<Holdings>;

/** The shape of a world file. What AWS itself would refuse is found when the world is made. */
export const WORLD_FILE: z.ZodType<WorldFile> = HOLDINGS.extend({
  region: region.optional(),
  settings: SOME_SETTINGS.optional(),
  credentials: z
    .array(
      z.strictObject({
        accessKeyId: z.string().regex(/^AKIA[A-Z0-9]+$/, {
          error: 'must begin with AKIA and have only capital letters and digits',
        }),
        accountId: ACCOUNT_ID,
      }),
    )
    .optional(),
  roles: z
    .array(
      z.strictObject({
        arn: z.string().regex(/^arn:[a-z-]+:iam::\d{12}:role\/.+$/, {
          error: 'must be the ARN of a role',
        }),
        externalId: z.string().optional(),
        service: z.string().optional(),
        managedPolicies: z.array(arn).optional(),
        allows: z.array(name).min(1).optional(),
      }),
    )
    .optional(),
  elsewhere: z
    .array(HOLDINGS.extend({ accountId: ACCOUNT_ID.optional(), region: region.optional() }))
    .optional(),
});
