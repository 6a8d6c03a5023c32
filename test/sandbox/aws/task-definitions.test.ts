import { DescribeTaskDefinitionCommand } from '@aws-sdk/client-ecs';
import { describe, expect, test } from '@jest/globals';
import { TASK_DEFINITION, failureOf, startShop } from './aws-scene.ts';

const ours = { key: 'Deploy', value: 'ours' };
const OURS = { ...TASK_DEFINITION, tags: { Other: 'tag', Deploy: 'ours' } };
const THEIRS = { ...TASK_DEFINITION, tags: { Deploy: 'theirs' } };

describe('registering a task definition', () => {
  test('makes a Fargate revision, and one more each time', async () => {
    const { aws, sdk } = await startShop();

    const first = await aws.taskDefinitions.register(OURS);
    const second = await aws.taskDefinitions.register({ ...OURS, taskRoleArn: 'arn:role' });

    expect([first, second]).toEqual([
      'arn:aws:ecs:us-east-1:111111111111:task-definition/web:1',
      'arn:aws:ecs:us-east-1:111111111111:task-definition/web:2',
    ]);
    const described = await sdk.ecs.send(
      new DescribeTaskDefinitionCommand({ taskDefinition: second, include: ['TAGS'] }),
    );
    expect(described.taskDefinition).toMatchObject({
      cpu: '256',
      memory: '512',
      networkMode: 'awsvpc',
      requiresCompatibilities: ['FARGATE'],
      executionRoleArn: TASK_DEFINITION.executionRoleArn,
      taskRoleArn: 'arn:role',
      containerDefinitions: [expect.objectContaining({ name: 'web' })],
    });
    expect(described.tags).toEqual(expect.arrayContaining([{ key: 'Deploy', value: 'ours' }]));
  });

  test('with an empty answer has an unknown outcome', async () => {
    const { aws } = await startShop({
      faults: [{ operation: 'ecs.RegisterTaskDefinition', do: { kind: 'garble', body: '{}' } }],
    });

    expect(await failureOf(aws.taskDefinitions.register(OURS))).toMatchObject({
      operation: 'ecs:RegisterTaskDefinition',
      isOutcomeUnknown: true,
    });
  });
});

describe('finding a revision by its tag', () => {
  test('gives the newest that has it', async () => {
    const { aws } = await startShop();
    await aws.taskDefinitions.register(OURS);
    const newest = await aws.taskDefinitions.register(OURS);
    await aws.taskDefinitions.register(THEIRS);

    expect(await aws.taskDefinitions.findTagged('web', ours)).toBe(newest);
  });

  test('looks at the newest five', async () => {
    const { aws } = await startShop();
    const arn = await aws.taskDefinitions.register(OURS);
    for (let others = 0; others < 4; others++) await aws.taskDefinitions.register(THEIRS);
    const asFifth = await aws.taskDefinitions.findTagged('web', ours);
    await aws.taskDefinitions.register(THEIRS);

    expect(asFifth).toBe(arn);
    expect(await aws.taskDefinitions.findTagged('web', ours)).toBeUndefined();
  });

  test('takes neither another value, nor another family', async () => {
    const { aws } = await startShop();
    await aws.taskDefinitions.register(THEIRS);
    await aws.taskDefinitions.register({ ...OURS, family: 'web-two' });

    expect(await aws.taskDefinitions.findTagged('web', ours)).toBeUndefined();
  });

  test('finds nothing in a family that does not exist', async () => {
    const { aws } = await startShop();

    expect(await aws.taskDefinitions.findTagged('nothing', ours)).toBeUndefined();
  });

  test('does not take an empty answer for an empty family', async () => {
    const { aws } = await startShop({
      faults: [{ operation: 'ecs.ListTaskDefinitions', do: { kind: 'garble', body: '' } }],
    });

    expect(await failureOf(aws.taskDefinitions.findTagged('web', ours))).toMatchObject({
      operation: 'ecs:ListTaskDefinitions',
      isTransient: true,
    });
  });
});
