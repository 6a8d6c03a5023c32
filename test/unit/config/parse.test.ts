import { expect, test } from '@jest/globals';
import { parseConfig } from '../../../src/config/parse.ts';
import { ConfigError, EXIT } from '../../../src/errors.ts';
import { containerOf, devOf, loose, prodOf, TWO_APPS, twoAppsWith } from './fixtures/two-apps.ts';

const parse = (text: string) => parseConfig(text, 'deploy-config.json');

/** The lines of the error that a config is refused with, without file, line and column. */
function errorsIn(text: string): string[] {
  return linesOfError(text).map((line) => line.replace(/^[^:]+:\d+:\d+: /, ''));
}

function linesOfError(text: string): string[] {
  try {
    parse(text);
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split('\n').slice(1);
    throw error;
  }
  throw new Error('The config was accepted.');
}

test('a config in use is read with nothing to complain about', () => {
  const { config, warnings } = parse(TWO_APPS);

  expect(warnings).toEqual([]);
  expect([...config.apps.keys()]).toEqual(['net-conf', 'creds-api']);
  expect(config).toMatchObject({
    configAccountId: '111122223333',
    configRegion: 'us-east-1',
    lockTable: 'DeployLock',
    lease: { leaseDurationMs: 10_000, heartbeatIntervalMs: 1_000 },
    artifactDbTable: 'ArtifactDB',
    credentials: { provider: 'by-environment' },
  });
});

test('keys are matched in any case, and what is not given has its default', () => {
  const { config } = parse(TWO_APPS);

  const environments = config.apps.get('net-conf')?.environments;
  expect(environments?.get('dev')?.executionRoleArn).toMatch(/^arn:aws-us-gov:iam::4444/);
  expect(environments?.get('prod')).toMatchObject({
    name: 'prod',
    requiresPreviousEnvDeploy: 'dev',
    executionRoleArn: 'arn:aws:iam::111122223333:role/net-conf-execution',
    service: 'net-conf-prod',
    assignPublicIp: false,
    timeouts: { rolloutMs: 900_000, removalMs: 900_000, commandMs: 300_000 },
    monitor: { bakeMs: 0 },
  });
});

test('seconds become milliseconds, numbers and short role names become what ECS takes', () => {
  const env = parse(TWO_APPS).config.apps.get('creds-api')?.environments.get('dev');

  expect(env).toMatchObject({
    cpu: '256',
    memory: '512',
    executionRoleArn: 'arn:aws-us-gov:iam::444455556666:role/creds-api-execution',
    service: 'creds-api',
    securityGroups: [],
    assignPublicIp: true,
    timeouts: { rolloutMs: 1_800_000 },
    monitor: { bakeMs: 60_000 },
  });
  expect(env).not.toHaveProperty('taskRoleArn');
  expect(env).not.toHaveProperty('requiresPreviousEnvDeploy');
});

test('containers get the spelling of the SDK, and maps keep their keys', () => {
  const [container] = parse(TWO_APPS).config.apps.get('net-conf')!.containerDefinitionTemplates;

  expect(container).toEqual({
    image: '{{.Account}}.dkr.ecr.{{.Region}}.amazonaws.com/{{.Artifact.Value}}',
    name: 'net-conf-{{.Environment}}',
    memoryReservation: 300,
    stopTimeout: 120,
    logConfiguration: {
      logDriver: 'awslogs',
      options: {
        'awslogs-group': '/aws/ecs/net-conf-{{.Environment}}',
        'awslogs-region': '{{.Region}}',
        'awslogs-stream-prefix': 'web',
        'Mixed-Case-Option': 'kept',
      },
    },
    portMappings: [{ hostPort: 2020, protocol: 'tcp', containerPort: 2020 }],
    environment: [{ name: 'SHA', value: '{{.Artifact.Tags.SHA}}' }],
    secrets: [{ valueFrom: 'net-conf-{{.Environment}}-key', name: 'KEY' }],
    dockerLabels: { 'Com.Example.Team': 'Networks' },
    ulimits: [{ name: 'nofile', softLimit: 1024, hardLimit: 4096 }],
    dependsOn: [{ containerName: 'init', condition: 'SUCCESS' }],
    mountPoints: [{ sourceVolume: 'tmp', containerPath: '/tmp', readOnly: false }],
    healthCheck: { command: ['CMD', 'true'], startPeriod: 10 },
    linuxParameters: { initProcessEnabled: true, capabilities: { drop: ['ALL'] } },
  });
});

test('of two spellings of a key the last one counts, objects are merged, null is nothing', () => {
  const text = TWO_APPS.replace(
    '"CPU": "512",',
    '"CPU": "256", "cpu": "1024", "Cpu": null, "MONITOR": {"BakeSeconds": 5}, "monitor": {},',
  );

  const { config, warnings } = parse(text);

  const dev = config.apps.get('net-conf')?.environments.get('dev');
  expect(dev).toMatchObject({ cpu: '1024', monitor: { bakeMs: 5000 } });
  expect(warnings).toEqual([
    expect.stringContaining('"CPU" and "cpu" are the same key; the last one counts'),
    expect.stringContaining('"MONITOR" and "monitor" are the same key; their contents'),
  ]);
});

test('an unknown key is ignored with a warning, and passed on in a container', () => {
  const text = twoAppsWith((file) => {
    file['Comment'] = loose('ours');
    containerOf(file)['GpuSlices'] = loose({ Kept: 'As It Is' });
  });

  const { config, warnings } = parse(text);

  const [container] = config.apps.get('net-conf')!.containerDefinitionTemplates;
  expect(container).toMatchObject({ GpuSlices: { Kept: 'As It Is' } });
  expect(warnings.map((line) => line.replace(/^[^:]+:\d+:\d+: /, ''))).toEqual([
    'Apps.net-conf.ContainerDefinitionTemplates[0].GpuSlices: is not a key of ECS that this ' +
      'version knows; it is passed on as it is written',
    'Comment: is not a known key; it is ignored',
  ]);
});

test('a number in quotes in a container is read as a number, with a warning', () => {
  const text = twoAppsWith((file) => {
    containerOf(file)['PortMappings'] = loose([{ containerPort: '2020' }]);
  });

  const { config, warnings } = parse(text);

  const [container] = config.apps.get('net-conf')!.containerDefinitionTemplates;
  expect(container?.['portMappings']).toEqual([{ containerPort: 2020 }]);
  expect(warnings).toEqual([expect.stringMatching(/containerPort: is a number in quotes/)]);
});

test('two environments with one service are warned about', () => {
  const text = twoAppsWith((file) => {
    file['Apps']!['net-conf']!['Environments']!['hotfix'] = { ...prodOf(file) };
  });

  expect(parse(text).warnings).toEqual([
    expect.stringMatching(/Environments.hotfix: is the service of Apps.net-conf.Environments.prod/),
  ]);
});

test('every error is shown at once, each at its line, in the order of the file', () => {
  const text = twoAppsWith((file) => {
    const dev = devOf(file);
    delete dev['CPU'];
    dev['Memory'] = loose(true);
    dev['TargetGroupARNs']!['blue'] = loose('x');
    dev['Subnetz'] = loose([]);
    prodOf(file)['TargetGroupARNs']!['green'] = prodOf(file)['TargetGroupARNs']!['blue']!;
    file['Credentials'] = loose({ Provider: 'vault' });
  });

  const lines = linesOfError(text);

  expect(errorsIn(text)).toEqual([
    'Apps.net-conf.Environments.dev.CPU: is missing, expected CPU units such as "512", or "0.5 vCPU"',
    'Apps.net-conf.Environments.dev.Memory: found true, expected MiB such as "1024", or "1 GB"',
    `Apps.net-conf.Environments.dev.TargetGroupARNs.blue: found "x", expected a target group's ARN`,
    'Apps.net-conf.Environments.dev.Subnetz: is not a known key; did you mean Subnets?',
    'Apps.net-conf.Environments.prod.TargetGroupARNs.green: is the same target group as blue; ' +
      'the two colours need one each',
    'Credentials.Provider: found "vault", expected "default", "assume-role" or "kion"',
  ]);
  for (const line of lines.slice(1)) {
    const [, number, path] = /^deploy-config\.json:(\d+):\d+: ([^:]+)/.exec(line) ?? [];
    const key = path?.split('.').at(-1);
    expect(text.split('\n')[Number(number) - 1]).toContain(`"${key}"`);
  }
});

test('the error is a usage error that says what to do', () => {
  expect(() => parse('{}')).toThrow(
    expect.objectContaining({
      exitCode: EXIT.usage,
      message: expect.stringMatching(/^The config deploy-config.json has 3 errors:\n/),
      hint: expect.stringContaining('Correct deploy-config.json'),
    }),
  );
});

test.each([
  ['', 'f:1:1: not JSON: the file is empty'],
  ['{\n  "a": 1,\n}', 'f:3:1: not JSON: no comma may stand before "}"'],
  ['{\n  "a": 01}', 'f:2:8: not JSON: expected a value, found "01"'],
  ['{"a" 1}', 'f:1:6: not JSON: expected ":" after the key "a", found "1"'],
  ['{"a": "x\n"}', 'f:1:7: not JSON: this string has no closing quote on its line'],
  ['["\\x"]', 'f:1:2: not JSON: this string has a wrong escape or a control character in it'],
  ['{} // done', 'f:1:4: not JSON: nothing may follow the outermost value, found a comment'],
  ['[1 2]', 'f:1:4: not JSON: expected "," or "]", found "2"'],
  ['{"__proto__": 1}', `f:1:2: not JSON: "__proto__" can't be a key`],
  ['['.repeat(9999), 'f:1:101: not JSON: nested deeper than 100 levels'],
])('a syntax error is shown with line and column: %j', (text, expected) => {
  expect(() => parseConfig(text, 'f')).toThrow(ConfigError);
  expect(() => parseConfig(text, 'f')).toThrow(expected);
});

test.each(['OnFailure', 'verify', 'DesiredCountZero'])('%s is refused, not ignored', (key) => {
  const text = twoAppsWith((file) => {
    devOf(file)[key] = loose('rollback');
  });

  expect(errorsIn(text)).toEqual([expect.stringMatching(/dev\..*but this version can't do that/)]);
});

test('an error about a container does not show its value', () => {
  const text = twoAppsWith((file) => {
    containerOf(file)['environment'] = loose([{ name: 'PIN', value: 987_654 }]);
  });

  expect(errorsIn(text)).toEqual([
    'Apps.net-conf.ContainerDefinitionTemplates[0].environment[0].value: ' +
      'found a number, expected a string',
  ]);
});
