/**
 * Goal: what is the same to ECS is the same in its normal form, and nothing else is. That what is
 * registered comes back the same is tested on the sandbox.
 */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Json, JsonObject } from '../../../src/config/json.ts';
import { normalDefinition } from '../../../src/plan/normalise.ts';
import { container } from './plans.ts';

/** A definition as ECS shows it, and as a config may say the same. */
const SAME: readonly (readonly [what: string, shown: JsonObject, said: JsonObject])[] = [
  ['the order of variables', { environment: pairs('A', 'B') }, { environment: pairs('B', 'A') }],
  [
    'the order of secrets',
    { secrets: [secret('A'), secret('B')] },
    { secrets: [secret('B'), secret('A')] },
  ],
  [
    'what a health check has by default',
    { healthCheck: { command: ['x'], interval: 30, timeout: 5, retries: 3 } },
    { healthCheck: { command: ['x'] } },
  ],
  [
    'empty lists within',
    { logConfiguration: { logDriver: 'awslogs', secretOptions: [] } },
    { logConfiguration: { logDriver: 'awslogs' } },
  ],
  ['empty objects', { linuxParameters: { capabilities: { add: [], drop: [] } } }, {}],
  [
    'a host port of 0',
    { portMappings: [{ containerPort: 80, hostPort: 80, protocol: 'tcp' }] },
    { portMappings: [{ containerPort: 80, hostPort: 0 }] },
  ],
  [
    'a mount that may be written to',
    { mountPoints: [{ containerPath: '/x', readOnly: false }] },
    { mountPoints: [{ containerPath: '/x' }] },
  ],
  ['members that are null', {}, { dockerLabels: null, command: null }],
];

function pairs(...names: readonly string[]): Json {
  return names.map((name) => ({ name, value: name }));
}

function secret(name: string): Json {
  return { name, valueFrom: `/${name}` };
}

test.each(SAME)('%s: no difference', (_what, shown, said) => {
  expect(normal(shown)).toEqual(normal(said));
});

function normal(members: JsonObject) {
  const definition = { networkMode: 'awsvpc', containerDefinitions: [{ name: 'a', ...members }] };
  return normalDefinition(definition);
}

/** What ECS tells apart, and so must we. */
const DIFFERENT: readonly (readonly [what: string, a: JsonObject, b: JsonObject])[] = [
  ['the order of arguments', { command: ['a', 'b'] }, { command: ['b', 'a'] }],
  ['an empty value and none', { environment: [{ name: 'A', value: '' }] }, { environment: [] }],
  ['a name that comes twice', { environment: pairs('A', 'A') }, { environment: pairs('A') }],
  ['essential or not', { essential: false }, {}],
  [
    'a read-only mount',
    { mountPoints: [{ containerPath: '/x', readOnly: true }] },
    { mountPoints: [{ containerPath: '/x' }] },
  ],
  [
    'the protocol of a port',
    { portMappings: [{ containerPort: 80, protocol: 'udp' }] },
    { portMappings: [{ containerPort: 80 }] },
  ],
  [
    'the order of environment files',
    { environmentFiles: pairs('A', 'B') },
    { environmentFiles: pairs('B', 'A') },
  ],
  [
    'an interval of its own',
    { healthCheck: { command: ['x'], interval: 10 } },
    { healthCheck: { command: ['x'] } },
  ],
];

test.each(DIFFERENT)('%s: a difference', (_what, a, b) => {
  expect(normal(a)).not.toEqual(normal(b));
});

describe('the task itself', () => {
  const task = (members: JsonObject) => normalDefinition(members).task;

  test('sizes are the same in each way of writing them', () => {
    expect(task({ cpu: '.5 vCPU', memory: '1 GB' })).toEqual(task({ cpu: '512', memory: '1024' }));
  });

  test('what is no size stays as it is', () => {
    expect(task({ cpu: 'much' })).toEqual({ cpu: 'much' });
  });

  test('what ECS alone adds does not count', () => {
    const added = {
      taskDefinitionArn: 'arn',
      revision: 3,
      status: 'ACTIVE',
      registeredBy: 'me',
      compatibilities: ['EC2'],
      requiresAttributes: [{ name: 'a' }],
      registeredAt: 'now',
      volumes: [],
      placementConstraints: [],
      enableFaultInjection: false,
    };
    expect(task({ family: 'f', ...added })).toEqual({ family: 'f' });
  });

  test('what somebody else has set there does', () => {
    const runtimePlatform = { cpuArchitecture: 'ARM64' };
    expect(task({ runtimePlatform, volumes: [{ name: 'v', host: {} }] })).toEqual({
      runtimePlatform,
      volumes: [{ name: 'v' }],
    });
  });
});

test('whatever stands in a definition, it is taken', () => {
  fc.assert(
    fc.property(fc.object({ withNullPrototype: false, withDate: false }), (value) => {
      const json = JSON.parse(JSON.stringify(value)) as JsonObject;
      normalDefinition({ ...json, containerDefinitions: [{ ...container(), ...json }, json] });
    }),
  );
});
