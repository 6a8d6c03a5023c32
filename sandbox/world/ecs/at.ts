import type { Region } from '../region.ts';
import type { World } from '../world.ts';

/** Where something happens: whatever a timer or a callback needs to go on later. A `Call` is one. */
export interface At {
  readonly world: World;
  readonly region: Region;
}
