import type { Check } from '../check.ts';
import { type Container, containersOf } from '../containers.ts';
import type { Facts } from '../facts.ts';
import { type Finding, ok, problem, unknown, warning } from '../finding.ts';
import { all, lookedAt } from '../unread.ts';

/** What containers print has somewhere to go: without its log group no task starts. */
export const logs: Check = {
  name: 'logs',
  title: 'Logs',
  reads: ['logs:DescribeLogGroups'],
  run: (facts) =>
    lookedAt('logs', async () => {
      const containers = containersOf(await facts.rendered());
      return all(
        containers.map((container) =>
          lookedAt(`logs of ${container.name}`, () => logsOf(facts, container)),
        ),
      );
    }),
};

/** @see Example Amazon ECS task definition: Route logs to CloudWatch, Amazon ECS Developer Guide */
const REQUIRED = ['awslogs-group', 'awslogs-region', 'awslogs-stream-prefix'];

async function logsOf(facts: Facts, container: Container): Promise<Finding> {
  const { name, logDriver, logOptions } = container;
  const subject = `logs of ${name}`;
  if (logDriver === undefined) {
    return warning(subject, 'go nowhere: it has no LogConfiguration', {
      hint: 'When a task fails there will be nothing to read.',
    });
  }
  if (logDriver !== 'awslogs') {
    return unknown(subject, `go through ${logDriver}, which is not looked at`);
  }
  const missing = REQUIRED.filter((option) => !logOptions[option]);
  if (missing.length > 0) {
    return problem(subject, `lack the option ${missing.join(' and ')}`, {
      hint: 'Fargate starts no task without it.',
    });
  }
  return groupOf(facts, subject, logOptions);
}

async function groupOf(
  { ports, request }: Facts,
  subject: string,
  options: Container['logOptions'],
): Promise<Finding> {
  const group = options['awslogs-group'] ?? '';
  const region = options['awslogs-region'] ?? '';
  const where = region === request.environment.region ? '' : ` in ${region}`;
  if (await ports.logGroups.exists(region, group)) {
    return ok(subject, `log group ${group} exists${where}`);
  }
  if (options['awslogs-create-group'] === 'true') {
    return ok(subject, `log group ${group} will be created by the first task${where}`, {
      hint: 'For that the execution role needs logs:CreateLogGroup.',
    });
  }
  return problem(subject, `there is no log group ${group} in ${region}`, {
    hint: `Create it (aws logs create-log-group --region ${region} --log-group-name ${group}): no task starts without it.`,
  });
}
