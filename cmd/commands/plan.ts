import type { Argv } from 'yargs';
import type { ExitCode } from '../../src/errors.ts';
import type { CommandIo, OutputFormat, PlanOptions, Session } from '../options.ts';
import { checkedDeploy, DEPLOY_FLAGS } from './deploy-flags.ts';

const TEXT: OutputFormat = 'text';
const OUTPUTS: readonly OutputFormat[] = [TEXT, 'json'];

type RunPlan = (options: PlanOptions, io: CommandIo) => Promise<ExitCode>;

/** Loads the SDK when it is wanted. */
const loadAndRun: RunPlan = async (options, io) => {
  const { runPlan } = await import('../plan-app.ts');
  return runPlan(options, io);
};

/** `ecs-deploy plan`: what a deploy with the same flags would do now. */
export function planCommand(
  cli: Argv,
  session: Session,
  { runPlan = loadAndRun }: { runPlan?: RunPlan } = {},
): Argv {
  const example = `${session.name} plan -app web -env dev`;
  return cli.command(
    'plan',
    'Print what a deploy would do now, step by step; changes nothing',
    (command) =>
      command
        .options({
          ...DEPLOY_FLAGS,
          output: { choices: OUTPUTS, default: TEXT, describe: 'For people, or one line of JSON' },
        })
        .example(`${example} -sha 1a2b3c4d`, 'Before a deploy of that build')
        .example(`${example} -resume`, 'Before finishing what was cut short'),
    (args) => {
      const options = { ...checkedDeploy(args), output: args.output };
      session.work = () => runPlan(options, session.io);
    },
  );
}
