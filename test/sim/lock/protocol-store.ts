import {
  type Answer,
  gone,
  isHeld,
  type Item,
  late,
  NAMES,
  type Protocol,
  type State,
  type Step,
  withClient,
  type Write,
} from './protocol.ts';

/** A request arrives, or an answer. */
export function networkSteps(state: State, protocol: Protocol): Step[] {
  return state.writes.map((write) => {
    const what = `the ${write.kind} of ${NAMES[write.client]}`;
    const { item, clients, next } = state;
    const others = state.writes.filter((other) => other !== write);
    const without = { item, clients, writes: others, next };
    if (!write.answer) return arrives(without, protocol, write, what);
    return answered(without, protocol, write, write.answer, what);
  });
}

/** The third person sees at the earliest what was just written, and waits from then on. */
export function mayBreak({ item }: State, { breakAfterTicks }: Protocol): boolean {
  return isHeld(item) && (item.isYielded || item.age >= breakAfterTicks);
}

export function breakLock(state: State, { breakChanges }: Protocol): Step {
  const { owner, version } = state.item;
  const item: Item = {
    owner: breakChanges === 'owner and version' ? state.next : owner,
    version: breakChanges === 'mark only' ? version : state.next,
    isReleased: true,
    isBroken: breakChanges !== 'owner and version', // Else nobody takes the mark for its own.
    isYielded: true,
    age: 0,
  };
  const writes = state.writes.map((write) => (write.owner === owner ? late(write) : write));
  const { clients, next } = state;
  return { label: 'a person breaks the lock', state: { item, clients, writes, next: next + 1 } };
}

function arrives(state: State, protocol: Protocol, write: Write, what: string): Step {
  const { item } = state;
  const isWritten = holds(item, write, protocol);
  const after = isWritten ? made(state, protocol, write) : state;
  const answer: Answer = {
    isWritten,
    isOwn: item.owner === write.owner,
    isReleased: item.isReleased,
    isBroken: item.isBroken,
    version: item.version,
  };
  const writes = write.isAwaited ? [...after.writes, { ...write, answer }] : after.writes;
  const label = `${what} arrives${isWritten ? '' : ' and is refused'}`;
  const step = { label, state: { ...after, writes } };
  if (!isWritten) return step;
  if (write.isLate)
    return { ...step, violation: 'a late write is made after the end of its owner' };
  const goesBack = item.owner === write.owner && item.version > write.version;
  return goesBack ? { ...step, violation: 'the record goes back' } : step;
}

function holds(item: Item, write: Write, protocol: Protocol): boolean {
  if (write.kind === 'acquire') {
    const isOwn = protocol.acquireKnowsItself && item.owner === write.owner;
    return !isOwn && (item.owner === 0 || item.isReleased);
  }
  const isRight = item.owner === write.requiresOwner && write.requires.includes(item.version);
  if (write.kind === 'take over') {
    return isHeld(item) && (isRight || protocol.takeOverRequires === 'held');
  }
  if (item.isReleased && protocol.renewLooksAtMark) return false;
  const isOwners = item.owner === write.requiresOwner;
  return isRight || (isOwners && protocol.renewRequires === 'owner only');
}

function made(state: State, protocol: Protocol, write: Write): State {
  const { item, clients, next } = state;
  const { kind, owner } = write;
  const isClaim = kind === 'acquire' || kind === 'take over';
  const keepsMark = !isClaim || !protocol.acquireRemovesMark;
  const keepsVersion = kind === 'release' && !protocol.releaseChangesVersion;
  const isEnd = kind === 'yield' || kind === 'release';
  const after: Item = {
    owner,
    version: keepsVersion ? item.version : write.version,
    isReleased: kind === 'release' || (keepsMark && item.isReleased),
    isBroken: keepsMark && item.isBroken,
    isYielded: isEnd,
    age: 0,
  };
  const writes = state.writes.map((other) => {
    const isReplaced = other.owner === item.owner && item.owner !== owner;
    // What ends a right may be repeated until somebody else comes.
    const isEnded = isEnd && other.owner === owner && other.kind !== kind;
    return isReplaced || isEnded ? late(other) : other;
  });
  return { item: after, clients, writes, next };
}

function answered(
  state: State,
  protocol: Protocol,
  write: Write,
  answer: Answer,
  what: string,
): Step {
  const index = write.client;
  const client = state.clients[index];
  const { mode, me, age, candidates } = client;
  const isClaim = mode === 'claiming';
  const isEnding = mode === 'yielding' || mode === 'releasing';
  const label = `${what} is answered${answer.isWritten ? '' : ': refused'}`;
  const over = { label, state: gone(state, protocol, index) };
  const version = answer.isWritten ? write.version : answer.version;
  const isForgetful = protocol.renewRequires === 'confirmed' && !answer.isWritten;
  const remembered = isForgetful ? candidates.slice(0, 1) : candidates;
  const known = remembered.find((one) => one.version === version);
  /** The lease is confirmed, and counts from so many ticks ago. */
  const confirmed = (sentTicks: number, left: typeof candidates) => {
    if (isEnding) return over;
    const leaseAge = protocol.leaseFrom === 'answer' ? 0 : sentTicks;
    const holder = { mode: 'holding', me, age: leaseAge, candidates: left } as const;
    return { label, state: withClient(state, index, holder) };
  };
  if (isClaim) {
    const isOurs = answer.isWritten || answer.isOwn;
    return isOurs ? confirmed(age, [{ version, age, isEnd: false }]) : over;
  }
  if (answer.isWritten) return confirmed(known?.age ?? protocol.leaseTicks, known ? [known] : []);
  if (!answer.isOwn || (answer.isReleased && mode !== 'releasing')) return over;
  if (known && (!isEnding || known.isEnd)) return confirmed(known.age, candidates);
  if (answer.isReleased && !answer.isBroken) return over; // It has released before.
  if (answer.isReleased) {
    return { ...over, violation: 'a write counts as confirmed that was never made' };
  }
  if (!known) return { ...over, violation: 'an owner believes to have lost what it has' };
  return { label, state }; // An earlier one has arrived only now: this is to be sent again.
}
