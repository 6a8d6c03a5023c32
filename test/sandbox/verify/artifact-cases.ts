import { expect, test } from '@jest/globals';
import { REGION, VerifyScene } from './verify-scene.ts';

/** What is to be deployed, where it is recorded, and whose account all of that is in. */
export function artifactCases(): void {
  const V1 = 'hello:v1 (SHA aaaa1111, build 1)';

  test('credentials of another account make every other answer worthless', async () => {
    const scene = await VerifyScene.start();
    scene.environment['AccountID'] = '222222222222';
    for (const name of ['ExecutionRoleARN', 'ListenerARN', 'TargetGroupARNs']) {
      const text = JSON.stringify(scene.environment[name]);
      scene.environment[name] = JSON.parse(text.replaceAll('111111111111', '222222222222'));
    }

    const { checks, verdict } = await scene.verify();

    expect(verdict).toBe('problem');
    expect(checks.map(({ name }) => name)).toEqual(['accounts']);
    expect(await scene.linesOf('accounts')).toEqual([
      expect.stringMatching(/^✓ account 111111111111: the credentials are arn:aws:iam::1{12}:user/),
      expect.stringMatching(
        /^✗ AccountID of environment dev: is 222222222222, but .* account 111111111111/,
      ),
    ]);
  });

  test('credentials that nobody may ask about are unknown, and the rest is judged', async () => {
    const scene = (await VerifyScene.start()).deny('sts.GetCallerIdentity');

    expect(await scene.linesOf('accounts')).toEqual([
      '? credentials: these credentials may not call sts:GetCallerIdentity',
    ]);
    expect(await scene.linesOf('logs')).toEqual([expect.stringMatching(/^✓/)]);
  });

  test('without credentials nothing can be known', async () => {
    const scene = await VerifyScene.start();
    scene.fail('*', 'ExpiredTokenException');

    await expect(scene.verify()).rejects.toMatchObject({ code: 'ExpiredTokenException' });
  });

  test('tables are to be there, with the right keys', async () => {
    const scene = await VerifyScene.start();
    scene.config['LockTable'] = 'Nothing';

    expect(await scene.linesOf('tables')).toEqual([
      '✗ lock table Nothing: does not exist',
      '✓ ArtifactDB table ArtifactDB: is there, with the right keys',
    ]);
  });

  test('a table with other keys is a problem', async () => {
    const scene = await VerifyScene.start();
    scene.config['LockTable'] = 'ArtifactDB';
    scene.config['ArtifactDBTable'] = 'Nothing';

    const [line] = await scene.linesOf('tables');

    expect(line).toMatch(
      /^✗ lock table ArtifactDB: has the keys ProjectName S \(HASH\), .* but needs key S \(HASH\)$/,
    );
  });

  test('tables that may not be described are unknown', async () => {
    const scene = (await VerifyScene.start()).deny('dynamodb.DescribeTable');

    expect(await scene.linesOf('tables')).toEqual([
      '? lock table DeployLock: these credentials may not call dynamodb:DescribeTable',
      '? ArtifactDB table ArtifactDB: these credentials may not call dynamodb:DescribeTable',
    ]);
  });

  test('the newest build for automated deploys is judged, else the newest one', async () => {
    const scene = await VerifyScene.start();
    await scene.register('hello:v2', { SHA: 'bbbb2222' });

    const [automated] = await scene.linesOf('artifact');
    const [bySha] = await scene.linesOf('artifact', { sha: 'bbbb2222' });

    expect(automated).toMatch(`✓ ${V1}: the newest build for automated deploys; `);
    expect(bySha).toBe('✓ hello:v2 (SHA bbbb2222, build 2): is registered');
  });

  test('a SHA that is on no artifact is a problem, and what depends on it unknown', async () => {
    const scene = await VerifyScene.start();

    expect(await scene.linesOf('artifact', { sha: 'ffff0000' })).toEqual([
      '✗ SHA ffff0000: is on no artifact of project hello',
      '? templates: no artifact to render the templates with',
      '✓ gate to dev: there is none',
    ]);
    expect(await scene.linesOf('images', { sha: 'ffff0000' })).toEqual([
      '? images: no artifact to render the templates with',
    ]);
  });

  test('a SHA that may mean two artifacts is a problem', async () => {
    const scene = await VerifyScene.start();
    await scene.register('hello:v2', { SHA: 'cccc11112222' });
    await scene.register('hello:v3', { SHA: 'cccc11113333' });

    const [line] = await scene.linesOf('artifact', { sha: 'cccc1111' });

    expect(line).toMatch(/^✗ SHA cccc1111: may be hello:v3 .*, or hello:v2 /);
  });

  test('a project without artifacts is a problem', async () => {
    const scene = await VerifyScene.start();
    const text = JSON.stringify(scene.config).replace('"hello","Cont', '"other","Cont');
    Object.assign(scene.config, JSON.parse(text));

    expect((await scene.linesOf('artifact'))[0]).toBe('✗ project other: has no artifact');
  });

  test('ArtifactDB that may not be read makes the artifact unknown', async () => {
    const scene = (await VerifyScene.start()).deny('dynamodb.Query');

    expect((await scene.linesOf('artifact'))[0]).toBe(
      '? artifact: these credentials may not call dynamodb:Query',
    );
  });

  test('a template that does not render is a problem, told once', async () => {
    const scene = await VerifyScene.start();
    scene.container.Image = 'x/{{.Artifact.Nothing}}';

    const lines = await scene.linesOf('artifact');

    expect(lines[1]).toMatch(/^✗ templates: Apps\.hello\.ContainerDefinitionTemplates\[0\]\.image/);
    expect(await scene.linesOf('images')).toEqual(["? images: the templates can't be rendered"]);
  });

  test('what templates name outside of the config is looked up as a deploy does', async () => {
    const scene = await VerifyScene.start((world) => {
      world.parameters = [{ name: '/repository', type: 'String', value: 'hello' }];
    });
    scene.container.Image =
      '{{.Account}}.dkr.ecr.{{.Region}}.amazonaws.com/{{ssm "/repository"}}:v2';

    expect(await scene.linesOf('images')).toEqual([
      expect.stringMatching(
        new RegExp(`^✓ 111111111111.dkr.ecr.${REGION}.amazonaws.com/hello:v2:`),
      ),
    ]);

    scene.deny('ssm.GetParameters');

    expect(await scene.linesOf('images')).toEqual([
      '? images: these credentials may not call ssm:GetParameters',
    ]);
  });

  test('a gate by content asks for what the config says, and for no commit', async () => {
    const scene = await VerifyScene.start();
    scene.production['Gate'] = 'content';
    const gate = async () => (await scene.linesOf('artifact', { env: 'prod' })).at(-1);
    const [, identity = ''] = /configuration (content\.\w+)/.exec((await gate()) ?? '') ?? [];

    expect(identity).not.toBe('');
    const tags = { SHA: 'bbbb2222', ForAutomatedDeploy: 'true' };
    await scene.register('hello:v2', { ...tags, [`deploy-dev-${identity}`]: 'success' });

    expect(await gate()).toBe(
      `✓ gate to prod: open: hello:v2 with configuration ${identity} has been deployed to dev`,
    );
  });

  test('a config without a name leaves the gate unknown', async () => {
    const scene = await VerifyScene.start();

    const lines = await scene.linesOf('artifact', { env: 'prod', configSha: undefined });

    expect(lines.at(-1)).toMatch(
      /^\? gate to prod: the configuration has no name yet: The config \S+ is in no git commit/,
    );
  });

  test('a closed gate is a problem for the artifact that was named, and else a warning', async () => {
    const scene = await VerifyScene.start();
    const gate = async (options: object) => (await scene.linesOf('artifact', options)).at(-1);
    const closed =
      'gate to prod: closed: hello:v1 with configuration cfg00001 has not been deployed to dev';

    expect(await gate({ env: 'prod', sha: 'aaaa1111' })).toBe(`✗ ${closed}`);
    expect(await gate({ env: 'prod' })).toBe(`! ${closed}`);

    await scene.register('hello:v1', { SHA: 'dddd1111', 'deploy-dev-cfg00001': 'failure' });
    expect(await gate({ env: 'prod', sha: 'dddd1111' })).toMatch(/^✗ .* failed in dev$/);

    await scene.register('hello:v1', { SHA: 'eeee1111', 'deploy-dev-cfg00001': 'success' });
    expect(await gate({ env: 'prod', sha: 'eeee1111' })).toMatch(/^✓ .* has been deployed to dev$/);
  });
}
