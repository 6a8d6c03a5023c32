import type { Scale } from '@aws-sdk/client-ecs';
import { invalidParameter } from './errors.ts';

/** A scale's percentage, 0 to 100. @see Scale, Amazon ECS API Reference */
export function scalePercentOf({ value, unit = 'PERCENT' }: Scale): number {
  if (unit !== 'PERCENT') throw invalidParameter('Scale unit must be PERCENT.');
  if (value === undefined || !(value >= 0 && value <= 100)) {
    throw invalidParameter('Scale value must be between 0.0 and 100.0.');
  }
  return value;
}
