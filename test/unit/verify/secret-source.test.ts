import { expect, test } from '@jest/globals';
import { sourceOf } from '../../../src/verify/secret-source.ts';

const SECRET = 'arn:aws-us-gov:secretsmanager:us-gov-west-1:111111111111:secret:a/b-AbCdEf';
const inSecret = { kind: 'secret', region: 'us-gov-west-1', id: SECRET };

test.each([
  ['vpc-conf-dev-x', { kind: 'parameter', region: 'here' }],
  ['/a/b', { kind: 'parameter', region: 'here' }],
  ['arn:aws:ssm:eu-west-1:1:parameter/a/b', { kind: 'parameter', region: 'eu-west-1' }],
  [SECRET, inSecret],
  [`${SECRET}:key::`, { ...inSecret, jsonKey: 'key' }],
  [`${SECRET}::AWSPREVIOUS:`, { ...inSecret, versionStage: 'AWSPREVIOUS' }],
  [`${SECRET}:::v1`, { ...inSecret, versionId: 'v1' }],
  [`${SECRET}:k:s:v`, { ...inSecret, jsonKey: 'k', versionStage: 's', versionId: 'v' }],
  ['arn:aws:s3:::bucket', { kind: 'neither' }],
])('%s', (valueFrom, source) => {
  expect(sourceOf({ subject: '', valueFrom, nameMeans: 'parameter' }, 'here')).toEqual(source);
});

test('the credentials of a registry may be named without an ARN', () => {
  expect(sourceOf({ subject: '', valueFrom: 'name', nameMeans: 'secret' }, 'here')).toEqual({
    kind: 'secret',
    region: 'here',
    id: 'name',
  });
});
