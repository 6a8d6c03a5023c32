import { Ec2State } from './ec2/state.ts';
import { EcrState } from './ecr/state.ts';
import { EcsState } from './ecs/state.ts';
import { ElbState } from './elb/state.ts';
import { LogsState } from './logs/state.ts';
import { SecretsManagerState } from './secretsmanager/state.ts';
import { SsmState } from './ssm/state.ts';

/** What one account owns in one Region. */
export class Region {
  readonly accountId: string;
  readonly name: string;
  readonly ec2 = new Ec2State();
  readonly ecs = new EcsState();
  readonly elb = new ElbState();
  readonly ecr = new EcrState();
  readonly logs = new LogsState();
  readonly ssm = new SsmState();
  readonly secretsManager = new SecretsManagerState();

  constructor(accountId: string, name: string) {
    this.accountId = accountId;
    this.name = name;
  }

  /** `arn:<partition>:<service>:<region>:<account>:<resource>`; partition by the Region's name. */
  arn(service: string, resource: string): string {
    return `arn:${partitionOf(this.name)}:${service}:${this.name}:${this.accountId}:${resource}`;
  }
}

/** @see Amazon Resource Names (ARNs), AWS General Reference */
export function partitionOf(region: string): string {
  if (region.startsWith('us-gov-')) return 'aws-us-gov';
  if (region.startsWith('cn-')) return 'aws-cn';
  return 'aws';
}
