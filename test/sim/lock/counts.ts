/** What is counted, to be sure that it happened. */
const COUNTED = [
  'acquired',
  'takenOver',
  'takenFromTheOldTool',
  'takenByTheOldTool',
  'confirmed',
  'mutations',
  'released',
  'yielded',
  'broken',
  'lostByTaking',
  'lostByExpiry',
  'answersLost',
  'late',
  'pauses',
  'cuts',
  'sleeps',
  'crashes',
  'interrupted',
  'strayClaims',
  'undoneByPut',
] as const;

/** How often something happened, by what it was. */
export type Counts = Record<(typeof COUNTED)[number], number>;

export function noCounts(): Counts {
  return Object.fromEntries(COUNTED.map((name) => [name, 0])) as Counts;
}
