import type { Bug } from '../bug.ts';
import { directed, sandbox, slice } from './caught-by.ts';

const STEP_6 = 'src/deploy/steps/create-task-set.ts';
const UNFINISHED = 'src/deploy/unfinished.ts';
const LINEAGE = 'src/deploy/lineage.ts';

/** What a test says that wants a deploy to fail, when it has not. */
const SUCCEEDED = /received value must be a non-null object/;

export const RESUME_BUGS: readonly Bug[] = [
  {
    id: 'artifact-looked-up-again',
    defect: 'a resume deploys the newest build of the commit instead of the recorded one (D5)',
    file: 'src/deploy/preflight.ts',
    find: 'planFor(request, checkpoint.artifact, tools);',
    replace:
      "planFor(request, await findArtifact({ ...request, sha: checkpoint.artifact.tags?.['SHA'] ?? '' }, tools), tools);",
    caughtBy: directed(
      'a resume deploys the recorded build, though a newer one is of the same commit',
    ),
  },
  {
    id: 'skipping-forgotten',
    defect: 'a resume runs the commands of a deploy that was begun without them (D6)',
    file: 'src/deploy/take-up/resume.ts',
    find: 'if (rerunCommands || skipCommands || !own?.commandsSkipped) return skipCommands;',
    replace: 'if (rerunCommands || skipCommands || own) return skipCommands;',
    caughtBy: sandbox('unfinished', 'a deploy that was begun with -skip-pre-post is resumed so'),
  },
  {
    id: 'color-read-again',
    defect:
      'a resume reads the active colour again: after the swap it deploys over the original (D7)',
    file: 'src/deploy/steps/read-active-color.ts',
    find: "    return newActiveColor !== '' && own.priorities ? 'it is recorded' : undefined;",
    replace:
      "    return newActiveColor !== '' && own.priorities && own.attempt > 9 ? '' : undefined;",
    caughtBy: slice('crashes, then resume'),
  },
  {
    id: 'not-adopted',
    defect: 'a resume does not recognise the task set whose creation it did not hear of',
    file: STEP_6,
    find: '(set.externalId === externalId || set.id === newTaskSetId),',
    replace: "(externalId === '' || set.id === newTaskSetId),",
    // With the token it would only be asked for once more.
    also: [
      { file: 'src/aws/service.ts', find: '    clientToken: spec.clientToken,\n', replace: '' },
    ],
    caughtBy: slice('crashes, then resume'),
  },
  {
    id: 'no-client-token',
    defect: 'a creation that is repeated because its answer was lost gives a second task set',
    file: 'src/aws/service.ts',
    find: '    clientToken: spec.clientToken,\n',
    replace: '',
    caughtBy: slice('lost answers'),
  },
  {
    id: 'token-of-the-attempt-before',
    defect:
      'another attempt has the client token of the one before, which ECS answers with what is gone',
    file: LINEAGE,
    find: '.update(externalIdOf(lineage))',
    replace: '.update(lineage.deployId)',
    caughtBy: sandbox(
      'meanwhile',
      'when somebody deletes the new task set right after the swap, so that nothing serves -resume first sends traffic back to the version before, then finishes',
    ),
  },
  {
    id: 'attempt-not-counted',
    defect: 'a task set that is created anew is taken for the one that is gone',
    file: UNFINISHED,
    find: 'own: { attempt: current.own.attempt + 1 }',
    replace: 'own: { attempt: current.own.attempt }',
    also: [
      // Which would notice what its token brings back.
      {
        file: STEP_6,
        find: '  if (!context.isResumed) return id;\n',
        replace: '  if (id !== undefined) return id;\n',
      },
    ],
    caughtBy: sandbox(
      'meanwhile',
      'when somebody deletes the new task set right after the swap, so that nothing serves -resume first sends traffic back to the version before, then finishes',
    ),
  },
  {
    id: 'taken-for-gone',
    defect: 'a resume takes a task set that does not show yet for one that is gone',
    file: UNFINISHED,
    find: 'const late = await awaitShown(context, newTaskSetId);',
    replace: 'const late = awaitShown.length > 9 ? facts.newTaskSet : undefined;',
    caughtBy: slice('signals and stale reads, then resume'),
  },
  {
    id: 'lineage-of-its-own',
    defect: 'a resume begins a lineage of its own, and does not know what it has created',
    file: UNFINISHED,
    find: 'commandsSkipped, contentIdentity },',
    replace: 'commandsSkipped, contentIdentity, deployId: newDeployId(randomBytes) },',
    caughtBy: slice('crashes, then resume'),
  },
  {
    id: 'done-is-resumed',
    defect: 'a deploy that has succeeded is resumed',
    file: 'src/deploy/resumable.ts',
    find: '  if (done) {',
    replace: '  if (done && !done) {',
    caughtBy: {
      file: 'test/sandbox/deploy/golden/golden.test.ts',
      test: 'a deploy of the original tool go/deploy.jsonl:14 at step 13, the success recorded, is over',
      by: SUCCEEDED,
    },
  },
  {
    id: 'other-config-is-resumed',
    defect: 'a deploy is resumed with another configuration than it was begun with',
    file: 'src/deploy/resumable.ts',
    find: '  if (configSha !== request.configSha) {',
    replace: '  if (configSha === undefined) {',
    caughtBy: directed('a resume with another configuration or of another commit is refused'),
  },
  {
    id: 'other-commit-is-resumed',
    defect: 'a deploy is resumed for somebody who asks for another commit',
    file: 'src/deploy/resumable.ts',
    find: '    sha !== undefined &&\n',
    replace: '    sha === recordedSha &&\n',
    caughtBy: directed('a resume with another configuration or of another commit is refused'),
  },
  {
    id: 'resumes-whatever-is-there',
    defect: 'a resume that had to wait goes on with the deploy of somebody else',
    file: 'src/deploy/take-up/resume.ts',
    find: '      assertSameDeploy(request, recorded, decodeCheckpoint(holder.data));\n',
    replace: '      void [assertSameDeploy, recorded];\n',
    caughtBy: sandbox(
      'unfinished',
      'a resume that waits does not take over a deploy of another artifact',
    ),
  },
  {
    id: 'token-of-the-dead',
    defect: 'a task set that was deleted is taken for created, as ECS remembers its token',
    file: STEP_6,
    find: "return shown && shown.status !== 'DRAINING' ? id : undefined;",
    replace: 'return shown ? id : id;',
    caughtBy: slice('a task set deleted by hand before its id was recorded'),
  },
];
