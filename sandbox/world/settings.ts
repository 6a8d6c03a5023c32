/**
 * Everything about the world that AWS leaves open, or that a test wants otherwise. Durations are in
 * AWS's own seconds; `timeScale` shortens all of them alike when they are used.
 */
export interface Settings {
  /** How long one AWS second takes here, in seconds. 0.1 makes a 30 s health interval 3 s. */
  timeScale: number;
  /** The account of credentials that the sandbox has not issued itself. */
  accountId: string;

  /** How often the service scheduler looks at services and evaluates stability. */
  schedulerTickSeconds: number;
  /** The first task's address in 127.0.0.0/8; the others follow. Two sandboxes need two of them. */
  firstTaskAddress: string;
  /** From a task's creation to the start of its containers (network interface and image pull). */
  taskStartSeconds: number;
  /** From a task's last container exit to STOPPED. */
  taskDeprovisionSeconds: number;
  /** The first delay after a task that failed to start; doubles up to 27 minutes. */
  startThrottleSeconds: number;
  /** For how long an old STEADY_STATE may still be shown after a scale change. */
  staleSteadySeconds: number;
  /** For how long describe calls do not show a new or changed task set (eventual consistency). */
  staleReadSeconds: number;
  /** Whether DeleteTaskSet refuses an ACTIVE set with scale above 0 unless forced. */
  strictDelete: boolean;
  /** What DescribeTaskSets answers for a set that is gone. */
  describeGone: 'failures' | 'empty' | 'exception';
  /** What a used client token with other parameters gives. */
  tokenConflict: 'InvalidParameterException' | 'ConflictException';

  /** The load balancer's nodes apply a rule change after a random time between these two. */
  propagationSeconds: { min: number; max: number };
  /** The order in which DescribeRules lists rules. */
  ruleOrder: 'sorted' | 'shuffled';

  /** Whether calls are limited as AWS's published token buckets do. */
  throttle: boolean;
  /** The code of a throttled ELBv2 call. */
  throttleCode: 'Throttling' | 'ThrottlingException';

  /** Whether DynamoDB honours ReturnValuesOnConditionCheckFailure; not every stand-in for it does. */
  returnConditionFailureItem: boolean;
}

export const DEFAULT_SETTINGS: Settings = {
  timeScale: 0.1,
  accountId: '111111111111',
  schedulerTickSeconds: 10,
  firstTaskAddress: '127.16.0.1',
  taskStartSeconds: 25,
  taskDeprovisionSeconds: 10,
  startThrottleSeconds: 10,
  staleSteadySeconds: 5,
  staleReadSeconds: 0,
  strictDelete: true,
  describeGone: 'failures',
  tokenConflict: 'InvalidParameterException',
  propagationSeconds: { min: 0.2, max: 3 },
  ruleOrder: 'sorted',
  throttle: false,
  throttleCode: 'Throttling',
  returnConditionFailureItem: true,
};
