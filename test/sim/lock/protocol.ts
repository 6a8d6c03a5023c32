/*
 * The lock's protocol as a machine of few parts: one record, two clients, the requests under way, and a
 * third person who may break the lock. Time passes in ticks, and nobody has to act at any of them: so
 * every pause, every delay, every loss and every order of arrival is among the runs.
 *
 * Versions are numbers in the order of their making, of which the protocol uses nothing but whether two
 * are equal; only the judgement of whether the record goes back uses the order. An owner's name is the
 * version of the claim that brought it.
 */

/** What can be changed to see whether it is needed. */
export interface Protocol {
  /** How long a lease is, in ticks. */
  readonly leaseTicks: number;
  /** What a renewal requires of the version: one of all that may be there, the last confirmed, none. */
  readonly renewRequires: 'candidates' | 'confirmed' | 'owner only';
  /** From when the owner counts its lease. */
  readonly leaseFrom: 'sending' | 'answer';
  /** When the right to change something ends that a yield or a release gives up. */
  readonly rightEndsWith: 'sending' | 'answer';
  readonly takeOverAfterTicks: number;
  readonly takeOverRequires: 'version' | 'held';
  /** From when a holder's silence is counted: from when its record was asked for, or from the answer. */
  readonly silenceFrom: 'request' | 'answer';
  /** Whether a renewal is refused by a record that is marked as released. */
  readonly renewLooksAtMark: boolean;
  readonly releaseChangesVersion: boolean;
  readonly acquireRemovesMark: boolean;
  /**
   * Whether a claim may still arrive when its sender is gone, or its right has ended again. For a
   * sender that was killed it makes no difference: another client may do the same at that time.
   */
  readonly claimsOutliveTheirUse: boolean;
  /** Whether an attempt for a free lock is refused by a record that its own owner has released. */
  readonly acquireKnowsItself: boolean;
  readonly breakAfterTicks: number;
  readonly breakChanges: 'owner and version' | 'version' | 'mark only';
}

/** What `src/lock` does, as long as no attempt to take a free lock outlives its deploy. */
export const OURS: Protocol = {
  leaseTicks: 2,
  renewRequires: 'candidates',
  leaseFrom: 'sending',
  rightEndsWith: 'sending',
  takeOverAfterTicks: 2,
  takeOverRequires: 'version',
  silenceFrom: 'answer',
  renewLooksAtMark: true,
  releaseChangesVersion: true,
  acquireRemovesMark: true,
  claimsOutliveTheirUse: false,
  acquireKnowsItself: true,
  breakAfterTicks: 2,
  breakChanges: 'owner and version',
};

/** What must never be. */
export type Violation =
  | 'two clients may both change something'
  | 'a late write is made after the end of its owner'
  | 'the record goes back'
  | 'a write counts as confirmed that was never made'
  | 'an owner believes to have lost what it has';

export interface Item {
  /** 0 when there never was one. */
  readonly owner: number;
  readonly version: number;
  readonly isReleased: boolean;
  /** The person has marked it as released. */
  readonly isBroken: boolean;
  readonly isYielded: boolean;
  /**
   * Ticks since the last write, up to a lease. Whoever waits for silence knows at the most as much: it
   * has looked at once after the write, and starts again when it sees another one.
   */
  readonly age: number;
}

/** A version that may be the record's. */
export interface Candidate {
  readonly version: number;
  /** Ticks since it was sent, up to a lease. */
  readonly age: number;
  /** Sent to yield or to release. */
  readonly isEnd: boolean;
}

export interface Client {
  readonly mode: 'idle' | 'asking' | 'claiming' | 'holding' | 'yielding' | 'releasing';
  /** The owner's name that it uses; 0 when it has none. */
  readonly me: number;
  /** Ticks since its lease began or since it has asked, up to a lease. */
  readonly age: number;
  /** The one confirmed last is the first. */
  readonly candidates: readonly Candidate[];
}

/** What the store has said about a write. */
export interface Answer {
  readonly isWritten: boolean;
  readonly isOwn: boolean;
  readonly isReleased: boolean;
  readonly isBroken: boolean;
  readonly version: number;
}

/** A request on its way, or its answer on the way back. */
export interface Write {
  readonly client: 0 | 1;
  readonly owner: number;
  readonly kind: 'acquire' | 'take over' | 'renew' | 'yield' | 'release';
  readonly version: number;
  /** It requires one of these versions, of this owner. */
  readonly requires: readonly number[];
  readonly requiresOwner: number;
  /** Whether its sender still waits for the answer. */
  readonly isAwaited: boolean;
  /** The right that it serves has ended in the record. */
  readonly isLate: boolean;
  readonly answer: Answer | undefined;
}

export interface State {
  readonly item: Item;
  readonly clients: readonly [Client, Client];
  readonly writes: readonly Write[];
  /** The next version to be made. */
  readonly next: number;
}

/** One thing that may happen. */
export interface Step {
  readonly label: string;
  readonly state: State;
  readonly violation?: Violation | undefined;
}

export const IDLE: Client = { mode: 'idle', me: 0, age: 0, candidates: [] };

export const START: State = {
  item: { owner: 0, version: 0, isReleased: false, isBroken: false, isYielded: false, age: 0 },
  clients: [IDLE, IDLE],
  writes: [],
  next: 1,
};

export const NAMES = ['A', 'B'] as const;

/** Whether a client would change something now. */
export function mayChange({ mode, age }: Client, protocol: Protocol): boolean {
  const isEnding = mode === 'yielding' || mode === 'releasing';
  const isOpen = mode === 'holding' || (isEnding && protocol.rightEndsWith === 'answer');
  return isOpen && age < protocol.leaseTicks;
}

export function isHeld(item: Item): boolean {
  return item.owner !== 0 && !item.isReleased;
}

export function withClient(
  { item, clients, writes, next }: State,
  index: 0 | 1,
  client: Client,
): State {
  return { item, clients: index === 0 ? [client, clients[1]] : [clients[0], client], writes, next };
}

/** An answer that nobody waits for is of no more use; a request still is. */
export function unawaited(writes: readonly Write[], owner: number): readonly Write[] {
  if (!writes.some((write) => write.owner === owner && write.isAwaited)) return writes;
  const left: Write[] = [];
  for (const write of writes) {
    if (write.owner !== owner || !write.isAwaited) left.push(write);
    else if (!write.answer) left.push({ ...write, isAwaited: false });
  }
  return left;
}

/** Ends a client's run, however it ends; what it has sent goes its way. */
export function gone(state: State, protocol: Protocol, index: 0 | 1): State {
  const { me } = state.clients[index];
  const isClaim = ({ kind }: Write) => kind === 'acquire' || kind === 'take over';
  const left = unawaited(state.writes, me).flatMap((write) => {
    if (write.owner !== me || !isClaim(write)) return [write];
    return protocol.claimsOutliveTheirUse ? [write] : [];
  });
  return withClient({ ...state, writes: left }, index, IDLE);
}

export function late(write: Write): Write {
  return write.isLate ? write : { ...write, isLate: true };
}
