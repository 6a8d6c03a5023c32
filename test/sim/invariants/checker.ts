import type { Facts } from '../engine/facts.ts';
import type { DeployerProcess, OutgoingCall } from '../engine/process.ts';

/** One change on its way from a process to the world. */
export interface Effect {
  readonly process: DeployerProcess;
  readonly site: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** When it was sent; it takes effect later only if it was late. */
  readonly sentMs: number;
  /** The deploy on whose behalf the sender holds the lock; empty before it has it. */
  readonly deployId: string;
}

/**
 * Looks at the world, at the right moments, for what must never be there. A checker keeps no model of
 * what the deployer ought to do next: it only knows what must hold.
 */
export interface Checker {
  /** Right after a process has sent a change. */
  sent?(effect: Effect): void;
  /** Right before a change takes effect. */
  before?(effect: Effect): void;
  /** Right after it has, or was refused. */
  after?(effect: Effect, failed: unknown): void;
  /** When its sender hears that it has. */
  answered?(effect: Effect): void;
  /** After anything has changed in ECS or ELB. */
  state?(): void;
  started?(process: DeployerProcess): void;
  /** When a process has returned or thrown; not when it has crashed. */
  ended?(process: DeployerProcess): void;
  /** When the last stage is over. */
  finished?(): void;
}

/** What checkers are made of. */
export interface CheckerTools {
  readonly facts: Facts;
  /** Ends the run: this invariant does not hold. */
  readonly fail: (invariant: number, text: string) => void;
}

export function isAwsChange({ site }: Pick<OutgoingCall, 'site'>): boolean {
  return site.startsWith('ecs.') || site.startsWith('elb.');
}
