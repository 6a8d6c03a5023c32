import type { DeployTools } from '../deploy/request.ts';
import type { AwsPorts, ImagesPort } from '../deploy/ports.ts';
import { memo, once } from '../memo.ts';

/**
 * The tools of a deploy for one look: what was read is not asked for again, so that everything goes
 * by the same answers, and nothing can be changed.
 */
export function sharedReads(tools: DeployTools): DeployTools {
  const { artifacts } = tools;
  const searches = memo((project) => memo((sha: string) => artifacts.findBySha(project, sha)));
  return {
    ...tools,
    aws: sharedPorts(tools.aws),
    images: sharedImages(tools.images),
    artifacts: {
      findBySha: (project, sha) => searches(project)(sha),
      get: (ref) => artifacts.get(ref),
      recordOutcome: refuse,
    },
    ...(tools.history && { history: { ...tools.history, record: refuse } }),
    commands: { run: refuse },
    assertAccounts: once(() => tools.assertAccounts()),
  };
}

function sharedPorts({ rules, service, targets, taskDefinitions, tasks }: AwsPorts): AwsPorts {
  return {
    rules: { describe: memo((arn) => rules.describe(arn)), setPriorities: refuse },
    targets: { describe: memo((arn) => targets.describe(arn)) },
    service: {
      describe: once(() => service.describe()),
      taskSet: memo((id) => service.taskSet(id)),
      createTaskSet: refuse,
      scaleTaskSet: refuse,
      deleteTaskSet: refuse,
      makePrimary: refuse,
    },
    taskDefinitions: {
      findTagged: (family, tag) => taskDefinitions.findTagged(family, tag),
      register: refuse,
    },
    tasks,
  };
}

/** Two that are called the same are one. */
function sharedImages(images: ImagesPort): ImagesPort {
  const found = new Map<string, ReturnType<ImagesPort['find']>>();
  return {
    find(image) {
      const key = JSON.stringify(image);
      const known = found.get(key) ?? images.find(image);
      found.set(key, known);
      return known;
    },
    someTags: (image) => images.someTags(image),
  };
}

async function refuse(): Promise<never> {
  throw new Error('A look ahead was about to change something.');
}
