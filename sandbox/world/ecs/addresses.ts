import type { World } from '../world.ts';

const LAST = (127 << 24) | 0xff_ff_fe;

const nextAddress = new WeakMap<World, number>();

/**
 * A loopback address that no task of this world has had: the first one of the settings and up, and
 * from there again at the end of 127.0.0.0/8. Two Regions share one machine, so their tasks must not share addresses.
 */
export function allocateAddress(world: World): string {
  const first = numberOf(world.settings.firstTaskAddress);
  const address = nextAddress.get(world) ?? first;
  nextAddress.set(world, address < LAST ? address + 1 : first);
  return [24, 16, 8, 0].map((shift) => (address >>> shift) & 0xff).join('.');
}

function numberOf(address: string): number {
  return address.split('.').reduce((number, part) => number * 256 + Number(part), 0);
}
