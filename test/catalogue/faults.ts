/** A test by the file that it is in, from test/ on, and its title as it stands there. */
type TestRef = readonly [file: string, title: string];

/** One fault of the catalogue, and what proves the reaction to it; or why nothing does. */
type Fault =
  | { readonly about: string; readonly tests: readonly [TestRef, ...TestRef[]] }
  | { readonly about: string; readonly untested: string };

const DEPLOY = 'sandbox/deploy/deploy.test.ts';
const ROLLOUT = 'sandbox/deploy/rollout.test.ts';
const UNFINISHED = 'sandbox/deploy/unfinished.test.ts';
const MEANWHILE = 'sandbox/deploy/meanwhile.test.ts';
const OUTAGES = 'sandbox/deploy/outages.test.ts';
const IMAGES = 'sandbox/deploy/images.test.ts';
const REFUSALS = 'sandbox/deploy/refusals.test.ts';
const PEOPLE = 'sandbox/deploy/third-parties.test.ts';
const GOLDEN = 'sandbox/deploy/golden/golden.test.ts';
const LATE = 'catalogue/late-and-lost.test.ts';
const LOST = 'to %s is no obstacle: what AWS shows counts';
const RESUMED = 'at %s is finished by -resume, with the original kept';
const OUT_OF_REACH = 'AWS out of reach for 45 s from step %d on is ridden out';

/**
 * Everything that goes wrong around a deploy, by number: what AWS, its answers, other people, the
 * tasks and the deployer's own machine can do at the wrong moment.
 */
export const FAULTS: Readonly<Record<number, Fault>> = {
  1: {
    about: 'CreateTaskSet applied, its answer lost',
    tests: [
      [
        DEPLOY,
        'the task set carries an external id, and the token of its creation is in no way random',
      ],
      ['sandbox/aws/service.test.ts', 'whose answer is lost gives one, though the SDK asks twice'],
    ],
  },
  2: {
    about: 'CreateTaskSet applied, the deployer killed',
    tests: [
      [UNFINISHED, RESUMED],
      [GOLDEN, '$name, is finished by -resume'],
    ],
  },
  3: { about: 'SetRulePriorities applied, its answer lost', tests: [[DEPLOY, LOST]] },
  4: {
    // The new set is kept for a resume: nothing is undone by itself (`OnFailure: hold`).
    about: 'SetRulePriorities refused again and again',
    tests: [
      [LATE, 'a swap that AWS goes on refusing ends before traffic moved, and can be resumed'],
      [DEPLOY, '%s that is throttled during the deploy is repeated'],
    ],
  },
  5: {
    about: 'DeleteTaskSet applied, its answer lost',
    tests: [
      [DEPLOY, LOST],
      [
        'sandbox/aws/service.test.ts',
        'works while it has tasks, while it drains, and when it is gone',
      ],
    ],
  },
  6: {
    about: 'RegisterTaskDefinition applied, its answer lost',
    tests: [[OUTAGES, 'a registration whose answer is lost registers no second revision']],
  },
  7: {
    about: 'a new task set is missing from DescribeTaskSets for a while',
    tests: [[LATE, 'reads that lag %d s behind lead to one task set and one swap']],
  },
  8: {
    about: 'a service, a group or a rule is unknown to ECS right after its creation',
    tests: [[LATE, 'a target group that is not attached to the load balancer yet is waited for']],
  },
  9: {
    about: 'STEADY_STATE left over from before a change of scale',
    tests: [[ROLLOUT, 'a steady state that is left over from before a scale-out is not believed']],
  },
  10: {
    about: 'DescribeServices leaves out the newest task set',
    tests: [[LATE, 'reads that lag %d s behind lead to one task set and one swap']],
  },
  11: {
    about: 'the image can’t be pulled',
    tests: [[ROLLOUT, 'an image that does not exist fails the rollout early, with the reason']],
  },
  12: {
    about: 'a crash loop',
    tests: [
      [ROLLOUT, 'a crash loop fails the rollout early, with the exit code'],
      ['e2e/unfinished.test.ts', 'a rollout that fails says why, who serves, and what to type'],
      [
        'unit/deploy/failure-evidence.test.ts',
        'two stops for the same reason convince, and the verdict says why',
      ],
    ],
  },
  13: {
    about: 'out of memory',
    tests: [[ROLLOUT, 'a crash loop fails the rollout early, with the exit code']],
  },
  14: {
    about: 'a start that takes longer than the health check allows',
    tests: [
      [ROLLOUT, 'a version that never gets healthy fails at the deadline, saying what was missing'],
      ['unit/deploy/failure-evidence.test.ts', 'but failed health checks do'],
    ],
  },
  15: {
    about: 'healthy, but wrong on real paths',
    untested: 'not built: verification by requests',
  },
  16: {
    about: 'healthy, then worse after the swap',
    tests: [
      [
        ROLLOUT,
        'a version that sickens during the bake time fails after the swap, and says that it serves',
      ],
    ],
  },
  17: {
    about: 'a task that accepts and never answers',
    tests: [
      [ROLLOUT, 'a version that never gets healthy fails at the deadline, saying what was missing'],
    ],
  },
  18: {
    about: 'a task that ignores SIGTERM',
    tests: [
      [
        'sandbox/aws/tasks.test.ts',
        'a task on its way to the end counts as not stopped, though ECS no longer wants it',
      ],
      [DEPLOY, 'the stale task set has stopped all its tasks before it is deleted'],
    ],
  },
  19: {
    about: 'one of several targets never gets healthy',
    tests: [[ROLLOUT, 'one of several targets that is not healthy keeps traffic where it is']],
  },
  20: {
    about: 'auto scaling changes the desired count',
    tests: [
      [PEOPLE, 'raises the desired count before the swap'],
      [PEOPLE, 'lowers the desired count before the swap'],
      [PEOPLE, 'raises the desired count during the rollout'],
      [PEOPLE, 'raises the desired count during the bake time'],
    ],
  },
  21: {
    about: 'a desired count of 0',
    tests: [
      [REFUSALS, 'a desired count of 0 is refused'],
      [ROLLOUT, 'a service that is scaled to 0 during the rollout never gets the swap'],
      [PEOPLE, 'scales the service to 0 before the swap'],
    ],
  },
  22: {
    about: 'an old task set on the idle colour',
    tests: [
      [DEPLOY, 'the third deploy removes the first one, scaling it down before it is deleted'],
      [PEOPLE, 'makes a stale task set PRIMARY before it is removed'],
    ],
  },
  23: {
    about: 'a task set beside PRIMARY on the serving colour',
    tests: [
      [LATE, 'a task set beside PRIMARY on the serving colour is never touched'],
      [MEANWHILE, 'a stale task set that starts to serve is not removed'],
    ],
  },
  24: {
    about: 'a task set is still DRAINING at the start',
    tests: [
      [LATE, 'a task set that is still draining when the deploy begins is waited for'],
      [GOLDEN, '$name, is finished by -resume'],
    ],
  },
  25: {
    about: 'as many task sets as there may be',
    tests: [[LATE, 'as many task sets as a service can have are no obstacle, if they are stale']],
  },
  26: {
    about: 'a person moves the rules',
    tests: [
      [ROLLOUT, 'rules that a person moved before the swap are left alone'],
      [MEANWHILE, 'rules that a person moved before the swap was sent are no proof of it'],
      [MEANWHILE, 'PRIMARY stays where it is when a person goes back right after the swap'],
      [PEOPLE, 'swaps the rules before the task set is created'],
      [PEOPLE, 'swaps the rules before the swap'],
      [PEOPLE, 'swaps the rules back during the bake time'],
    ],
  },
  27: {
    // After the swap nothing moves by itself; a resume or a start-over restores the old colour first.
    about: 'a person deletes the new task set or a rule',
    tests: [
      [
        MEANWHILE,
        'a task set that somebody deletes during the rollout is noticed long before the deadline',
      ],
      [PEOPLE, 'deletes the new task set before the swap'],
      [PEOPLE, 'and -%s lets the old version serve until the new one can'],
      [PEOPLE, 'deletes the new colour’s rule during the rollout'],
      [PEOPLE, 'deletes the old colour’s rule before the swap'],
    ],
  },
  28: {
    about: 'rules that don’t match: an extra one, weights, conditions',
    tests: [
      [REFUSALS, 'two rules for one colour are refused with both'],
      [REFUSALS, 'rules with different conditions are refused with both conditions'],
      [REFUSALS, 'weighted rules are refused: this tool did not write them'],
      [PEOPLE, 'gives one rule another condition before the swap'],
      [PEOPLE, 'splits traffic by weight before the swap'],
    ],
  },
  29: {
    about: 'PriorityInUse on the swap',
    tests: [
      [LATE, 'a number that somebody else’s rule takes in the last moment stops the swap'],
      ['sandbox/aws/rules.test.ts', 'to one that another rule has is refused, and nothing moves'],
    ],
  },
  30: {
    about: 'two deployers at once',
    tests: [
      [
        REFUSALS,
        'a lock that a live deploy holds is refused with who, since when and at which step',
      ],
      [
        'e2e/unfinished.test.ts',
        'two deploys never act at once: the second is told who is at work',
      ],
      [
        'sim/lock/race.test.ts',
        '%s never both have the right, lose no checkpoint, and leave a lock that can be had',
      ],
    ],
  },
  31: {
    about: 'the lock is lost',
    tests: [
      ['unit/lock/lease-loss.test.ts', 'may begin only while half of the lease is left'],
      [
        'sandbox/deploy/held.test.ts',
        'a live deploy whose lock is broken stops, and changes nothing after that',
      ],
    ],
  },
  32: {
    about: 'DynamoDB down, ECS fine',
    tests: [
      ['unit/lock/lease-loss.test.ts', 'the store is asked for half a lease before it is lost'],
    ],
  },
  33: {
    about: 'the lock’s write applied, its answer lost',
    tests: [
      ['unit/lock/acquire.test.ts', 'knows its own record again when the answer was lost'],
      ['unit/lock/take-over.test.ts', 'is replaced even if the answer to the write was lost'],
    ],
  },
  34: {
    about: 'ArtifactDB can’t be written after the swap',
    tests: [
      [OUTAGES, 'a success that cannot be recorded leaves the new version serving, to be resumed'],
    ],
  },
  35: {
    about: 'a burst of throttling',
    tests: [[OUTAGES, 'throttled reads are ridden out at the start and at every step']],
  },
  36: {
    about: 'ELB’s account limit used up by others',
    tests: [[DEPLOY, '%s that is throttled during the deploy is repeated']],
  },
  37: { about: 'the SDK’s retry tokens used up', tests: [[LATE, OUT_OF_REACH]] },
  38: {
    about: 'credentials expire during the deploy',
    tests: [
      [
        'sandbox/aws/credentials.test.ts',
        'is assumed anew five minutes before its credentials expire',
      ],
    ],
  },
  39: {
    about: 'a permission for a late call is missing',
    tests: [
      [
        LATE,
        'a label that can’t be moved leaves traffic right, and no later deploy deletes what serves',
      ],
    ],
  },
  40: {
    about: 'a clock that is wrong',
    tests: [
      [
        'unit/lock/lease-loss.test.ts',
        'a wall clock that is set back changes nothing, and hides no sleep that follows',
      ],
    ],
  },
  41: {
    about: 'the wrong account',
    tests: [[REFUSALS, 'credentials of another account are refused before anything else is told']],
  },
  42: {
    about: 'an endpoint hangs',
    tests: [
      ['sandbox/aws/mutation-guard.test.ts', 'a change that hangs is cut off after %d ms'],
      ['sandbox/aws/clients.test.ts', 'is given up in time, and made again'],
    ],
  },
  43: {
    about: 'an answer that is cut off, empty or HTML',
    tests: [
      ['sandbox/aws/service.test.ts', 'with the answer %j has an unknown outcome'],
      ['sandbox/aws/errors.test.ts', 'that is cut within the answer, the outcome is unknown'],
    ],
  },
  44: { about: 'nothing reaches AWS for a while', tests: [[LATE, OUT_OF_REACH]] },
  45: {
    about: 'the deployer is interrupted or killed',
    tests: [
      [UNFINISHED, RESUMED],
      [UNFINISHED, 'at %s is replaced by -start-over with another artifact'],
      [GOLDEN, '$name, is finished by -resume'],
      [
        UNFINISHED,
        'an interruption during the rollout yields the lock, and -resume need not wait for the lease',
      ],
      ['e2e/crashes.test.ts', 'users had traffic all the time, and no error'],
    ],
  },
  46: {
    about: 'the deployer sleeps beyond its lease',
    tests: [
      [
        'sim/lock/sleeping-machine.test.ts',
        'ours has lost its right when its machine wakes up, before it has asked anybody',
      ],
      [
        'e2e/lock.test.ts',
        'an owner that was stopped and comes back after its successor changes nothing',
      ],
    ],
  },
  47: {
    about: 'the balancer’s nodes apply the rules at different times',
    tests: [
      [
        'e2e/deploy.test.ts',
        'two versions follow each other under traffic without a failed request',
      ],
    ],
  },
  48: { about: 'sticky clients', untested: 'not concerned: the old task set keeps running' },
  49: {
    about: 'a long deregistration delay',
    tests: [[DEPLOY, 'the stale task set has stopped all its tasks before it is deleted']],
  },
  50: {
    about: 'a long request under way at the swap',
    tests: [
      [
        'sandbox/balancer/swap.test.ts',
        'a swap under load fails no request and ends with the new version only',
      ],
    ],
  },
  51: {
    about: 'UpdateServicePrimaryTaskSet fails after the swap',
    tests: [
      [
        LATE,
        'a label that can’t be moved leaves traffic right, and no later deploy deletes what serves',
      ],
      [UNFINISHED, 'at %s is replaced by -start-over with another artifact'],
    ],
  },
  52: { about: 'alarms', untested: 'not built' },
  53: {
    about: 'a tag moved in ECR',
    tests: [
      [IMAGES, 'after it was looked up changes nothing: tasks are started by the digest'],
      [IMAGES, 'between a crash and the resume changes nothing either, and nobody asks again'],
    ],
  },
  54: { about: 'retagging in ECR', untested: 'not built' },
  55: { about: 'SSM pages', untested: 'not built' },
  56: { about: 'a revision deregistered', untested: 'not concerned: none is deregistered' },
  57: {
    about: 'no capacity',
    tests: [
      [ROLLOUT, 'a version that never gets healthy fails at the deadline, saying what was missing'],
    ],
  },
  58: { about: 'a rollback fails', untested: 'not built' },
  59: { about: 'the old version died during the bake time', untested: 'not built: no rollback' },
  60: {
    about: 'no target of the group is healthy, and requests succeed',
    tests: [
      [ROLLOUT, 'a target that turns unhealthy between the rollout and the swap stops the swap'],
      [PEOPLE, 'empties the new target group before the swap'],
    ],
  },
};
