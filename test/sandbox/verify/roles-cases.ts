import { expect, test } from '@jest/globals';
import { ACCOUNT, REGION, VerifyScene } from './verify-scene.ts';

/** Whether ECS may take on the roles, and what the execution role may do then. */
export function rolesCases(): void {
  const EXECUTION = `arn:aws:iam::${ACCOUNT}:role/ecs-execution`;
  const RIGHTS = 'rights of ecs-execution';

  const withRoles = (...roles: { arn: string; service?: string; managedPolicies?: string[] }[]) =>
    VerifyScene.start((world) => {
      world.roles = roles;
    });

  test('a task role is looked at as the execution role is', async () => {
    const scene = await VerifyScene.start();
    scene.environment['TaskRoleARN'] = EXECUTION;

    expect(await scene.linesOf('roles')).toEqual([
      '✓ execution role ecs-execution: exists, and ECS tasks may assume it',
      `✓ ${RIGHTS}: its policies allow all that starting a task needs: log in to ECR, pull images, write logs`,
      '✓ task role ecs-execution: exists, and ECS tasks may assume it',
    ]);
  });

  test('a role that is not there is a problem, and its rights are unknown', async () => {
    const scene = await withRoles();

    expect(await scene.linesOf('roles')).toEqual([
      `✗ execution role ecs-execution: does not exist in account ${ACCOUNT}`,
      `? ${RIGHTS}: iam:SimulatePrincipalPolicy: The role with name ecs-execution cannot be found. (NoSuchEntityException)`,
    ]);
  });

  test('a role that trusts another service is a problem', async () => {
    const scene = await withRoles({ arn: EXECUTION, service: 'ec2.amazonaws.com' });

    expect((await scene.linesOf('roles'))[0]).toBe(
      '✗ execution role ecs-execution: does not trust ecs-tasks.amazonaws.com',
    );
  });

  test('a role whose path is not the configured one is a problem', async () => {
    const service = 'ecs-tasks.amazonaws.com';
    const scene = await withRoles({ arn: EXECUTION.replace('role/', 'role/app/'), service });

    expect((await scene.linesOf('roles'))[0]).toBe(
      `✗ execution role ecs-execution: has the ARN arn:aws:iam::${ACCOUNT}:role/app/ecs-execution, not ${EXECUTION}`,
    );
  });

  test('rights that the role lacks are problems, each by its name', async () => {
    const scene = await withRoles({ arn: EXECUTION, service: 'ecs-tasks.amazonaws.com' });

    const lines = await scene.linesOf('roles');

    expect(lines).toContain(
      `✗ ${RIGHTS} to log in to ECR: ecr:GetAuthorizationToken is not allowed on *`,
    );
    expect(lines).toContain(
      `✗ ${RIGHTS} to write logs: logs:PutLogEvents is not allowed on arn:aws:logs:${REGION}:${ACCOUNT}:log-group:/ecs/hello-dev:log-stream:hello/hello/task`,
    );
    expect(lines.slice(1)).toHaveLength(6);
  });

  test('secrets that the role may not read are problems', async () => {
    const scene = await VerifyScene.start();
    const secret = `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:hello/key-AbCdEf`;
    scene.container.Secrets = [
      { Name: 'A', ValueFrom: '/db/password' },
      { Name: 'B', ValueFrom: `${secret}:user::` },
      { Name: 'C', ValueFrom: 'plain' },
    ];

    expect((await scene.linesOf('roles')).slice(1)).toEqual([
      `✗ ${RIGHTS} to read secrets: secretsmanager:GetSecretValue is not allowed on ${secret}`,
      `✗ ${RIGHTS} to read parameters: ssm:GetParameters is not allowed on arn:aws:ssm:${REGION}:${ACCOUNT}:parameter/db/password`,
      `✗ ${RIGHTS} to read parameters: ssm:GetParameters is not allowed on arn:aws:ssm:${REGION}:${ACCOUNT}:parameter/plain`,
    ]);
  });

  test('roles that may not be looked at are unknown, said once', async () => {
    const scene = (await VerifyScene.start()).deny('iam.*');

    expect(await scene.linesOf('roles')).toEqual([
      '? execution role ecs-execution: these credentials may not call iam:GetRole',
      `? ${RIGHTS}: these credentials may not call iam:SimulatePrincipalPolicy`,
    ]);
  });

  test('a policy that nobody can judge leaves the rights unknown', async () => {
    const scene = await withRoles({
      arn: EXECUTION,
      service: 'ecs-tasks.amazonaws.com',
      managedPolicies: [`arn:aws:iam::${ACCOUNT}:policy/own`],
    });

    expect((await scene.linesOf('roles'))[1]).toMatch(/^\? rights of ecs-execution: .*policy\/own/);
  });

  test('the right to a secret that is known by its name only is unknown', async () => {
    const scene = await VerifyScene.start();
    scene.container['RepositoryCredentials'] = { CredentialsParameter: 'hello/key' };

    expect((await scene.linesOf('roles'))[1]).toBe(
      `? ${RIGHTS}: its policies go by ARNs, and this is a name`,
    );
  });
}
