import { editDistance } from '../edit-distance.ts';

/**
 * The one of `names` that `wrong` was most likely meant to be, or undefined when none is near.
 * Near means: equal but for case, or at most one typing slip (a letter too many, too few, wrong, or
 * two swapped) in a name of 3 to 5 letters, two in a longer one.
 */
export function suggest(wrong: string, names: Iterable<string>): string | undefined {
  let best: { name: string; distance: number } | undefined;
  for (const name of names) {
    const limit = slipsAllowed(Math.min(wrong.length, name.length));
    // Most names differ too much in length to be worth comparing.
    if (Math.abs(name.length - wrong.length) > limit) continue;
    const distance = editDistance(wrong.toLowerCase(), name.toLowerCase());
    if (distance <= limit && (best === undefined || distance < best.distance)) {
      best = { name, distance };
    }
  }
  return best?.name;
}

function slipsAllowed(length: number): number {
  if (length < 3) return 0;
  return length <= 5 ? 1 : 2;
}
