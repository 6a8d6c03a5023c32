import { describe, expect, test } from '@jest/globals';
import type { Artifact } from '../../../src/artifactdb/artifact.ts';
import type { AppConfig, EnvironmentConfig } from '../../../src/config/config.ts';
import { contentIdentity } from '../../../src/config/content-identity.ts';
import { askGate, type Gate, gateOf } from '../../../src/deploy/gate.ts';

const environment = (name: string, rest: Partial<EnvironmentConfig> = {}): EnvironmentConfig => ({
  name,
  gate: 'sha',
  accountId: '111111111111',
  region: 'us-east-1',
  cpu: '256',
  memory: '512',
  executionRoleArn: 'arn:aws:iam::111111111111:role/x',
  family: name,
  service: name,
  cluster: name,
  securityGroups: [],
  subnets: [],
  assignPublicIp: false,
  listenerArn: '',
  targetGroupArns: { blue: '', green: '' },
  timeouts: { rolloutMs: 0, removalMs: 0, commandMs: 0 },
  monitor: { bakeMs: 0 },
  ...rest,
});
const PROD = environment('prod', { requiresPreviousEnvDeploy: 'dev' });
const APP: AppConfig = {
  name: 'hello',
  artifactDbProjectName: 'hello',
  containerDefinitionTemplates: [],
  preDeployCommandTemplates: [],
  postDeployCommandTemplates: [],
  environments: new Map(
    [environment('dev'), environment('dev-eu'), PROD].map((env) => [env.name, env]),
  ),
};
const GATE: Gate = { environment: 'prod', previous: 'dev', kind: 'sha', identity: 'c2' };

function artifact(tags: Artifact['tags']): Artifact {
  return { projectName: 'hello', buildNumber: 1, value: 'hello:v1', tags, containedArtifacts: [] };
}

describe('the gate of an environment', () => {
  test('that requires none is none', () => {
    expect(gateOf(APP, environment('dev'), 'c2')).toBeUndefined();
  });

  test('asks for the commit, unless the config says that contents count', () => {
    expect(gateOf(APP, PROD, 'c2')).toEqual(GATE);
    expect(gateOf(APP, { ...PROD, gate: 'content' }, 'c2')).toEqual({
      ...GATE,
      kind: 'content',
      identity: contentIdentity(APP),
    });
  });
});

describe('an artifact is let through', () => {
  test.each([
    [{ 'deploy-dev-c2': 'success' }, true, 'success'],
    [{ 'deploy-dev-c2': 'failure', 'deploy-dev-c1': 'success' }, false, 'failure'],
    [{ 'deploy-dev-c2': 'Success' }, false, undefined],
    [{ 'deploy-prod-c2': 'success', 'deploy-dev-c22': 'success' }, false, undefined],
    [null, false, undefined],
  ])('with %j: %s', (tags, isOpen, outcome) => {
    expect(askGate(GATE, artifact(tags), APP)).toMatchObject({ isOpen, outcome });
  });
});

describe('other configurations that succeeded there', () => {
  const tags = {
    'deploy-dev-c1': 'success',
    'deploy-dev-c0': 'failure',
    'deploy-dev-my-config': 'success',
    'deploy-dev-content.1': 'success',
    'deploy-dev-eu-c3': 'success',
    'deploy-prod-c4': 'success',
  };

  test('are named as the gate names them, and not those of an environment called alike', () => {
    expect(askGate(GATE, artifact(tags), APP).succeededWith).toEqual(['c1', 'my-config']);
    const byContent: Gate = { ...GATE, kind: 'content', identity: 'content.2' };
    expect(askGate(byContent, artifact(tags), APP).succeededWith).toEqual(['content.1']);
  });

  test('are of no interest when the gate is open', () => {
    const open = { ...GATE, identity: 'c1' };

    expect(askGate(open, artifact(tags), APP).succeededWith).toEqual([]);
  });
});
