/**
 * Goal: to the official SDK, the sandbox's roles are IAM's.
 * Method: each operation is called with success and with its errors, through the real protocol.
 */
import { expect } from '@jest/globals';
import {
  AttachRolePolicyCommand,
  CreateRoleCommand,
  DeleteRoleCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
  PutRolePolicyCommand,
  SimulatePrincipalPolicyCommand,
} from '@aws-sdk/client-iam';
import { IAM_OPERATIONS } from '../../../sandbox/world/iam/index.ts';
import { proveOperations, type Proofs } from './proofs.ts';
import { ACCOUNT, type Scene, START } from './scene.ts';

const TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { Service: 'ecs-tasks.amazonaws.com' },
      Action: 'sts:AssumeRole',
    },
  ],
});
const POLICY = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 'ssm:GetParameters', Resource: '*' }],
});
const MANAGED = 'arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy';
const invalid = (message: string | RegExp) => ['ValidationError', message] as const;
const NO_ROLE = {
  error: ['NoSuchEntityException', 'The role with name nothing cannot be found.'],
  httpStatus: 404,
} as const;

const iam = (scene: Scene) => scene.clientOf(IAMClient);
const create = async (scene: Scene, more: object = {}) => {
  const command = new CreateRoleCommand({
    RoleName: 'exec',
    AssumeRolePolicyDocument: TRUST,
    ...more,
  });
  return (await iam(scene).send(command)).Role;
};
const attach = (scene: Scene) =>
  iam(scene).send(new AttachRolePolicyCommand({ RoleName: 'exec', PolicyArn: MANAGED }));
const put = (scene: Scene) =>
  iam(scene).send(
    new PutRolePolicyCommand({ RoleName: 'exec', PolicyName: 'read', PolicyDocument: POLICY }),
  );
/** The input of a call about a role that is there. */
const ofRole = (more: object) => async (scene: Scene) => {
  await create(scene);
  return { RoleName: 'exec', ...more };
};

const ROLES: Proofs = {
  CreateRole: {
    command: CreateRoleCommand,
    works: {
      'creates a role, whose policy is shown percent-encoded': async (scene) => {
        expect(await create(scene, { Path: '/app/', Description: 'runs' })).toEqual({
          Path: '/app/',
          RoleName: 'exec',
          RoleId: expect.stringMatching(/^AROA[A-Z2-7]{17}$/),
          Arn: `arn:aws:iam::${ACCOUNT}:role/app/exec`,
          CreateDate: START,
          AssumeRolePolicyDocument: encodeURIComponent(TRUST),
          Description: 'runs',
          MaxSessionDuration: 3600,
        });
      },
    },
    refuses: {
      'when one of that name is there, whatever its path': {
        input: async (scene) => {
          await create(scene);
          return { RoleName: 'exec', Path: '/app/', AssumeRolePolicyDocument: TRUST };
        },
        error: ['EntityAlreadyExistsException', 'Role with name exec already exists.'],
        httpStatus: 409,
      },
      'for a policy that is no JSON': {
        input: { RoleName: 'exec', AssumeRolePolicyDocument: '{' },
        error: ['MalformedPolicyDocumentException', 'This policy contains invalid Json'],
      },
      'for a name that no role may have': {
        input: { RoleName: 'a b', AssumeRolePolicyDocument: TRUST },
        error: invalid(/Value 'a b' at 'roleName'/),
      },
    },
  },
  GetRole: {
    command: GetRoleCommand,
    works: {
      'shows a role, in every Region': async (scene) => {
        const created = await create(scene);
        const { Role } = await iam(scene).send(new GetRoleCommand({ RoleName: 'exec' }));
        expect(Role).toEqual(created);
      },
    },
    refuses: { 'when it is not there': { input: { RoleName: 'nothing' }, ...NO_ROLE } },
  },
  AttachRolePolicy: {
    command: AttachRolePolicyCommand,
    works: {
      'attaches a managed policy, once': async (scene) => {
        await create(scene);
        await attach(scene);
        await attach(scene);
        const { AttachedPolicies } = await iam(scene).send(
          new ListAttachedRolePoliciesCommand({ RoleName: 'exec' }),
        );
        expect(AttachedPolicies).toHaveLength(1);
      },
    },
    refuses: {
      'when the role is not there': {
        input: { RoleName: 'nothing', PolicyArn: MANAGED },
        ...NO_ROLE,
      },
      'for what is no policy': {
        input: ofRole({ PolicyArn: 'arn:aws:iam::aws:role/x-and-more' }),
        error: ['InvalidInputException', /is not valid\.$/],
      },
    },
  },
  ListAttachedRolePolicies: {
    command: ListAttachedRolePoliciesCommand,
    works: {
      'lists the managed policies': async (scene) => {
        await create(scene);
        await attach(scene);
        const answer = await iam(scene).send(
          new ListAttachedRolePoliciesCommand({ RoleName: 'exec' }),
        );
        expect(answer).toMatchObject({
          AttachedPolicies: [
            { PolicyName: 'AmazonECSTaskExecutionRolePolicy', PolicyArn: MANAGED },
          ],
          IsTruncated: false,
        });
      },
    },
    refuses: { 'when it is not there': { input: { RoleName: 'nothing' }, ...NO_ROLE } },
  },
  PutRolePolicy: {
    command: PutRolePolicyCommand,
    works: {
      'gives a role a policy of its own': async (scene) => {
        await create(scene);
        await put(scene);
        const { PolicyNames } = await iam(scene).send(
          new ListRolePoliciesCommand({ RoleName: 'exec' }),
        );
        expect(PolicyNames).toEqual(['read']);
      },
    },
    refuses: {
      'when the role is not there': {
        input: { RoleName: 'nothing', PolicyName: 'p', PolicyDocument: POLICY },
        ...NO_ROLE,
      },
      'for what is no policy': {
        input: ofRole({ PolicyName: 'p', PolicyDocument: '{}' }),
        error: ['MalformedPolicyDocumentException', 'Syntax errors in policy.'],
      },
    },
  },
  ListRolePolicies: {
    command: ListRolePoliciesCommand,
    works: {
      'lists none of a new role': async (scene) => {
        await create(scene);
        const { PolicyNames } = await iam(scene).send(
          new ListRolePoliciesCommand({ RoleName: 'exec' }),
        );
        expect(PolicyNames).toEqual([]);
      },
    },
    refuses: { 'when it is not there': { input: { RoleName: 'nothing' }, ...NO_ROLE } },
  },
  GetRolePolicy: {
    command: GetRolePolicyCommand,
    works: {
      'shows it percent-encoded': async (scene) => {
        await create(scene);
        await put(scene);
        const answer = await iam(scene).send(
          new GetRolePolicyCommand({ RoleName: 'exec', PolicyName: 'read' }),
        );
        expect(answer).toMatchObject({
          RoleName: 'exec',
          PolicyName: 'read',
          PolicyDocument: encodeURIComponent(POLICY),
        });
      },
    },
    refuses: {
      'when the role has none of this name': {
        input: ofRole({ PolicyName: 'other' }),
        error: ['NoSuchEntityException', 'The role policy with name other cannot be found.'],
        httpStatus: 404,
      },
    },
  },
  SimulatePrincipalPolicy: {
    command: SimulatePrincipalPolicyCommand,
    works: {
      "judges by the role's own and AWS's policies, action by action": async (scene) => {
        const role = await create(scene);
        await attach(scene);
        await put(scene);

        const { EvaluationResults } = await iam(scene).send(
          new SimulatePrincipalPolicyCommand({
            PolicySourceArn: role!.Arn,
            ActionNames: ['ecr:BatchGetImage', 'ssm:GetParameters', 's3:GetObject'],
          }),
        );

        expect(
          EvaluationResults!.map(({ EvalActionName, EvalDecision }) => [
            EvalActionName,
            EvalDecision,
          ]),
        ).toEqual([
          ['ecr:BatchGetImage', 'allowed'],
          ['ssm:GetParameters', 'allowed'],
          ['s3:GetObject', 'implicitDeny'],
        ]);
      },
      'tells several resources apart, and a denial wins': async (scene) => {
        const role = await create(scene);
        const statement = (Effect: string, Resource: string) => ({
          Effect,
          Action: 'ssm:Get*',
          Resource,
        });
        const PolicyDocument = JSON.stringify({
          Statement: [statement('Allow', 'arn:x:a/*'), statement('Deny', 'arn:x:a/?')],
        });
        await iam(scene).send(
          new PutRolePolicyCommand({ RoleName: 'exec', PolicyName: 'p', PolicyDocument }),
        );

        const { EvaluationResults } = await iam(scene).send(
          new SimulatePrincipalPolicyCommand({
            PolicySourceArn: role!.Arn,
            ActionNames: ['ssm:GetParameters'],
            ResourceArns: ['arn:x:a/12', 'arn:x:a/1', 'arn:x:b'],
          }),
        );

        expect(
          EvaluationResults![0]!.ResourceSpecificResults!.map((each) => each.EvalResourceDecision),
        ).toEqual(['allowed', 'explicitDeny', 'implicitDeny']);
      },
    },
    refuses: {
      'for a role that is not there': {
        input: {
          PolicySourceArn: `arn:aws:iam::${ACCOUNT}:role/nothing`,
          ActionNames: ['s3:GetObject'],
        },
        ...NO_ROLE,
      },
      'for what is no action': {
        input: async (scene) => {
          const role = await create(scene);
          return { PolicySourceArn: role!.Arn, ActionNames: ['everything'] };
        },
        error: ['InvalidInputException', 'Invalid action: everything'],
      },
      'for a policy that the sandbox can not judge': {
        input: async (scene) => {
          const role = await create(scene);
          await iam(scene).send(
            new AttachRolePolicyCommand({
              RoleName: 'exec',
              PolicyArn: `arn:aws:iam::${ACCOUNT}:policy/own`,
            }),
          );
          return { PolicySourceArn: role!.Arn, ActionNames: ['s3:GetObject'] };
        },
        error: ['InvalidInputException', /^The sandbox does not know what is in .*:policy\/own\.$/],
      },
    },
  },
  DeleteRole: {
    command: DeleteRoleCommand,
    works: {
      'deletes a role': async (scene) => {
        await create(scene);
        await iam(scene).send(new DeleteRoleCommand({ RoleName: 'exec' }));
        await expect(
          iam(scene).send(new GetRoleCommand({ RoleName: 'exec' })),
        ).rejects.toMatchObject({ name: 'NoSuchEntityException' });
      },
    },
    refuses: {
      'when it is not there': { input: { RoleName: 'nothing' }, ...NO_ROLE },
      'while a managed policy is attached': {
        input: async (scene) => {
          await create(scene);
          await attach(scene);
          return { RoleName: 'exec' };
        },
        error: ['DeleteConflictException', 'Cannot delete entity, must detach all policies first.'],
        httpStatus: 409,
      },
      'while it has a policy of its own': {
        input: async (scene) => {
          await create(scene);
          await put(scene);
          return { RoleName: 'exec' };
        },
        error: ['DeleteConflictException', 'Cannot delete entity, must delete policies first.'],
        httpStatus: 409,
      },
    },
  },
};

proveOperations(
  {
    client: iam,
    sdkPackage: '@aws-sdk/client-iam',
    operations: IAM_OPERATIONS.map(({ name }) => name),
    commonErrors: ['ValidationError'],
  },
  ROLES,
);
