import { expect, test } from '@jest/globals';
import { ACCOUNT, REGION, REGISTRY, VerifyScene } from './verify-scene.ts';

/** What containers need from outside: images, secrets, somewhere to log to. */
export function containersCases(): void {
  const IMAGE = `${REGISTRY}/hello:v1`;
  const SECRET = `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:hello/key`;

  const images = (architectures?: string[]) =>
    VerifyScene.start((world) => {
      const image = { tags: ['v1'], command: ['x'] };
      world.repositories = [
        { name: 'hello', images: [architectures ? { ...image, architectures } : image] },
      ];
    });

  test.each([
    ['a single image', ['amd64'], 'linux/amd64'],
    ['an index', ['arm64', 'amd64'], 'linux/arm64, linux/amd64'],
  ])('%s of the right architecture is fine', async (_, architectures, names) => {
    const scene = await images(architectures);

    expect(await scene.linesOf('images')).toEqual([
      expect.stringMatching(
        new RegExp(`^✓ ${IMAGE}: is there \\(sha256:[0-9a-f]{12}…\\), for ${names}$`),
      ),
    ]);
  });

  test.each([
    ['a single image', ['arm64'], 'linux/arm64'],
    ['an index', ['arm64', 's390x'], 'linux/arm64, linux/s390x'],
  ])('%s of another architecture is a problem', async (_, architectures, names) => {
    const scene = await images(architectures);

    const [line] = await scene.linesOf('images');

    expect(line).toMatch(/^✗/);
    expect(line).toContain(`runs on ${names} only; tasks are linux/amd64`);
  });

  test('an image that says nothing of its architecture is there, and the rest is unknown', async () => {
    const scene = await images();

    expect(await scene.linesOf('images')).toEqual([
      expect.stringMatching(/^✓ .*hello:v1: is there \(sha256:[0-9a-f]{12}…\)$/),
      `? architecture of ${IMAGE}: its config does not say what it runs on`,
    ]);
  });

  test("a config that may not be fetched leaves the image's existence known", async () => {
    const scene = (await images(['amd64'])).deny('ecr.GetDownloadUrlForLayer');

    expect(await scene.linesOf('images')).toEqual([
      expect.stringMatching(/^✓ .*hello:v1: is there/),
      `? architecture of ${IMAGE}: these credentials may not call ecr:GetDownloadUrlForLayer`,
    ]);
  });

  test('what an index lists beside images runs on nothing', async () => {
    const scene = await images(['amd64']);
    const digest = scene.world.ecr.repositories.get('hello')!.tags.get('v1')!;
    const entry = (os: string, architecture: string) => ({
      digest,
      platform: { os, architecture },
    });
    scene.perform('ecr', 'PutImage', {
      repositoryName: 'hello',
      imageTag: 'v1',
      imageManifest: JSON.stringify({
        schemaVersion: 2,
        mediaType: 'application/vnd.oci.image.index.v1+json',
        manifests: [entry('linux', 'arm64'), entry('unknown', 'unknown')],
      }),
    });

    expect((await scene.linesOf('images'))[0]).toMatch(/runs on linux\/arm64 only;/);
  });

  test('an image that is not in its repository is a problem', async () => {
    const scene = await VerifyScene.start();
    await scene.register('hello:v9', { SHA: 'ffff0000' });

    expect(await scene.linesOf('images', { sha: 'ffff0000' })).toEqual([
      `✗ ${REGISTRY}/hello:v9: is not in repository hello in account ${ACCOUNT}, ${REGION}`,
    ]);
  });

  test.each(['hello:v1:v2', 'Hello:v1', 'hello:v 1', 'hello:"v1"'])(
    'a name that ECR can have no image by is a problem: %s',
    async (value) => {
      const scene = await VerifyScene.start();
      scene.container.Image = `${REGISTRY}/${value}`;

      expect(await scene.linesOf('images')).toEqual([
        `✗ ${REGISTRY}/${value}: is no name that an image in ECR can have`,
      ]);
    },
  );

  test('a repository that is not there is a problem, and another registry is unknown', async () => {
    const scene = await VerifyScene.start();
    scene.container.Image = `${REGISTRY}/nothing:v1`;
    expect(await scene.linesOf('images')).toEqual([
      `✗ ${REGISTRY}/nothing:v1: there is no repository nothing in account ${ACCOUNT}, ${REGION}`,
    ]);

    scene.container.Image = 'docker.io/library/nginx:1';
    expect(await scene.linesOf('images')).toEqual([
      '? docker.io/library/nginx:1: is in a registry other than ECR, which is not asked',
    ]);
  });

  test('an image that may not be looked at is unknown', async () => {
    const scene = (await VerifyScene.start()).deny('ecr.BatchGetImage');

    expect(await scene.linesOf('images')).toEqual([
      `? ${IMAGE}: these credentials may not call ecr:BatchGetImage`,
    ]);
  });

  /** An app with these secrets, of which the sandbox has two parameters and one secret. */
  async function withSecrets(...valuesFrom: string[]): Promise<VerifyScene> {
    const scene = await VerifyScene.start((world) => {
      world.parameters = [
        { name: '/db/password', type: 'SecureString', value: 'hunter2' },
        { name: 'plain', type: 'String', value: 'x' },
      ];
      world.secrets = [{ name: 'hello/key', value: '{"user":"a"}' }];
    });
    scene.container.Secrets = valuesFrom.map((ValueFrom, index) => ({
      Name: `S${index}`,
      ValueFrom,
    }));
    return scene;
  }

  test('parameters are found by name and by ARN, and secrets by ARN', async () => {
    const parameterArn = `arn:aws:ssm:${REGION}:${ACCOUNT}:parameter/db/password`;
    const scene = await withSecrets('/db/password', 'plain', parameterArn, `${SECRET}:user::`);

    expect(await scene.linesOf('secrets')).toEqual([
      `✓ secret S3 of hello: secret ${SECRET} exists`,
      '✓ secret S0 of hello: parameter /db/password exists',
      '✓ secret S1 of hello: parameter plain exists',
      `✓ secret S2 of hello: parameter ${parameterArn} exists`,
    ]);
  });

  test('what is not there is a problem', async () => {
    const scene = await withSecrets(
      '/nothing',
      `${SECRET}s`,
      `${SECRET}::NOSTAGE:`,
      'arn:aws:s3:::x',
    );

    expect(await scene.linesOf('secrets')).toEqual([
      `✗ secret S1 of hello: there is no secret ${SECRET}s in ${REGION}`,
      `✗ secret S2 of hello: secret ${SECRET} has no version NOSTAGE`,
      '✗ secret S3 of hello: arn:aws:s3:::x is the ARN of neither a secret nor a parameter',
      `✗ secret S0 of hello: there is no parameter /nothing in ${REGION}`,
    ]);
  });

  test('a parameter of another Region is looked for there', async () => {
    const arn = `arn:aws:ssm:eu-west-1:${ACCOUNT}:parameter/there`;
    const scene = await VerifyScene.start((world) => {
      const parameters = [{ name: '/there', type: 'String' as const, value: 'x' }];
      world.elsewhere = [{ region: 'eu-west-1', parameters }];
    });
    scene.container.Secrets = [
      { Name: 'A', ValueFrom: arn },
      { Name: 'B', ValueFrom: `${arn}s` },
    ];

    expect(await scene.linesOf('secrets')).toEqual([
      `✓ secret A of hello: parameter ${arn} exists`,
      `✗ secret B of hello: there is no parameter ${arn}s in eu-west-1`,
    ]);
  });

  test('a secret that is marked for deletion is a problem', async () => {
    const scene = await withSecrets(SECRET);
    scene.perform('secretsmanager', 'DeleteSecret', { SecretId: 'hello/key' });

    expect(await scene.linesOf('secrets')).toEqual([
      `✗ secret S0 of hello: secret ${SECRET} is marked for deletion and can't be read`,
    ]);
  });

  test('more parameters than one call takes are all looked for', async () => {
    const names = Array.from({ length: 23 }, (_, index) => `/nothing/${index}`);
    const scene = await withSecrets(...names, 'plain');

    const lines = await scene.linesOf('secrets');

    expect(lines.filter((line) => line.startsWith('✗'))).toHaveLength(23);
    expect(lines.at(-1)).toBe('✓ secret S23 of hello: parameter plain exists');
  });

  test('secrets that may not be looked at are unknown', async () => {
    const scene = (await withSecrets('/db/password', SECRET)).deny(
      'ssm.GetParameters',
      'secretsmanager.DescribeSecret',
    );

    expect(await scene.linesOf('secrets')).toEqual([
      '? secret S1 of hello: these credentials may not call secretsmanager:DescribeSecret',
      '? secret S0 of hello: these credentials may not call ssm:GetParameters',
    ]);
  });

  test('secrets of log drivers and registries are looked for too, and S3 is unknown', async () => {
    const scene = await withSecrets();
    scene.container['RepositoryCredentials'] = { CredentialsParameter: 'hello/key' };
    scene.container['EnvironmentFiles'] = [{ Value: 'arn:aws:s3:::b/x.env', Type: 's3' }];
    scene.container.LogConfiguration = {
      LogDriver: 'splunk',
      SecretOptions: [{ Name: 'token', ValueFrom: '/nothing' }],
    };

    expect(await scene.linesOf('secrets')).toEqual([
      '✓ registry credentials of hello: secret hello/key exists',
      `✗ secret token of hello's log configuration: there is no parameter /nothing in ${REGION}`,
      '? environment file arn:aws:s3:::b/x.env: objects of S3 are not looked at',
    ]);
    expect(await scene.linesOf('logs')).toEqual([
      '? logs of hello: go through splunk, which is not looked at',
    ]);
  });

  test('no value of a secret or a parameter is in what is found', async () => {
    const scene = await withSecrets('/db/password', 'plain', SECRET);

    expect(JSON.stringify(await scene.verify())).not.toMatch(/hunter2|"user"/);
    const called = scene.front.calls.entries().map(({ operation }) => operation);
    expect(called).not.toContain('GetSecretValue');
  });

  test('a log group is to be there, or to be created', async () => {
    const scene = await VerifyScene.start((world) => {
      world.logGroups = ['/ecs/hello-dev-2'];
    });
    const options = scene.container.LogConfiguration!.Options!;

    expect(await scene.linesOf('logs')).toEqual([
      `✗ logs of hello: there is no log group /ecs/hello-dev in ${REGION}`,
    ]);

    options['awslogs-create-group'] = 'false';
    expect((await scene.linesOf('logs'))[0]).toMatch(/^✗ .* there is no log group/);

    options['awslogs-create-group'] = 'true';
    expect(await scene.linesOf('logs')).toEqual([
      '✓ logs of hello: log group /ecs/hello-dev will be created by the first task',
    ]);

    delete options['awslogs-stream-prefix'];
    expect(await scene.linesOf('logs')).toEqual([
      '✗ logs of hello: lack the option awslogs-stream-prefix',
    ]);

    delete scene.container.LogConfiguration;
    expect(await scene.linesOf('logs')).toEqual([
      '! logs of hello: go nowhere: it has no LogConfiguration',
    ]);
  });
}
