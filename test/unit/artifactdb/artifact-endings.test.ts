import { expect, test } from '@jest/globals';
import { toEnding } from '../../../cmd/commands/artifact-endings.ts';
import {
  ArtifactCycleError,
  ArtifactNotFoundError,
  BuildNumberContentionError,
  InvalidArtifactIdError,
} from '../../../src/artifactdb/errors.ts';
import { CallFailedError } from '../../../src/deploy/ports.ts';
import { EXIT, UsageError } from '../../../src/errors.ts';

const place = { region: 'us-east-1', table: 'ArtifactDB', env: {} };

function callFailed(code: string, facts: { isTransient?: boolean; isOutcomeUnknown?: boolean }) {
  return new CallFailedError({
    operation: 'dynamodb:PutItem',
    code,
    message: 'No.',
    isTransient: false,
    isOutcomeUnknown: false,
    ...facts,
  });
}

function named(name: string, message: string): Error {
  return Object.assign(new Error(message), { name });
}

test.each([
  [
    callFailed('ThrottlingException', { isTransient: true }),
    EXIT.failedBeforeSwap,
    'Table ArtifactDB (us-east-1): dynamodb:PutItem: No. (ThrottlingException)',
    'Try again.',
  ],
  [
    callFailed('TimeoutError', { isTransient: true, isOutcomeUnknown: true }),
    EXIT.failedBeforeSwap,
    'Table ArtifactDB (us-east-1): dynamodb:PutItem: No. (TimeoutError)',
    'It may have been done all the same: look before you try again.',
  ],
  [
    named('CredentialsProviderError', 'Could not load credentials'),
    EXIT.failedBeforeSwap,
    'No AWS credentials: Could not load credentials',
    'Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.',
  ],
  [
    new BuildNumberContentionError('hello', 100),
    EXIT.failedBeforeSwap,
    'Could not get a build number for hello',
    'Try again.',
  ],
  [
    new ArtifactNotFoundError({ projectName: 'hello', buildNumber: 7 }),
    EXIT.refused,
    'Artifact hello:7 does not exist in table ArtifactDB (us-east-1)',
    'The command list -p <project> shows what there is.',
  ],
  [
    new ArtifactCycleError(['a:1', 'b:1', 'a:1']),
    EXIT.refused,
    'Artifacts contain each other: a:1 contains b:1 contains a:1',
    'One of them is wrong.',
  ],
  [new InvalidArtifactIdError('hello'), EXIT.usage, '"hello" is not the name of an artifact', ''],
])('%s becomes an ending that says what to do', (error, exitCode, message, hint) => {
  const ending = toEnding(error, place);

  expect(ending).toMatchObject({ exitCode, hint, message: expect.stringContaining(message) });
  expect(ending).toHaveProperty('cause', error);
});

test('what is an ending already, and what nobody understands, stays as it is', () => {
  const usage = new UsageError('-b is missing', { hint: '' });
  const bug = new TypeError('x is not a function');

  expect(toEnding(usage, place)).toBe(usage);
  expect(toEnding(bug, place)).toBe(bug);
});
