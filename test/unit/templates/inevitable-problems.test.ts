import { expect, test } from '@jest/globals';
import { parseConfig } from '../../../src/config/parse.ts';
import { formatPath } from '../../../src/config/problems.ts';
import { inevitableProblems } from '../../../src/templates/inevitable-problems.ts';
import { containerOf, type Loose, loose, twoAppsWith } from '../config/fixtures/two-apps.ts';

function problemsIn(change: (file: Loose) => void, environment = 'dev'): string[] {
  const app = parseConfig(twoAppsWith(change), 'f').config.apps.get('net-conf')!;
  const problems = inevitableProblems(app, app.environments.get(environment)!);
  return problems.map(({ path, message }) => `${formatPath(path)}: ${message}`);
}

const withHostname = (value: string) => (file: Loose) => {
  containerOf(file)['hostname'] = loose(value);
};

test('every mistake that no artifact could mend is told at once', () => {
  const problems = problemsIn((file) => {
    withHostname('{{.Nope}}')(file);
    file['Apps']!['net-conf']!['PreDeployCommandTemplates'] = loose([
      { Program: 'x', Arguments: ['{{.TaskDefinition}}'] },
    ]);
  });

  expect(problems).toEqual([
    expect.stringMatching(
      /^Apps\.net-conf\.ContainerDefinitionTemplates\[0\]\.hostname: template, line 1, column 3: /,
    ),
    expect.stringMatching(/^Apps\.net-conf\.PreDeployCommandTemplates\[0\]\.Arguments\[0\]: /),
  ]);
});

test.each([
  '{{if .Artifact.Tags.old}}{{.Nope}}{{end}}',
  '{{if not .Artifact.Tags.old}}{{.Nope}}{{end}}',
  '{{if eq .Environment "prod"}}{{.Nope}}{{end}}',
  '{{if eq (env "STAGE") "x"}}{{.Nope}}{{else}}{{.Nope}}{{end}}',
  '{{slice .Artifact.Tags.x 0 900}}',
  '{{.Artifact.Tags.x}}',
  '{{ssm "/x"}}',
])('%s may do for the artifact that is deployed', (value) => {
  expect(problemsIn(withHostname(value))).toEqual([]);
});

test('what is wrong in one environment is told there', () => {
  const change = withHostname('{{if eq .Environment "prod"}}{{.Nope}}{{end}}');

  expect(problemsIn(change, 'prod')).toEqual([
    expect.stringContaining('{{.Nope}} names a value that is not there'),
  ]);
});
