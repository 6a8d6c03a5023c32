import { expect, test } from '@jest/globals';
import { parseEcrImage } from '../../../src/image-reference.ts';

const DIGEST = `sha256:${'0a'.repeat(32)}`;
const WEB = { accountId: '111111111111', region: 'us-east-1', repository: 'team/web' };
const HOST = '111111111111.dkr.ecr.us-east-1.amazonaws.com';

test.each([
  [`${HOST}/team/web:v1`, { ...WEB, tag: 'v1' }],
  [`${HOST}/team/web`, { ...WEB, tag: 'latest' }],
  [`${HOST}/team/web@${DIGEST}`, { ...WEB, digest: DIGEST }],
  [`${HOST}/team/web:v1@${DIGEST}`, { ...WEB, tag: 'v1', digest: DIGEST }],
  [
    '111111111111.dkr.ecr.cn-north-1.amazonaws.com.cn/team/web:v1',
    { ...WEB, region: 'cn-north-1', tag: 'v1' },
  ],
  [
    '111111111111.dkr.ecr-fips.us-gov-west-1.amazonaws.com/team/web:v1',
    { ...WEB, region: 'us-gov-west-1', tag: 'v1' },
  ],
  ['111111111111.dkr-ecr.us-east-1.on.aws/team/web:v1', { ...WEB, tag: 'v1' }],
])('%s', (reference, image) => {
  expect(parseEcrImage(reference)).toEqual(image);
});

test.each(['nginx:1', 'public.ecr.aws/nginx/nginx:1', `evil.example/${HOST}/web:v1`])(
  '%s is an image of another registry',
  (reference) => {
    expect(parseEcrImage(reference)).toBeUndefined();
  },
);

test.each([
  '/Team/web:v1',
  '/',
  '/web@sha256:short',
  '/web:v1:v2',
  '/web:v 1',
  '/web:"v1"',
  '/web:',
])('ECR can have no image %s', (rest) => {
  expect(parseEcrImage(`${HOST}${rest}`)).toBe('malformed');
});
