/**
 * Goal: to the official SDK, the sandbox's log groups are CloudWatch's.
 * Method: each operation is called with success and with its errors, through the real protocol.
 */
import { expect } from '@jest/globals';
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  DeleteLogGroupCommand,
  DescribeLogGroupsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { LOGS_OPERATIONS } from '../../../sandbox/world/logs/index.ts';
import { proveOperations, type Proofs } from './proofs.ts';
import { ACCOUNT, REGION, type Scene, START } from './scene.ts';

const invalid = (message: string | RegExp) => ['InvalidParameterException', message] as const;

const logs = (scene: Scene) => scene.clientOf(CloudWatchLogsClient);
const create = (scene: Scene, logGroupName: string) =>
  logs(scene).send(new CreateLogGroupCommand({ logGroupName }));
const namesOf = async (scene: Scene, input: object = {}) =>
  (await logs(scene).send(new DescribeLogGroupsCommand(input))).logGroups?.map(
    ({ logGroupName }) => logGroupName,
  );

const LOG_GROUPS: Proofs = {
  CreateLogGroup: {
    command: CreateLogGroupCommand,
    works: {
      'creates a log group': async (scene) => {
        await create(scene, '/ecs/web');
        expect(await namesOf(scene)).toEqual(['/ecs/web']);
      },
    },
    refuses: {
      'when it is there': {
        input: async (scene) => {
          await create(scene, '/ecs/web');
          return { logGroupName: '/ecs/web' };
        },
        error: ['ResourceAlreadyExistsException', 'The specified log group already exists'],
      },
      'for a name that no log group may have': {
        input: { logGroupName: 'a b' },
        error: invalid(/Value 'a b' at 'logGroupName'/),
      },
    },
  },
  DescribeLogGroups: {
    command: DescribeLogGroupsCommand,
    works: {
      'lists all whose name begins so, also longer ones': async (scene) => {
        for (const name of ['/ecs/web-2', '/ecs/web', '/other']) await create(scene, name);
        const { logGroups } = await logs(scene).send(
          new DescribeLogGroupsCommand({ logGroupNamePrefix: '/ecs/web' }),
        );

        const arn = `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:/ecs/web`;
        expect(logGroups).toMatchObject([
          { logGroupName: '/ecs/web', arn: `${arn}:*`, logGroupArn: arn },
          { logGroupName: '/ecs/web-2', creationTime: START.getTime() },
        ]);
      },
      'goes on after a page': async (scene) => {
        for (const name of ['a', 'b']) await create(scene, name);
        const { nextToken } = await logs(scene).send(new DescribeLogGroupsCommand({ limit: 1 }));
        expect(await namesOf(scene, { nextToken })).toEqual(['b']);
      },
    },
    refuses: {
      'for more than fifty on a page': {
        input: { limit: 51 },
        error: invalid(/Value '51' at 'limit'.* less than or equal to 50$/),
      },
      'for a token that was never given out': {
        input: { nextToken: '?' },
        error: invalid('The specified nextToken is invalid.'),
      },
    },
  },
  DeleteLogGroup: {
    command: DeleteLogGroupCommand,
    works: {
      'deletes a log group': async (scene) => {
        await create(scene, '/ecs/web');
        await logs(scene).send(new DeleteLogGroupCommand({ logGroupName: '/ecs/web' }));
        expect(await namesOf(scene)).toEqual([]);
      },
    },
    refuses: {
      'when it is not there': {
        input: { logGroupName: 'nothing' },
        error: ['ResourceNotFoundException', 'The specified log group does not exist.'],
      },
    },
  },
};

proveOperations(
  {
    client: logs,
    sdkPackage: '@aws-sdk/client-cloudwatch-logs',
    operations: LOGS_OPERATIONS.map(({ name }) => name),
    commonErrors: [],
  },
  LOG_GROUPS,
);
