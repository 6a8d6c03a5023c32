import { expect, test } from '@jest/globals';
import { type EcrImage, parseEcrImage, withDigest } from '../../../src/image-reference.ts';

const OLD = `sha256:${'0'.repeat(64)}`;
const DIGEST = `sha256:${'a'.repeat(64)}`;

test.each([
  '111111111111.dkr.ecr.us-east-1.amazonaws.com/hello:v1',
  '111111111111.dkr.ecr.us-east-1.amazonaws.com/hello',
  `111111111111.dkr.ecr.us-east-1.amazonaws.com/hello@${OLD}`,
  `111111111111.dkr.ecr.us-east-1.amazonaws.com/hello:v1@${OLD}`,
  '111111111111.dkr.ecr.cn-north-1.amazonaws.com.cn/team/hello:v1.2-3_4',
  '111111111111.dkr.ecr-fips.us-gov-west-1.amazonaws.com/hello:sha256',
])('%s is named by a digest, as ECS takes it', (reference) => {
  const pinned = withDigest(reference, DIGEST);

  const { tag: _tag, digest: _digest, ...repository } = parseEcrImage(reference) as EcrImage;
  expect(parseEcrImage(pinned)).toEqual({ ...repository, digest: DIGEST });
  expect(pinned).toMatch(/^[^@]+\/[a-z/]+@sha256:a{64}$/);
});

test('the port of a registry is not taken for a tag', () => {
  expect(withDigest('localhost:5000/hello', DIGEST)).toBe(`localhost:5000/hello@${DIGEST}`);
});
