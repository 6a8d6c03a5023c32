/** Why it went wrong, the plan that shows it, and the seed. */
export type Regression = readonly [why: string, plan: string, seed: number];

/** Plans that once violated an invariant. */
export const REGRESSIONS: readonly Regression[] = [
  [
    'the last read was throttled, and a deploy that had succeeded ended as a bug',
    'v1x2: deploy v2 elb.DescribeRules#7:f',
    1,
  ],
  [
    'the answer to the last read was lost, and a deploy that had succeeded ended as a bug',
    'v1x2: deploy v2 ecs.DescribeServices#12:d',
    1,
  ],
  [
    'a swap by hand before the task set existed was taken for the deploy’s own',
    'v1-v0x2: deploy v2 ecs.DescribeServices#3:!swap > resume > start-over v4',
    1,
  ],
  [
    'a swap by hand at the very end of the first deploy left nothing that serves',
    'emptyx2: deploy v2 ecs.DescribeServices#10:!swap > resume > start-over v4',
    1,
  ],
  [
    'a start-over did not see the task set that the replaced deploy had just created',
    'v1x1?5000: deploy v2 ecs.ListTasks#2:!SIGINT > start-over v4',
    1,
  ],
  [
    'a command was started after a pause, on a lease that had run out',
    'v1x2~20: deploy v2 cmd.schedule#1:g12000 > start-over v2',
    1,
  ],
  [
    'a start-over after a swap by hand found nothing that serves, and PRIMARY on the idle colour',
    'v1x1: deploy v2 db.readPage#1:!swap > start-over v4',
    1,
  ],
  [
    'a start-over on a free lock had moved PRIMARY, was stopped, and said that nothing was changed',
    'v1-v0x2: start-over v2 lock.read#1:!swap;ecs.DescribeServices#4:!SIGINT > start-over v4',
    1,
  ],
  [
    'success was recorded after an outage of ArtifactDB, of a version that served no more',
    'v1x1: deploy v2 db.setTag#1:F;clock#10:!swap',
    1,
  ],
  [
    'a deploy that had succeeded named its version as serving, and traffic went to nothing',
    'emptyx2: deploy v2 elb.DescribeRules#10:!swap',
    1,
  ],
  [
    'a task set that was deleted before its id was recorded was waited for, as its token is remembered',
    'v1x1: deploy v2 ecs.CreateTaskSet#1:b > deploy v2 lock.read#1:!delete-idle > resume',
    1,
  ],
];
