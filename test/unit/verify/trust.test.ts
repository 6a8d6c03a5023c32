import { expect, test } from '@jest/globals';
import { trustIn } from '../../../src/verify/trust.ts';

const ACCOUNT = '111111111111';
const ECS = { Service: 'ecs-tasks.amazonaws.com' };

const policy = (...statements: object[]) =>
  JSON.stringify({
    Statement: statements.map((statement) => ({
      Effect: 'Allow',
      Principal: ECS,
      Action: 'sts:AssumeRole',
      ...statement,
    })),
  });

test.each([
  ['the service alone', policy({})],
  ['among others', policy({ Principal: { Service: ['ec2.amazonaws.com', ECS.Service] } })],
  ['with every action of STS', policy({ Action: ['sts:*', 'sts:TagSession'] })],
  ['beside a statement about others', policy({ Principal: { AWS: '*' }, Effect: 'Deny' }, {})],
  ['for this account', policy({ Condition: { StringEquals: { 'aws:SourceAccount': ACCOUNT } } })],
  [
    'for tasks of this account',
    policy({ Condition: { ArnLike: { 'aws:SourceArn': `arn:aws:ecs:us-east-1:${ACCOUNT}:*` } } }),
  ],
  ['as one statement without a list', policy({}).replace(/[[\]]/g, '')],
])('a role that trusts %s may be assumed', (_, document) => {
  expect(trustIn(document, ACCOUNT)).toEqual({ kind: 'trusted' });
});

test.each([
  ['another service', policy({ Principal: { Service: 'ec2.amazonaws.com' } })],
  ['users', policy({ Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` } })],
  ['the service for something else', policy({ Action: 'sts:TagSession' })],
  [
    'the service for another account',
    policy({ Condition: { StringEquals: { 'aws:SourceAccount': '222222222222' } } }),
  ],
  ['nobody', JSON.stringify({ Statement: [] })],
])('a role that trusts %s may not', (_, document) => {
  expect(trustIn(document, ACCOUNT)).toEqual({ kind: 'refused' });
});

test.each([
  ['denies something to ECS', policy({}, { Effect: 'Deny' }), 'it denies something to ECS'],
  [
    'asks for what is not known',
    policy({ Condition: { Bool: { 'aws:SecureTransport': 'true' } } }),
    'it has conditions',
  ],
  [
    'names a task that is not known yet',
    policy({ Condition: { ArnLike: { 'aws:SourceArn': `arn:aws:ecs:x:${ACCOUNT}:task/a` } } }),
    'it has conditions',
  ],
  ['is no JSON', '{', 'it is no JSON'],
])('a policy that %s is unclear', (_, document, reason) => {
  expect(trustIn(document, ACCOUNT)).toEqual({ kind: 'unclear', reason });
});
