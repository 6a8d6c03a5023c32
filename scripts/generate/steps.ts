import { BLUE_GREEN_STEPS } from '../../src/deploy/steps/index.ts';
import type { GeneratedFile } from './generated-file.ts';

const HEAD = `<!-- Written by \`npm run generate\` from src/deploy/steps. Do not edit. -->
# The steps of a deploy

The numbers are those of the original tool. A step's number is written to the lock before its first
effect, so that whoever finds the lock knows how far the deploy got. A resume skips each step whose
result AWS shows already.

Step 1 takes the lock (\`dynamodb:GetItem\` and \`dynamodb:UpdateItem\` on the lock table). Before it,
everything that can refuse a deploy is read: whose the credentials are (\`sts:GetCallerIdentity\`), the
artifact (\`dynamodb:Query\` on the ArtifactDB table), the images (\`ecr:BatchGetImage\`; to name similar
tags \`ecr:ListImages\`), the rules and the service. With the lock held a gate is asked once more
(\`dynamodb:GetItem\` on the ArtifactDB table). After the end the deploy is added to the history
(\`dynamodb:PutItem\` on the same table).

Right after step 1 a start-over puts right what it finds, and so does the resume of one that was cut
off there: what serves becomes PRIMARY (\`ecs:UpdateServicePrimaryTaskSet\`), and where nothing runs
that gets the traffic, it goes to the version that does (\`elasticloadbalancing:SetRulePriorities\`,
after \`elasticloadbalancing:DescribeTargetHealth\`). That is no step, and has no number.

| step | what it does | reads | changes |
| --- | --- | --- | --- |
`;

/** docs/steps.md: what each step does, and the IAM actions that it needs. */
export const stepsFile: GeneratedFile = {
  file: 'docs/steps.md',
  content: () => `${HEAD}${BLUE_GREEN_STEPS.map(row).join('\n')}\n`,
};

function row({ number, title, reads, changes }: (typeof BLUE_GREEN_STEPS)[number]): string {
  return `| ${number} | ${title} | ${listed(reads)} | ${listed(changes)} |`;
}

function listed(actions: readonly string[]): string {
  return actions.length === 0 ? '–' : actions.map((action) => `\`${action}\``).join('<br>');
}
