import type { Bug } from '../bug.ts';
import { sandbox, slice } from './caught-by.ts';

const PREFLIGHT = 'src/deploy/preflight.ts';
const IMAGES = 'src/deploy/images.ts';
const WITHDRAWN = 'a record that is withdrawn while the lock is being taken';
const MOVED = 'a tag that moves';

export const GATE_BUGS: readonly Bug[] = [
  {
    id: 'gate-asked-once',
    defect:
      'the gate is not asked again under the lock, and what was withdrawn meanwhile is deployed',
    file: 'src/deploy/deploy.ts',
    find: '  const admitted = passGateUnderLock(context, request, tools);\n',
    replace: '  const admitted = Promise.resolve(void passGateUnderLock);\n',
    caughtBy: sandbox('gates', `${WITHDRAWN} refuses the deploy, and the lock is free as it was`),
  },
  {
    id: 'gate-not-waited-for',
    defect: 'the first change does not wait for the answer of the gate',
    file: 'src/deploy/run-steps.ts',
    find: '  if (step.changes.length > 0) await context.admitted;\n',
    replace: '',
    caughtBy: sandbox('gates', `${WITHDRAWN} refuses it before any command has run`),
  },
  {
    id: 'refusal-keeps-the-trail',
    defect:
      'a start-over that is refused leaves its own checkpoint for the deploy that was cut off',
    file: 'src/deploy/ending.ts',
    find: '      await lease.yieldLock(found.data);\n',
    replace: '      await checkpoint.yieldLock(error.message);\n',
    caughtBy: sandbox(
      'gates',
      `${WITHDRAWN} refuses a start-over, and the deploy that was cut off can be resumed as before`,
    ),
  },
  {
    id: 'gate-after-the-swap',
    defect:
      'a deploy whose version serves already can not be finished, for its gate is closed by now',
    file: PREFLIGHT,
    find: ' || swapHasBegun(checkpoint)) return recorded;',
    replace: ' || (swapHasBegun(checkpoint) && recorded)) return recorded;',
    caughtBy: sandbox(
      'gates',
      'a resume asks the gate again not after the swap: what serves already is finished',
    ),
  },
  {
    id: 'override-forgotten',
    defect: 'an override is not recorded in the checkpoint, and a resume is refused',
    file: 'src/deploy/checkpoint.ts',
    find: 'Override: own.gateOverride,',
    replace: 'Override: undefined,',
    caughtBy: sandbox('gates', 'a person overrides the gate once: whoever resumes need not'),
  },
  {
    id: 'content-alone',
    defect: "the record of a success has the content's name only, which the original does not know",
    file: 'src/deploy/steps/record-success.ts',
    find: '[configSha, contentIdentity] : [configSha];',
    replace: '[contentIdentity] : [configSha];',
    caughtBy: slice('crashes, then deploy'),
  },
  {
    id: 'tag-not-pinned',
    defect: 'the task definition names the image by its tag, and tasks of one deploy differ (53)',
    file: IMAGES,
    find: '  if (pinDigest === false) return plan;\n',
    replace: '  if (pinDigest !== true) return plan;\n',
    caughtBy: sandbox(
      'images',
      `${MOVED} after it was looked up changes nothing: tasks are started by the digest`,
    ),
  },
  {
    id: 'digest-resolved-anew',
    defect: 'a resume looks the digest up again, and finishes the deploy with another image',
    file: PREFLIGHT,
    find: '  const { imageDigests = {} } = checkpoint.own ?? {};\n',
    replace: '  const imageDigests = {};\n',
    caughtBy: sandbox(
      'images',
      `${MOVED} between a crash and the resume changes nothing either, and nobody asks again`,
    ),
  },
  {
    id: 'history-fails-the-deploy',
    defect: 'a deploy that has succeeded fails because it could not be written into the history',
    file: 'src/deploy/history/record-deploy.ts',
    find: '      const why = error instanceof Error ? error.message : String(error);\n',
    replace: '      const why = String(error);\n      if (why) throw error;\n',
    caughtBy: sandbox(
      'history',
      'a deploy that succeeds has succeeded when the history refuses, which is said before the end',
    ),
  },
];
