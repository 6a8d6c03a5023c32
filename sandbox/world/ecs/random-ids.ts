import type { World } from '../world.ts';

/** 32 hexadecimal digits, as tasks have them. */
export function randomHex32(world: World): string {
  return hex8(world) + hex8(world) + hex8(world) + hex8(world);
}

/** A version 4 UUID. */
export function randomUuid(world: World): string {
  return uuidFrom(randomHex32(world));
}

/** The version 4 UUID made of 32 hexadecimal digits; two of its 32 digits are fixed. */
export function uuidFrom(hex: string): string {
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `a${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}

/** `ecs-svc/` and 19 digits, the first of which may be zeros. */
export function randomTaskSetId(world: World): string {
  return `ecs-svc/${digits(world, 9)}${digits(world, 10)}`;
}

function hex8(world: World): string {
  return Math.floor(world.random() * 2 ** 32)
    .toString(16)
    .padStart(8, '0');
}

function digits(world: World, count: number): string {
  return Math.floor(world.random() * 10 ** count)
    .toString()
    .padStart(count, '0');
}
