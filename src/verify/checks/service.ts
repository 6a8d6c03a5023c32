import type { Service } from '../../deploy/model.ts';
import type { Check } from '../check.ts';
import type { Facts } from '../facts.ts';
import { type Finding, ok, problem, warning } from '../finding.ts';
import { lookedAt } from '../unread.ts';

/** The service takes task sets, and one more. */
export const service: Check = {
  name: 'service',
  title: 'Service',
  reads: ['ecs:DescribeServices'],
  run: (facts) => {
    const { cluster, service: name } = facts.request.environment;
    const subject = `service ${name} in cluster ${cluster}`;
    return lookedAt(subject, async () => {
      const found = await facts.foundService();
      if (typeof found !== 'string') return [...judge(subject, found), room(facts, found)];
      return found === 'no-cluster'
        ? problem(`cluster ${cluster}`, 'does not exist', {
            hint: 'Create it, or correct Cluster.',
          })
        : problem(subject, 'does not exist', { hint: 'Create it, or correct Service or Family.' });
    });
  },
};

function judge(subject: string, found: Service): readonly Finding[] {
  const { status, controller, desiredCount } = found;
  const problems = [
    ...(status === 'ACTIVE' ? [] : [problem(subject, `is ${status}`)]),
    ...(controller === 'EXTERNAL'
      ? []
      : [
          problem(subject, `has the deployment controller ${controller}; task sets need EXTERNAL`, {
            hint: 'The controller of a service cannot be changed: create another service.',
          }),
        ]),
    ...(desiredCount >= 1
      ? []
      : [
          problem(
            subject,
            'has a desired count of 0: a new version would be healthy with no task',
            {
              hint: 'Set its desired count to 1 or more.',
            },
          ),
        ]),
  ];
  if (problems.length > 0) return problems;
  return [ok(subject, `is ACTIVE, with the controller EXTERNAL and ${tasks(desiredCount)}`)];
}

const tasks = (count: number) => `${count} ${count === 1 ? 'task' : 'tasks'} desired`;

/**
 * Observed, and in no documentation: task sets that are still draining count.
 * @see CreateTaskSet, Amazon ECS API Reference
 */
const TASK_SETS_MAX = 5;

/** The first thing that a deploy does is to remove what is left on the idle colour. */
function room({ request }: Facts, { taskSets }: Service): Finding {
  const subject = 'room for a task set';
  if (taskSets.length < TASK_SETS_MAX) {
    return ok(subject, `${taskSets.length} of ${TASK_SETS_MAX} are in use`);
  }
  const own = Object.values(request.environment.targetGroupArns);
  const removable = taskSets.filter(
    ({ status, targetGroupArns }) =>
      status === 'DRAINING' ||
      (status === 'ACTIVE' && targetGroupArns.some((arn) => own.includes(arn))),
  );
  const ids = taskSets.map(({ id, status }) => `${id} (${status})`).join(', ');
  const message = `all ${TASK_SETS_MAX} that a service may have are in use: ${ids}`;
  return removable.length > 0
    ? warning(subject, message, { hint: 'A deploy first removes those of the idle colour.' })
    : problem(subject, message, { hint: 'Delete one that serves nobody.' });
}
