/**
 * Goal: every form that the Go tool takes is taken, with the same meaning. Each entry is one thing
 * that Go's JSON, templates or structures allow; the config it stands in must validate, and render
 * to what is given.
 */
import { expect, test } from '@jest/globals';
import { parseConfig } from '../../../src/config/parse.ts';
import { validateConfig } from '../../../src/config/validate.ts';
import { templateValues } from '../../../src/templates/app-templates.ts';
import { renderTemplate } from '../../../src/templates/render.ts';
import { containerOf, devOf, type Loose, loose, twoAppsWith } from './fixtures/two-apps.ts';

const ARTIFACT = { value: 'net-conf:abcd1234', buildNumber: 7, tags: { SHA: 'abcd1234' } };

interface Form {
  readonly form: string;
  /** Makes the config so, from one in use. */
  readonly file: (file: Loose) => void;
  /** What the environment has then, or its first container once it is rendered. */
  readonly environment?: object;
  readonly container?: object;
  readonly warnings?: number;
}

/** The first container's variable X. */
const template = (value: string, rendered: string, form: string): Form => ({
  form,
  file: (file) => (containerOf(file)['environment'] = loose([{ name: 'X', value }])),
  container: { environment: [{ name: 'X', value: rendered }] },
});

/** Takes a key away and puts it in with another spelling. */
const respelled = (object: Loose, key: string, spelling: string) => {
  const value = object[key]!;
  delete object[key];
  object[spelling] = value;
};

const FORMS: readonly Form[] = [
  {
    form: 'keys in any case: ExecutionRoleARN for the field ExecutionRoleArn',
    file: (file) => respelled(devOf(file), 'ExecutionRoleARN', 'executionrolearn'),
    environment: { executionRoleArn: 'arn:aws-us-gov:iam::444455556666:role/net-conf-execution' },
  },
  {
    form: 'keys in any case inside of containers: Image beside environment and hostPort',
    file: (file) => {
      respelled(containerOf(file), 'Image', 'IMAGE');
      containerOf(file)['PORTMAPPINGS'] = loose([{ HOSTPORT: 2020, containerport: 2020 }]);
      delete containerOf(file)['PortMappings'];
    },
    container: { portMappings: [{ hostPort: 2020, containerPort: 2020 }] },
  },
  {
    form: 'the same key twice in another case: the last one counts',
    file: (file) => {
      devOf(file)['cpu'] = loose('2048');
    },
    environment: { cpu: '2048' },
    warnings: 1,
  },
  {
    form: 'unknown keys are ignored',
    file: (file) => {
      file['Comment'] = loose('ours');
      devOf(file)['Owner'] = loose({ Team: 'x' });
    },
    warnings: 2,
  },
  {
    form: 'newer members of ECS reach it as they are written',
    file: (file) => (containerOf(file)['someNewMember'] = loose({ Kept: 'As Is' })),
    container: { someNewMember: { Kept: 'As Is' } },
    warnings: 1,
  },
  {
    form: 'keys of maps are data: labels and log options keep their case',
    file: (file) => (containerOf(file)['DockerLabels'] = loose({ 'Com.Example': 'x', com: 'y' })),
    container: {
      dockerLabels: { 'Com.Example': 'x', com: 'y' },
      logConfiguration: expect.objectContaining({
        options: expect.objectContaining({ 'Mixed-Case-Option': 'kept' }),
      }),
    },
  },
  {
    form: 'names of apps and environments are data too, as are blue and green',
    file: (file) => {
      respelled(file['Apps']!['net-conf']!['Environments']!, 'prod', 'Prod');
    },
  },
  {
    form: 'CPU and Memory in quotes, as Go has them',
    file: (file) => (devOf(file)['CPU'] = loose('1024')),
    environment: { cpu: '1024', memory: '1024' },
  },
  {
    form: 'CPU and Memory as numbers, which Go refused',
    file: (file) => {
      devOf(file)['CPU'] = loose(1024);
      devOf(file)['Memory'] = loose(2048);
    },
    environment: { cpu: '1024', memory: '2048' },
  },
  {
    form: "a container's numbers in quotes, which Go refused",
    file: (file) => (containerOf(file)['MemoryReservation'] = loose('512')),
    container: { memoryReservation: 512 },
    warnings: 1,
  },
  {
    form: 'null for what is not given',
    file: (file) => {
      devOf(file)['TaskRoleARN'] = loose(null);
      containerOf(file)['command'] = loose(null);
      file['Apps']!['net-conf']!['PreDeployCommandTemplates'] = loose(null);
    },
  },
  {
    form: 'an empty text for what is not given',
    file: (file) => {
      devOf(file)['TaskRoleARN'] = loose('');
      devOf(file)['RequiresPreviousEnvDeploy'] = loose('');
    },
  },
  {
    form: 'a host port of 0, which is none',
    file: (file) => {
      containerOf(file)['PortMappings'] = loose([{ hostPort: 0, containerPort: 2020 }]);
    },
  },
  template('{{.Account}} {{.Region}} {{.Environment}}', '444455556666 us-gov-west-1 dev', 'names'),
  template('{{.Artifact.Value}} {{.Artifact.BuildNumber}}', 'net-conf:abcd1234 7', 'the artifact'),
  template('{{.Artifact.Tags.SHA}}', 'abcd1234', 'tags of the artifact'),
  template('{{.Region | printf "%q"}}', '"us-gov-west-1"', 'pipelines'),
  template('{{if eq .Environment "dev"}}a{{else}}b{{end}}', 'a', 'if, else and double quotes'),
  template('{{if ne .Environment "dev"}}a{{else if gt 2 1}}b{{end}}', 'b', 'else if, ne and gt'),
  template('{{range $k, $v := .Artifact.Tags}}{{$k}}={{$v}}{{end}}', 'SHA=abcd1234', 'range'),
  template('{{with .Artifact}}{{.Value}}{{end}}', 'net-conf:abcd1234', 'with'),
  template('{{and true .Region}}{{or "" "x"}}{{not true}}', 'us-gov-west-1xfalse', 'and, or, not'),
  template('{{printf "%s-%05d" .Environment .Artifact.BuildNumber}}', 'dev-00007', 'printf'),
  template('{{index .Artifact.Tags "SHA"}}{{len "abc"}}', 'abcd12343', 'index and len'),
  template('{{le 1 2}}{{lt 2 1}}{{ge 1 1}}', 'truefalsetrue', 'the other comparisons'),
  template('a {{- .Environment -}} b', 'adevb', 'trim markers'),
  template('a{{/* no text */}}b', 'ab', 'comments'),
  template('{{print `raw "text"`}}', 'raw "text"', 'raw strings'),
  template('{{$x := .Region}}{{$x}}', 'us-gov-west-1', 'variables'),
  template('<a href="x">&', '<a href="x">&', 'signs that Go escaped on its way'),
];

test.each(FORMS)('$form', async ({ file, environment, container, warnings = 0 }) => {
  const text = twoAppsWith(file);

  const validation = await validateConfig({ path: 'f.json', text }, () => false);

  expect(validation.errors).toEqual([]);
  expect(validation.warnings).toHaveLength(warnings);
  const app = validation.config!.apps.get('net-conf')!;
  const dev = app.environments.get('dev')!;
  const [first] = renderTemplate(
    app.containerDefinitionTemplates,
    templateValues(dev, ARTIFACT),
    'C',
  );
  expect(dev).toMatchObject(environment ?? {});
  expect(first).toMatchObject(container ?? {});
});

test('{{.TaskDefinition}} is known to post-deploy commands, and in pre-deploy ones an error', async () => {
  const text = twoAppsWith((file) => {
    file['Apps']!['net-conf']!['PreDeployCommandTemplates'] = loose([
      { Program: 'x', Arguments: ['{{.TaskDefinition}}'] },
    ]);
  });

  const { errors } = await validateConfig({ path: 'f.json', text }, () => false);

  // The file in use has it in its post-deploy commands.
  expect(errors.map(({ path }) => path)).toEqual([
    'Apps.net-conf.PreDeployCommandTemplates[0].Arguments[0]',
  ]);
});

test('a byte order mark and Windows line ends are no errors', () => {
  const text = `\uFEFF${twoAppsWith(() => {}).replaceAll('\n', '\r\n')}`;

  expect(parseConfig(text, 'f').warnings).toEqual([]);
});
