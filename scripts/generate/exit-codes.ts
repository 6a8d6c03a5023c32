import { EXIT } from '../../src/errors.ts';
import type { GeneratedFile } from './generated-file.ts';

/** What each ending means for users, and what to do. A code without a text does not compile. */
const MEANINGS: Record<keyof typeof EXIT, readonly [meaning: string, next: string]> = {
  ok: ['Done.', 'Nothing.'],
  failedBeforeSwap: [
    'Failed, and traffic never moved: the old version serves.',
    'Correct the cause, then `-resume` or `-start-over`.',
  ],
  usage: [
    'The command line, the config or a template is wrong. Nothing was changed.',
    'Correct what the message names.',
  ],
  locked: [
    'Somebody else deploys, or an unfinished deploy waits for a decision. Nothing was changed.',
    'Wait for the other deploy, or decide: `-resume` or `-start-over`.',
  ],
  refused: [
    'A gate or a check refused. Nothing was changed.',
    'Do what the message asks for first.',
  ],
  failedAfterSwap: [
    'Failed after traffic had moved: the new version serves.',
    'Run the same command with `-resume`.',
  ],
  rolledBack: [
    'The deploy was rolled back: the old version serves.',
    'Find out why the new version failed; the environment is ready for another deploy.',
  ],
  needsHuman: [
    'What AWS reports is inconsistent; what and why is printed. Nothing is done that could harm.',
    'Look at what is printed, put it right, then `-resume` or `-start-over`.',
  ],
  changes: [
    '`ecs-deploy plan` only: a deploy would change something. Nothing was changed.',
    'Deploy, if that is what you want.',
  ],
  bug: ['A bug of ecs-deploy.', 'Report what was printed; then `-resume` or `-start-over`.'],
  interrupted: [
    'Interrupted by SIGINT (Ctrl-C). The lock was given up in good order.',
    '`-resume` or `-start-over`.',
  ],
  terminated: [
    'Ended by SIGTERM. The lock was given up in good order.',
    '`-resume` or `-start-over`.',
  ],
};

/** docs/exit-codes.md: every way the program can end. */
export const exitCodesFile: GeneratedFile = {
  file: 'docs/exit-codes.md',
  content() {
    const names = Object.keys(EXIT) as (keyof typeof EXIT)[];
    const rows = names.map((name) => {
      const [meaning, next] = MEANINGS[name];
      return `| ${EXIT[name]} | \`${name}\` | ${meaning} | ${next} |`;
    });
    return [
      '<!-- Written by `npm run generate` from src/errors.ts. Do not edit. -->',
      '# Exit codes',
      '',
      'Scripts can rely on the numbers. The last lines on the terminal say which version serves users',
      'now, and what to type next.',
      '',
      '| code | name | what happened | what to do next |',
      '| --- | --- | --- | --- |',
      ...rows,
      '',
      '`ecs-deploy status` only looks: it ends with 0 when every environment is healthy and with 1 when one',
      'is degraded or could not be read; see [status.md](status.md).',
      '',
    ].join('\n');
  },
};
