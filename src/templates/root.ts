import { type GroupValue, int, string, type Value } from './go/value.ts';
import type { AccountValues, TemplateValues } from './values.ts';

/** The values as a Go template sees them: names that it may not find are known to be right. */
export function rootOf(values: AccountValues | TemplateValues): GroupValue {
  const root = new Map<string, Value>([
    ['Account', string(values.Account)],
    ['Region', string(values.Region)],
  ]);
  if ('Artifact' in values) {
    const { Value, BuildNumber, Tags } = values.Artifact;
    const tags = Object.entries(Tags).map(([name, tag]) => [name, string(tag)] as const);
    const artifact = new Map<string, Value>([
      ['Value', string(Value)],
      ['BuildNumber', int(BuildNumber)],
      ['Tags', { kind: 'map', entries: new Map(tags) }],
    ]);
    root.set('Environment', string(values.Environment));
    root.set('Artifact', { kind: 'group', entries: artifact, later: new Map() });
    if (values.TaskDefinition !== undefined) {
      root.set('TaskDefinition', string(values.TaskDefinition));
    }
  }
  return { kind: 'group', entries: root, later: LATER };
}

const LATER = new Map([
  [
    'TaskDefinition',
    {
      what: 'is known only after the deploy',
      hint: 'Only PostDeployCommandTemplates can name it.',
    },
  ],
]);
