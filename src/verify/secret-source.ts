import type { SecretUse } from './containers.ts';

/** What ECS reads a container's secret from. */
export type SecretSource =
  | { readonly kind: 'parameter'; readonly region: string }
  | {
      readonly kind: 'secret';
      readonly region: string;
      /** A name or an ARN, without what follows it in `valueFrom`. */
      readonly id: string;
      readonly jsonKey?: string;
      readonly versionStage?: string;
      readonly versionId?: string;
    }
  /** An ARN of something else. */
  | { readonly kind: 'neither' };

const ARN = /^arn:[^:]*:([^:]*):([^:]*):([^:]*):(.*)$/;

/**
 * Reads `valueFrom`: a parameter's name or ARN, or the ARN of a secret with
 * `:json-key:version-stage:version-id` behind it, each of which may be empty.
 * @param region Where names are looked up: the task's own Region.
 * @see Secret, Amazon ECS API Reference
 * @see Pass Secrets Manager secrets through environment variables, Amazon ECS Developer Guide
 */
export function sourceOf({ valueFrom, nameMeans }: SecretUse, region: string): SecretSource {
  const [whole, service, arnRegion = region] = ARN.exec(valueFrom) ?? [];
  if (whole === undefined) {
    return nameMeans === 'parameter'
      ? { kind: 'parameter', region }
      : { kind: 'secret', region, id: valueFrom };
  }
  if (service === 'ssm') return { kind: 'parameter', region: arnRegion };
  if (service !== 'secretsmanager') return { kind: 'neither' };
  const parts = valueFrom.split(':');
  const [jsonKey, versionStage, versionId] = parts.slice(7);
  return {
    kind: 'secret',
    region: arnRegion,
    id: parts.slice(0, 7).join(':'),
    ...(jsonKey ? { jsonKey } : {}),
    ...(versionStage ? { versionStage } : {}),
    ...(versionId ? { versionId } : {}),
  };
}
